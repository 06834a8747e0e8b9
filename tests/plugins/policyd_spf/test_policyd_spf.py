"""policyd-spf: asked on port 25 where nobody else judges SPF."""

from typing import Any

import pytest

from mailconf.model.artifact import Package
from mailconf.model.requests.accounts import SpfFieldAdded
from mailconf.model.requests.mail import JudgeMail
from mailconf.model.requests.mta import MasterCfEntry, PolicyService
from mailconf.plugins.policyd_spf import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded
from tests.plugins.rendering import FLEET, Site, options, rendered

PATH = "etc/postfix-policyd-spf-python/policyd-spf.conf"
ASKED = (JudgeMail(host="mail"),)


def conf(site: Site, host: str = "mail") -> dict[str, str]:
    lines = site.text(PATH, host).splitlines()
    pairs = (line.split(" = ", 1) for line in lines if line and not line.startswith("#"))
    return {name: value for name, value in pairs}


def test_unasked_it_does_nothing() -> None:
    seen = view(plugin, spec_of())
    assert yielded(plugin.requests, seen) == yielded(plugin.files, seen) == []


def test_postfix_runs_it_and_asks_it_on_port_25_alone() -> None:
    found = yielded(plugin.requests, view(plugin, spec_of(), requests=ASKED))
    assert [type(one) for one in found] == [PolicyService, MasterCfEntry, SpfFieldAdded]
    assert found[0].stage == "mx-recipient"


def test_a_forger_learns_nothing_about_quotas() -> None:
    main = rendered().main()
    checks = [w for w in main["smtpd_recipient_restrictions"].split(", ") if w.startswith("check")]
    assert checks == [
        "check_policy_service unix:private/policyd-spf",
        "check_recipient_access texthash:/etc/postfix/quota_asked",
    ]


def test_postfix_starts_the_program_as_its_own_user() -> None:
    daemon = rendered().daemon("policyd-spf")
    assert (daemon.type, daemon.command, daemon.chroot) == ("unix", "spawn", "n")
    assert daemon.arguments == ("user=policyd-spf", "argv=/usr/bin/policyd-spf")


@pytest.mark.parametrize(
    ("host", "runs"),
    [
        pytest.param("mx1", True, id="mx"),
        pytest.param("bak", True, id="backup-mx"),
        pytest.param("sub", False, id="submission"),
        pytest.param("st1", False, id="mailstore"),
        pytest.param("out", False, id="relay"),
        pytest.param("app", False, id="send-only"),
    ],
)
def test_it_runs_where_strangers_deliver(host: str, runs: bool) -> None:
    site = rendered(base=FLEET)
    assert bool(site.files("etc/postfix-policyd-spf-python", host)) is runs
    assert bool(site.master(host).service("policyd-spf")) is runs


def test_rspamd_judges_by_itself() -> None:
    site = rendered(options("dkim", signer="rspamd"))
    assert site.files("etc/postfix-policyd-spf-python") == set()
    assert "policyd-spf" not in site.main()["smtpd_recipient_restrictions"]


@pytest.mark.parametrize(
    ("given", "helo", "mail_from"),
    [
        pytest.param({}, "Fail", "False", id="a name must be true, mail may be forwarded"),
        pytest.param(
            {"reject_helo": "Softfail", "reject_mail_from": "Fail"},
            "Softfail",
            "Fail",
            id="stricter",
        ),
    ],
)
def test_what_is_refused(given: dict[str, Any], helo: str, mail_from: str) -> None:
    found = conf(rendered(options("policyd_spf", **given)))
    assert (found["HELO_reject"], found["Mail_From_reject"]) == (helo, mail_from)


@pytest.mark.parametrize(
    ("host", "skipped"),
    [
        pytest.param("mx1", "127.0.0.0/8,::1/128,192.0.2.6/32", id="what the backup has checked"),
        pytest.param("bak", "127.0.0.0/8,::1/128", id="the backup checks everything"),
    ],
)
def test_what_is_not_checked(host: str, skipped: str) -> None:
    assert conf(rendered(base=FLEET), host)["skip_addresses"] == skipped


def test_both_families_of_a_backup_are_skipped() -> None:
    backup = {"hosts": {"bak": {"addresses": ["192.0.2.6", "2001:db8::6"]}}}
    skipped = conf(rendered(backup, FLEET), "mx1")["skip_addresses"].split(",")
    assert skipped[-2:] == ["192.0.2.6/32", "2001:db8::6/128"]


def test_what_our_senders_hand_over_is_not_checked() -> None:
    relay = {"hosts": {"mx1": {"roles": ["mx", "relay"]}}}
    skipped = conf(rendered(relay, FLEET), "mx1")["skip_addresses"].split(",")
    assert "192.0.2.2/32" in skipped


def test_it_is_installed() -> None:
    assert rendered().file(PATH).order.needs == (Package("postfix-policyd-spf-python"),)
