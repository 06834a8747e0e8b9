"""fail2ban beside Postfix and Dovecot: what is rendered, and that the lab's guesser is blocked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SPEC = Path(__file__).parents[1] / "mailconf.yaml"


def mailconf(*words: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "mailconf", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def jails(spec: Path, out: Path) -> str:
    done = mailconf("render", spec, "-o", out)
    assert done.returncode == 0, done.stderr
    return (out / "hosts/mail/etc/fail2ban/jail.d/mailconf.local").read_text()


def changed(directory: Path, options: str) -> Path:
    for file in (SPEC, SPEC.with_name("mailconf.keys.yaml")):
        (directory / file.name).write_text(file.read_text())
    spec = directory / SPEC.name
    spec.write_text(spec.read_text().replace("{retries: 6}", options))
    return spec


def test_a_jail_reads_the_units_that_debian_runs(tmp_path: Path) -> None:
    text = jails(SPEC, tmp_path)
    assert "journalmatch = _SYSTEMD_UNIT=postfix@-.service + _SYSTEMD_UNIT=postfix.service" in text
    assert text.count("backend = systemd\n") == 2


def test_a_blocked_address_reaches_no_port_with_logins(tmp_path: Path) -> None:
    assert jails(SPEC, tmp_path).count("port = 465,587,993\n") == 2


def test_hosts_of_the_site_are_never_blocked(tmp_path: Path) -> None:
    spec = changed(tmp_path, "{trusted: [198.51.100.0/24]}")
    text = jails(spec, tmp_path / "tree")
    assert "ignoreip = 127.0.0.0/8 ::1 192.0.2.25 198.51.100.0/24 2001:db8::25\n" in text


@pytest.mark.parametrize(
    ("options", "code"),
    [("{ban_seconds: 10}", "F2B001"), ("{retries: 2}", "F2B002"), ("{retries: 6}", "")],
)
def test_options_that_block_no_guesser_or_users_are_found(
    tmp_path: Path, options: str, code: str
) -> None:
    found = mailconf("lint", changed(tmp_path, options)).stdout
    assert [c for c in ("F2B001", "F2B002") if c in found] == ([code] if code else [])


@pytest.mark.lab
@pytest.mark.skipif(os.geteuid() != 0, reason="the lab of this test runs as root")
def test_every_check_of_the_lab_passes() -> None:
    done = mailconf("lab", "run", SPEC)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok      fail2ban.blocks " in done.stdout
