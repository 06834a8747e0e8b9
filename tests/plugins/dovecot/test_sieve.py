"""Sieve scripts for everybody: around those of users, and when mail is moved."""

from typing import Any

import pytest

from mailconf.engine.merge import overlay
from mailconf.model.artifact import Prepare
from tests.plugins.dovecot.reading import BOTH, CONF, NEW, OLD, conf
from tests.plugins.rendering import FLEET, Site, on_target, options, rendered

ACCOUNTS = {"dovecot.conf", "users", "aliases", "passwords"}


def on(target: str, **dovecot: Any) -> Site:
    return rendered(overlay(options("dovecot", **dovecot), on_target(target)))


@BOTH
def test_scripts_of_the_site_run_around_those_of_users(target: str) -> None:
    site = on(target, sieve_before="keep;", sieve_after="stop;\n")
    scripts = {
        "sieve/before.d/50-site.sieve": "keep;",
        "sieve/after.d/50-site.sieve": "stop;",
    }
    for name, last in scripts.items():
        file = site.file(f"etc/dovecot/{name}")
        assert file.text.endswith(f"\n{last}\n")
        assert file.order.needs == (Prepare(("sievec", f"/etc/dovecot/{name}")),)


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        pytest.param({}, (None, None), id="none"),
        pytest.param({"sieve_before": "keep;"}, ("before.d", None), id="before"),
        pytest.param({"sieve_after": "keep;"}, (None, "after.d"), id="after"),
    ],
)
def test_dovecot_is_told_of_scripts_that_are_there(
    given: dict[str, str], paths: tuple[str | None, str | None]
) -> None:
    wanted = [f"/etc/dovecot/sieve/{path}" if path else None for path in paths]
    old, new = conf(on(OLD, **given)).plugin(), conf(on(NEW, **given))
    assert [old.get("sieve_before"), old.get("sieve_after")] == wanted
    told = {b.settings["type"]: b.settings["path"] for b in new.all("sieve_script")}
    assert [told.get("before"), told.get("after")] == wanted


@BOTH
def test_moves_to_junk_teach_the_rspamd_of_this_machine(target: str) -> None:
    site = rendered(overlay(options("dkim", signer="rspamd"), on_target(target)))
    learn = site.file("etc/dovecot/sieve/bin/learn")
    assert learn.order.mode == 0o755
    assert '/usr/bin/rspamc -h 127.0.0.1:11334 "learn_$1"' in learn.text
    assert 'pipe :copy "learn" ["spam"];' in site.text("etc/dovecot/sieve/learn-spam.sieve")
    assert 'pipe :copy "learn" ["ham"];' in site.text("etc/dovecot/sieve/learn-ham.sieve")
    assert 'fileinto "Junk";' in site.text("etc/dovecot/sieve/before.d/10-spam.sieve")


def test_both_dialects_learn_from_the_same_moves() -> None:
    asked = options("dkim", signer="rspamd")
    old = conf(rendered(overlay(asked, on_target(OLD)))).plugin()
    new = conf(rendered(overlay(asked, on_target(NEW))))
    spam, ham = "/etc/dovecot/sieve/learn-spam.sieve", "/etc/dovecot/sieve/learn-ham.sieve"
    assert (old["imapsieve_mailbox1_name"], old["imapsieve_mailbox1_before"]) == (
        "Junk",
        f"file:{spam}",
    )
    assert (old["imapsieve_mailbox2_from"], old["imapsieve_mailbox2_before"]) == (
        "Junk",
        f"file:{ham}",
    )
    junk = new.one("namespace inbox").one("mailbox Junk")
    assert junk.one("sieve_script").settings["path"] == spam
    assert new.one("imapsieve_from Junk").one("sieve_script").settings["path"] == ham
    assert old["sieve_pipe_bin_dir"] == new.settings["sieve_pipe_bin_dir"]


@BOTH
def test_without_rspamd_nothing_is_learned(target: str) -> None:
    site = on(target)
    assert site.files("etc/dovecot") == ACCOUNTS
    assert "imapsieve" not in site.text(CONF)


def test_another_machines_rspamd_does_not_learn() -> None:
    site = rendered(options("dkim", signer="rspamd"), FLEET)
    assert site.files("etc/dovecot", "st1") == {*ACCOUNTS, "sieve/before.d/10-spam.sieve"}
