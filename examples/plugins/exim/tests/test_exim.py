"""Exim in the place of Postfix: what is rendered, what is refused, and that the lab sends and relays."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from mailconf_exim.quoting import exim_address, exim_item, exim_path, exim_sender

from mailconf.api import UnrepresentableError

SPEC = Path(__file__).parents[1] / "mailconf.yaml"
PASSED = (
    "exim.authors-held",
    "exim.program-sends",
    "config.exim4",
    "config.effective",
    "attack.program-sends-as",
    "delivery.arrives",
)


def mailconf(*words: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "mailconf", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tree")
    done = mailconf("render", SPEC, "-o", out)
    assert done.returncode == 0, done.stderr
    return out / "hosts"


def config(hosts: Path, host: str) -> list[str]:
    return (hosts / host / "etc/exim4/exim4.conf").read_text().splitlines()


def test_each_host_has_its_own_mta(hosts: Path) -> None:
    assert (hosts / "mail/etc/postfix").exists()
    assert not (hosts / "mail/etc/exim4").exists()
    for host in ("out", "app"):
        assert not (hosts / host / "etc/postfix").exists()
        assert not (hosts / host / "etc/mailconf/originators.json").exists()


def test_a_relay_takes_mail_from_the_hosts_of_the_site_alone(hosts: Path) -> None:
    lines = config(hosts, "out")
    assert "hostlist trusted_hosts = <; 192.0.2.25 ; 2001:db8::25" in lines
    assert "hostlist host1_hosts = <; 192.0.2.27" in lines
    assert "addresslist host1_senders = <; *@app.example.org ; *@example.org" in lines
    filtered = (hosts / "out/etc/nftables.conf").read_text()
    assert "192.0.2.27" in filtered


def test_a_relay_signs_and_removes_the_mark_of_strangers(hosts: Path) -> None:
    text = "\n".join(config(hosts, "out"))
    assert "+From : +Reply-To" in text
    assert "headers_remove = X-Mailconf-External" in text
    rows = (hosts / "out/etc/exim4/dkim_domains").read_text().splitlines()
    assert "example.org: example.org" in rows
    assert "app.example.org: example.org" in rows
    assert "dkim_domain" not in "\n".join(config(hosts, "app"))


def test_a_host_that_only_sends_listens_on_loopback_and_trusts_its_relay_alone(hosts: Path) -> None:
    lines = [line.strip() for line in config(hosts, "app")]
    assert "local_interfaces = <; 127.0.0.1" in lines
    assert 'route_list = * "out.example.org"' in lines
    assert "hosts_require_tls = *" in lines
    assert "tls_verify_hosts = *" in lines
    assert "disable_ipv6" in lines


def test_the_unit_copies_the_certificate_and_restarts_for_a_renewed_one(hosts: Path) -> None:
    drop_in = hosts / "out/etc/systemd/system/exim4.service.d/mailconf.conf"
    lines = drop_in.read_text().splitlines()
    assert any(line.endswith("/privkey.pem /run/exim4-tls/key.pem") for line in lines)
    assert "ExecReload=" in lines
    assert not (hosts / "app/etc/systemd/system/exim4.service.d").exists()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("roles: [relay]", "roles: [relay, mx]", "EXM001 exim-role"),
        (
            "    mailboxes:\n",
            "    smarthost: {host: smtp.example.net}\n    mailboxes:\n",
            "EXM003 exim-smarthost",
        ),
        ("jobs: {mta: postfix}", "", "CFG088 job-filled-twice"),
        ("exim: on", "exim: off", "CFG093 job-given-to-unknown-plugin"),
    ],
)
def test_what_exim_does_not_do_is_an_error(tmp_path: Path, old: str, new: str, code: str) -> None:
    spec = tmp_path / "mailconf.yaml"
    text = SPEC.read_text()
    assert old in text
    spec.write_text(text.replace(old, new, 1))
    assert f"error {code}" in mailconf("lint", spec).stdout


def test_a_key_of_another_type_is_an_error(tmp_path: Path) -> None:
    spec = tmp_path / "mailconf.yaml"
    selector = "s1: {type: ed25519, public_key: AAAA, private_key: ref+env://K}"
    spec.write_text(SPEC.read_text() + f"    dkim: {{selectors: {{{selector}}}}}\n")
    assert "error EXM002 exim-key-type" in mailconf("lint", spec).stdout


@pytest.mark.parametrize("value", ["a b", "$home", "!a", "+a", "^a", "/etc/x", "a;b", "a\nb", ""])
def test_what_a_list_would_read_otherwise_is_refused(value: str) -> None:
    with pytest.raises(UnrepresentableError):
        exim_item(value)
    with pytest.raises((UnrepresentableError, ValueError)):
        exim_address(value)


def test_senders_and_paths() -> None:
    assert exim_sender("@example.org") == "*@example.org"
    assert exim_sender("app@example.org") == "app@example.org"
    assert exim_path("/etc/ssl/a.pem") == "/etc/ssl/a.pem"
    for value in ("relative", "/a b", "/%i", "/$x"):
        with pytest.raises(UnrepresentableError):
            exim_path(value)


@pytest.mark.lab
@pytest.mark.skipif(os.geteuid() != 0, reason="the lab of this test runs as root")
def test_every_check_of_the_lab_passes() -> None:
    done = mailconf("lab", "run", SPEC)
    assert done.returncode == 0, done.stdout + done.stderr
    for check in PASSED:
        assert f"ok      {check} " in done.stdout
