"""rspamd: where it runs, what it signs, and what becomes of marked mail."""

from typing import Any

import pytest

from mailconf.engine.merge import overlay
from mailconf.model.artifact import Checker, Directory, Package, Unit
from mailconf.model.secret import marked
from mailconf.plugins.rspamd.files import FILES, OFF
from tests.plugins.rendering import FLEET, Site, on_target, options, rendered, settings

LOCAL = "etc/rspamd/local.d"
MILTER = "inet:127.0.0.1:11332"
CHOSEN = options("dkim", signer="rspamd")
KEYS: dict[str, Any] = {
    "domains": {
        "example.org": {
            "dkim": {
                "selectors": {
                    "e2026": {"type": "ed25519", "private_key": "ref+file://e2026.key"},
                    "s2026": {"private_key": "ref+file://s2026.pem"},
                    "s2025": {"state": "retired", "private_key": "ref+file://s2025.pem"},
                }
            }
        }
    }
}


def with_rspamd(changes: dict[str, Any] | None = None, **own: Any) -> Site:
    return rendered(overlay(overlay(CHOSEN, options("rspamd", **own)), changes or {}))


def fleet(changes: dict[str, Any] | None = None) -> Site:
    return rendered(overlay(CHOSEN, changes or {}), FLEET)


def conf(site: Site, name: str, host: str = "mail") -> list[str]:
    """Return the lines of a file that are no comments."""
    lines = site.text(f"{LOCAL}/{name}", host).splitlines()
    return [line for line in lines if not line.startswith("#")]


def test_another_signer_leaves_no_rspamd() -> None:
    assert rendered(KEYS).files("etc/rspamd") == set()


def test_the_chosen_signer_has_all_its_files() -> None:
    site = with_rspamd()
    assert site.files(LOCAL) == {*FILES, *(f"{name}.conf" for name in OFF)}
    assert site.files("etc/opendkim") == set()


def test_a_host_may_choose_for_itself() -> None:
    site = rendered({"hosts": {"mail": {"dkim": {"signer": "rspamd"}}}})
    assert "worker-proxy.inc" in site.files(LOCAL)


@pytest.mark.parametrize(
    ("host", "runs"),
    [
        pytest.param("mx1", True, id="mx"),
        pytest.param("bak", True, id="backup-mx"),
        pytest.param("out", True, id="relay"),
        pytest.param("sub", False, id="submission"),
        pytest.param("st1", False, id="mailstore"),
        pytest.param("app", False, id="send-only"),
        pytest.param("www", False, id="web"),
    ],
)
def test_it_runs_where_mail_arrives_or_leaves(host: str, runs: bool) -> None:
    assert bool(fleet().files("etc/rspamd", host)) is runs


@pytest.mark.parametrize(
    ("host", "incoming", "own"),
    [
        pytest.param("mx1", [MILTER], [], id="mx judges"),
        pytest.param("bak", [MILTER], [], id="backup judges"),
        pytest.param("out", [MILTER], [MILTER], id="relay signs"),
        pytest.param("sub", [], [], id="submission leaves it to the relay"),
    ],
)
def test_postfix_asks_where_it_runs(host: str, incoming: list[str], own: list[str]) -> None:
    main = fleet().main(host)
    assert main["smtpd_milters"].split(", ")[1:] == incoming
    assert main["non_smtpd_milters"].split(", ")[1:] == own


def test_one_machine_is_asked_on_every_way_in() -> None:
    site = with_rspamd(port=11399)
    socket = "inet:127.0.0.1:8890, inet:127.0.0.1:11399"
    assert site.main()["smtpd_milters"] == site.main()["non_smtpd_milters"] == socket
    assert settings(site.daemon("submission"))["smtpd_milters"] == socket
    assert 'bind_socket = "127.0.0.1:11399";' in conf(site, "worker-proxy.inc")


def test_it_judges_alone() -> None:
    site = with_rspamd()
    assert site.files("etc/postfix-policyd-spf-python") == set()
    assert "opendmarc.conf" not in site.files("etc")


def test_active_keys_sign_the_rsa_key_first() -> None:
    (line,) = [line for line in conf(with_rspamd(KEYS), "dkim_signing.conf") if "selectors" in line]
    rsa = '{ selector = "s2026"; path = "/etc/rspamd/dkim/example.org.s2026.key"; }'
    ed25519 = '{ selector = "e2026"; path = "/etc/rspamd/dkim/example.org.e2026.key"; }'
    assert line.split() == f'"example.org" {{ selectors [ {rsa}, {ed25519}, ] }}'.split()


@pytest.mark.parametrize(
    ("selector", "reference"),
    [("s2026", "ref+file://s2026.pem"), ("e2026", "ref+file://e2026.key")],
)
def test_a_private_key_is_a_secret_of_the_daemon(selector: str, reference: str) -> None:
    file = with_rspamd(KEYS).file(f"etc/rspamd/dkim/example.org.{selector}.key")
    assert file.text.strip() == marked(reference, "key")
    assert (file.order.owner, file.order.group, file.order.mode) == ("root", "_rspamd", 0o640)


def test_keys_that_do_not_sign_stay_away() -> None:
    assert with_rspamd(KEYS).files("etc/rspamd/dkim") == {
        "example.org.s2026.key",
        "example.org.e2026.key",
    }


def test_only_the_relay_needs_private_keys() -> None:
    site = fleet(KEYS)
    hosts = [host for host in FLEET["hosts"] if site.files("etc/rspamd/dkim", host)]
    assert hosts == ["out"]


def test_bounces_of_a_host_are_signed_by_the_domain_above_it() -> None:
    lines = conf(with_rspamd(KEYS), "dkim_signing.conf")
    assert '  ["mail.example.org"] = "example.org",' in lines


def test_without_a_domain_above_bounces_go_unsigned() -> None:
    away = {"hosts": {"mail": {"hostname": "mail.example.com"}}}
    lines = conf(with_rspamd(overlay(KEYS, away)), "dkim_signing.conf")
    assert [line for line in lines if line.startswith("[")] == []


def test_only_this_machine_is_signed_without_a_login() -> None:
    assert conf(with_rspamd(), "options.inc") == ['local_addrs = ["127.0.0.0/8", "::1"];']


def test_a_relay_signs_for_the_hosts_that_send_through_it() -> None:
    (line,) = conf(fleet(), "options.inc", "out")
    assert '"192.0.2.1"' in line
    assert '"2001:db8::1"' in line
    assert '"192.0.2.8"' not in line


def test_what_the_backup_has_judged_is_not_judged_again() -> None:
    text = "\n".join(conf(fleet(), "settings.conf", "mx1"))
    assert 'ip = ["192.0.2.6"];' in text
    assert "SPF_CHECK" in text
    assert "DMARC_CHECK" in text


@pytest.mark.parametrize(
    ("site", "host"), [(with_rspamd, "mail"), (fleet, "bak")], ids=["no backup", "the backup"]
)
def test_nobody_else_is_believed(site: Any, host: str) -> None:
    assert conf(site(), "settings.conf", host) == []


@pytest.mark.parametrize("name", OFF)
def test_what_needs_redis_or_others_is_off(name: str) -> None:
    assert conf(with_rspamd(), f"{name}.conf") == ["enabled = false;"]


@pytest.mark.parametrize(
    ("target", "refused"),
    [
        pytest.param("debian-12", False, id="3.4 takes no files"),
        pytest.param("debian-13", False, id="3.12 takes no files"),
        pytest.param("debian-forky", True, id="4.1 would"),
    ],
)
def test_clients_name_no_files_to_scan(target: str, refused: bool) -> None:
    site = with_rspamd(on_target(target))
    for worker in ("worker-proxy.inc", "worker-controller.inc"):
        assert ("allow_file_and_shm_inputs = false;" in conf(site, worker)) is refused


def test_scores_come_from_the_spec() -> None:
    assert conf(with_rspamd(), "actions.conf")[:2] == ["reject = 15.0;", "add_header = 6.0;"]
    own = conf(with_rspamd(reject=12, add_header=4.5), "actions.conf")
    assert own[:2] == ["reject = 12.0;", "add_header = 4.5;"]


@pytest.mark.parametrize("store", ["st1", "st2"])
def test_every_store_sorts_marked_mail_into_junk(store: str) -> None:
    script = fleet().text("etc/dovecot/sieve/before.d/10-spam.sieve", store)
    assert 'if header :is "X-Spam" "Yes" {' in script
    assert 'fileinto "Junk";' in script


def test_moves_to_junk_teach_on_request_only() -> None:
    site = with_rspamd(controller_port=11399)
    assert "-h 127.0.0.1:11399" in site.text("etc/dovecot/sieve/bin/learn")
    assert 'bind_socket = "127.0.0.1:11399";' in conf(site, "worker-controller.inc")
    assert "sieve/bin/learn" not in with_rspamd(learn=False).files("etc/dovecot")


def test_the_daemon_is_installed_checked_and_reloaded() -> None:
    needs = with_rspamd().file(f"{LOCAL}/worker-proxy.inc").order.needs
    assert Package("rspamd") in needs
    assert Unit("rspamd", "reload") in needs
    assert Directory("/etc/rspamd/dkim", "root", "_rspamd", 0o750) in needs
    assert [n.command for n in needs if isinstance(n, Checker)] == [("rspamadm", "configtest")]
