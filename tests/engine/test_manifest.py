"""The manifest says what each file is and what each host needs."""

import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from mailconf.engine.manifest import manifest
from mailconf.model.artifact import (
    SITE,
    Artifact,
    Certificate,
    Checker,
    Directory,
    Issue,
    Need,
    Package,
    Port,
    Prepare,
    Render,
    Unit,
    User,
)
from mailconf.model.outcome import Build
from mailconf.model.place import Places
from mailconf.model.record import NO_RECORDS
from mailconf.testing import spec_of
from tests.engine.specs import GOOD, built

OTHER = {"hostname": "b.example.org", "addresses": ["192.0.2.26"], "target": "debian-13"}
ELSEWHERE = {
    "challenge": {"type": "none", "webroot": "", "files": []},
    "command": [],
    "packages": [],
}
MAIL = {"hostname": "mail.example.org", "addresses": ["192.0.2.25"]}


def body(directory: Path) -> dict[str, Any]:
    secret = GOOD.replace("alice: {}", "alice: {password: ref+env://HASH}")
    found: dict[str, Any] = json.loads(manifest(built(directory, secret)))
    return found


def needed(*needs: Need, key: str = "mail") -> dict[str, Any]:
    """Return what the manifest says about a host whose two files need the same."""
    orders = [
        Render("mail", PurePosixPath("etc", name), "x.j2", None, needs=needs) for name in "ab"
    ]
    artifacts = tuple(Artifact(order, "", "test") for order in orders)
    spec = spec_of(hosts={"mail": MAIL, "b": OTHER})
    found: dict[str, Any] = json.loads(
        manifest(Build(spec, Places("", {}), NO_RECORDS, artifacts, ()))
    )
    host: dict[str, Any] = found["hosts"][key]
    return host


def test_a_secret_file_has_no_digest(tmp_path: Path) -> None:
    files = body(tmp_path)["files"]
    secret = [file for file in files if file["secret"]]
    assert [(file["target"], file["sha256"]) for file in secret] == [("/etc/dovecot/passwords", "")]
    assert all(len(file["sha256"]) == 64 for file in files if not file["secret"])


def test_a_file_of_no_host_has_no_target() -> None:
    order = Render(SITE, PurePosixPath("dns/a.zone"), "x.j2", None)
    build = Build(spec_of(), Places("", {}), NO_RECORDS, (Artifact(order, "x", "zonefile"),), ())
    (file,) = json.loads(manifest(build))["files"]
    assert (file["path"], file["host"], file["target"]) == ("dns/a.zone", "", "")


def test_a_host_knows_what_it_needs(tmp_path: Path) -> None:
    host = body(tmp_path)["hosts"]["mail"]
    assert {"dovecot", "nginx", "opendkim", "opendmarc", "postfix"} <= set(host["services"])
    assert host["services"]["postfix"]["on_change"] == ["systemctl", "reload", "postfix"]
    assert {"name": "vmail", "uid": 5000, "home": "/var/vmail"} in host["users"]
    assert "postfix" in host["packages"]
    assert host["certificates"][0]["names"] == [
        "mail.example.org",
        "autoconfig.example.org",
        "mta-sts.example.org",
    ]


@pytest.mark.parametrize(("key", "target"), [("mail", "debian-12"), ("b", "debian-13")])
def test_a_host_says_what_it_runs(key: str, target: str) -> None:
    assert needed(key=key)["target"] == target


@pytest.mark.parametrize(
    ("need", "section", "found"),
    [
        pytest.param(Package("postfix"), "packages", ["postfix"], id="package"),
        pytest.param(
            User("vmail", 5000, "/var/vmail"),
            "users",
            [{"name": "vmail", "uid": 5000, "home": "/var/vmail"}],
            id="user",
        ),
        pytest.param(
            Directory("/etc/dkimkeys", "opendkim", "root", 0o700),
            "directories",
            [{"path": "/etc/dkimkeys", "owner": "opendkim", "group": "root", "mode": "0700"}],
            id="directory",
        ),
        pytest.param(
            Unit("postfix", "reload"),
            "services",
            {
                "postfix": {
                    "on_change": ["systemctl", "reload", "postfix"],
                    "restart": ["systemctl", "restart", "postfix"],
                    "enable": ["systemctl", "enable", "--now", "postfix"],
                }
            },
            id="unit that reloads",
        ),
        pytest.param(
            Unit("nftables", "reload", "reload-or-restart"),
            "services",
            {
                "nftables": {
                    "on_change": ["systemctl", "reload", "nftables"],
                    "restart": ["systemctl", "reload-or-restart", "nftables"],
                    "enable": ["systemctl", "enable", "--now", "nftables"],
                }
            },
            id="unit that never stops",
        ),
        pytest.param(
            Unit("opendkim", "restart"),
            "services",
            {
                "opendkim": {
                    "on_change": ["systemctl", "restart", "opendkim"],
                    "restart": ["systemctl", "restart", "opendkim"],
                    "enable": ["systemctl", "enable", "--now", "opendkim"],
                }
            },
            id="unit that only restarts",
        ),
        pytest.param(
            Port(25),
            "ports",
            [{"port": 25, "last": 25, "protocol": "tcp", "from": []}],
            id="public port",
        ),
        pytest.param(
            Port(60000, (), "udp", 61000),
            "ports",
            [{"port": 60000, "last": 61000, "protocol": "udp", "from": []}],
            id="range",
        ),
        pytest.param(
            Port(24, ("192.0.2.1", "2001:db8::1")),
            "ports",
            [{"port": 24, "last": 24, "protocol": "tcp", "from": ["192.0.2.1", "2001:db8::1"]}],
            id="port for some",
        ),
        pytest.param(
            Prepare(("sievec", "/etc/a.sieve")),
            "prepare",
            [["sievec", "/etc/a.sieve"]],
            id="preparation",
        ),
        pytest.param(
            Checker(("postconf", "-n")),
            "checks",
            [{"command": ["postconf", "-n"], "silent_stderr": True}],
            id="checker",
        ),
        pytest.param(
            Checker(("rspamadm", "configtest"), chatty=True),
            "checks",
            [{"command": ["rspamadm", "configtest"], "silent_stderr": False}],
            id="checker that talks",
        ),
        pytest.param(
            Certificate("/a.pem", "/a.key", "a.example"),
            "certificates",
            [
                {
                    "certificate": "/a.pem",
                    "private_key": "/a.key",
                    "names": ["a.example"],
                    **ELSEWHERE,
                }
            ],
            id="certificate",
        ),
    ],
)
def test_what_two_files_need_is_said_once(need: Need, section: str, found: object) -> None:
    assert needed(need)[section] == found


def test_a_host_without_files_needs_nothing() -> None:
    host = needed(Package("postfix"), Unit("postfix", "reload"), key="b")
    assert {section for section, needs in host.items() if needs} == {"hostname", "target"}


def test_names_of_one_certificate_are_gathered() -> None:
    names = [Certificate("/a.pem", "/a.key", name) for name in ("b.example", "a.example")]
    other = Certificate("/b.pem", "/b.key", "c.example")
    assert needed(other, *names)["certificates"] == [
        {
            "certificate": "/a.pem",
            "private_key": "/a.key",
            "names": ["a.example", "b.example"],
            **ELSEWHERE,
        },
        {"certificate": "/b.pem", "private_key": "/b.key", "names": ["c.example"], **ELSEWHERE},
    ]


def test_a_certificate_says_how_it_is_issued() -> None:
    issue = Issue(
        "/a.pem", ("b.example", "a.example"), "http-01", "/w", ("certbot",), ("p",), ("/f",)
    )
    (found,) = needed(Certificate("/a.pem", "/a.key", "a.example"), issue)["certificates"]
    assert found == {
        "certificate": "/a.pem",
        "private_key": "/a.key",
        "names": ["b.example", "a.example"],
        "challenge": {"type": "http-01", "webroot": "/w", "files": ["/f"]},
        "command": ["certbot"],
        "packages": ["p"],
    }


def test_the_order_of_needs_does_not_matter() -> None:
    needs = (Package("a"), Unit("b", "reload"), Port(25), Port(465), Checker(("c",)))
    assert needed(*needs) == needed(*reversed(needs))


@pytest.mark.parametrize(
    ("path", "command"),
    [
        pytest.param("etc/postfix/main.cf", [], id="no unit"),
        pytest.param(
            "etc/systemd/system/x.path", ["systemctl", "daemon-reload"], id="a unit of systemd"
        ),
    ],
)
def test_systemd_is_told_of_changed_units(path: str, command: list[str]) -> None:
    order = Render("mail", PurePosixPath(path), "x.j2", None)
    built = Build(spec_of(), Places("x", {}), NO_RECORDS, (Artifact(order, "text", "x"),), ())
    assert json.loads(manifest(built))["hosts"]["mail"]["daemon_reload"] == command
