"""Caddy in the place of nginx: what is rendered, and that the lab serves it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from mailconf_caddy.quoting import caddyfile_token

from mailconf.api import UnrepresentableError

SPEC = Path(__file__).parents[1] / "mailconf.yaml"
PAGES = (
    "autoconfig.served",
    "mta_sts.served",
    "tls.chain",
    "tls.name",
    "tls.version",
    "web.reachable",
)


def mailconf(*words: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "mailconf", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("tree")
    done = mailconf("render", SPEC, "-o", out)
    assert done.returncode == 0, done.stderr
    return out / "hosts/mail/etc"


def test_port_80_needs_no_certificate(tree: Path) -> None:
    text = (tree / "caddy/Caddyfile").read_text()
    assert "import conf.d/*.caddyfile" in text
    assert "http://mta-sts.example.org {" in text
    assert "https://" not in text
    assert "/.well-known/acme-challenge/*" in text


def test_port_443_serves_the_pages_of_other_plugins(tree: Path) -> None:
    text = (tree / "caddy/conf.d/mailconf.caddyfile").read_text()
    assert "https://mta-sts.example.org {" in text
    assert "handle /.well-known/mta-sts.txt {" in text
    assert "https://autoconfig.example.org {" in text


def test_the_unit_passes_on_the_certificate_and_restarts_for_a_renewed_one(tree: Path) -> None:
    lines = (tree / "systemd/system/caddy.service.d/mailconf.conf").read_text().splitlines()
    live = "/etc/letsencrypt/live/mail.example.org"
    assert f"LoadCredential=mailconf-key.pem:{live}/privkey.pem" in lines
    assert "ExecReload=" in lines


def test_nginx_is_not_rendered(tree: Path) -> None:
    assert not (tree / "nginx").exists()


def test_both_web_servers_at_once_are_an_error(tmp_path: Path) -> None:
    spec = tmp_path / "mailconf.yaml"
    spec.write_text(SPEC.read_text().replace("webserver: off", "webserver: on"))
    assert "CFG088 job-filled-twice" in mailconf("lint", spec).stdout


@pytest.mark.parametrize("value", ["a b", "{env.HOME}", "a{", 'a"b', "a\nb", "#a", ""])
def test_what_a_caddyfile_would_read_otherwise_is_refused(value: str) -> None:
    with pytest.raises(UnrepresentableError):
        caddyfile_token(value)


@pytest.mark.lab
@pytest.mark.skipif(os.geteuid() != 0, reason="the lab of this test runs as root")
def test_every_check_of_the_lab_passes() -> None:
    done = mailconf("lab", "run", SPEC)
    assert done.returncode == 0, done.stdout + done.stderr
    for check in PAGES:
        assert f"ok      {check} " in done.stdout
