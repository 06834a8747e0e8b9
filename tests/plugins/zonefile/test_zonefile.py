"""Zone files that name servers load, and checkers of name servers approve of."""

import subprocess
from pathlib import Path
from typing import Any

import dns.zone
import pytest

from mailconf.plugins.zonefile import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import codes, view, yielded
from tests.plugins.publishing import EVERY, RECORDS, SPEC, published
from tests.plugins.rendering import SITE, rendered

HEAD = (
    "{apex} 300 IN SOA ns.{apex} host.{apex} 1 7200 3600 1209600 3600\n{apex} 300 IN NS ns.{apex}\n"
)
WHOLE = {"name_servers": ["ns1.dns.example", "ns2.dns.example"], "contact": "dns.team@example.org"}


def test_a_fragment_holds_our_records_and_nothing_else() -> None:
    found = set()
    for path, text in published(plugin).items():
        apex = path.removesuffix("zone")
        zone = dns.zone.from_text(HEAD.format(apex=apex) + text, origin=apex, relativize=False)
        for name, ttl, rdata in zone.iterate_rdatas():
            if rdata.rdtype.name not in ("SOA", "NS"):
                strings = getattr(rdata, "strings", None)
                value = b"".join(strings).decode() if strings else rdata.to_text()
                found.add((name.to_text(), rdata.rdtype.name, value, ttl))
    assert found == EVERY


def checked(text: str, zone: str, directory: Path) -> str:
    """Run named-checkzone in full mode, as before a zone is loaded, and return what it complains of."""
    file = directory / "zone"
    file.write_text(text)
    command = ["named-checkzone", "-i", "full", "-k", "fail", "-m", "fail", "-M", "fail"]
    command += ["-n", "fail", "-r", "fail", "-S", "fail", "-T", "warn", zone, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = (done.stdout + done.stderr).splitlines()
    return "\n".join(lines[:-2] if done.returncode == 0 else lines)


def whole_zones(changes: dict[str, Any]) -> dict[str, str]:
    build = rendered({"plugins": {"zonefile": WHOLE}, **changes}).build
    return {
        artifact.path.stem: artifact.text
        for artifact in build.artifacts
        if artifact.path.suffix == ".zone"
    }


def test_bind_loads_a_whole_zone(tmp_path: Path) -> None:
    ((name, text),) = whole_zones({}).items()
    assert checked(text, name, tmp_path) == ""


def test_a_reverse_zone_is_whole_too(tmp_path: Path) -> None:
    found = whole_zones({"dns": {"zones": ["example.org", "2.0.192.in-addr.arpa"]}})
    assert "25.2.0.192.in-addr.arpa. 3600 IN PTR mail.example.org." in found["2.0.192.in-addr.arpa"]
    assert checked(found["2.0.192.in-addr.arpa"], "2.0.192.in-addr.arpa", tmp_path) == ""


def test_a_signed_zone_verifies(tmp_path: Path) -> None:
    """Sign as an operator would, and let another implementation judge the result."""
    ((name, text),) = whole_zones({}).items()
    (tmp_path / "zone").write_text(text)
    make = ["ldns-keygen", "-a", "ECDSAP256SHA256", "-k", name]
    key = subprocess.run(make, cwd=tmp_path, capture_output=True, text=True, check=True)
    sign = ["ldns-signzone", "-f", "signed", "zone", key.stdout.strip()]
    subprocess.run(sign, cwd=tmp_path, capture_output=True, check=True)
    verify = ["ldns-verify-zone", "signed"]
    done = subprocess.run(verify, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "Zone is verified and complete")


def test_the_contact_is_a_name_whose_first_dot_ends_the_local_part() -> None:
    text = whole_zones({})["example.org"]
    assert " IN SOA ns1.dns.example. dns\\.team.example.org. 1 7200 " in text


def test_every_kind_has_its_own_lifetime() -> None:
    changes = {"dns": {"ttl": "30m", "ttls": {"mx": "1d", "dmarc": "5m"}}}
    records = rendered(changes).build.records
    ttls = {record.kind.name: record.ttl for record in records}
    assert (ttls["mx"], ttls["dmarc"], ttls["spf"]) == (86400, 300, 1800)


@pytest.mark.parametrize(
    ("dns", "found"),
    [
        pytest.param({}, [], id="usual"),
        pytest.param({"ttl": "30s"}, ["DNS004"], id="too short"),
        pytest.param({"ttls": {"mx": "2w", "spf": "1h"}}, ["DNS004"], id="one too long"),
    ],
)
def test_lifetimes_out_of_the_ordinary(dns: dict[str, Any], found: list[str]) -> None:
    assert codes(yielded(plugin.lint, view(plugin, spec_of(dns=dns)))) == found


def test_the_spec_names_the_zones() -> None:
    orders = yielded(plugin.files, view(plugin, SPEC, records=RECORDS))
    names = [str(order.path) for order in orders]
    assert names == [
        "dns/2.0.192.in-addr.arpa.zone",
        "dns/example.org.zone",
        "dns/shop.example.org.zone",
    ]
    assert "dns" not in SITE


CHILD = {
    "domains": {
        "example.org": {
            "mailboxes": {"alice": {}},
            "aliases": {"postmaster": "alice", "abuse": "alice"},
        },
        "news.example.org": {
            "mailboxes": {"alice": {}},
            "aliases": {"postmaster": "alice", "abuse": "alice"},
        },
        "a.news.example.org": {
            "mailboxes": {"alice": {}},
            "aliases": {"postmaster": "alice", "abuse": "alice"},
        },
    }
}


def test_a_whole_zone_delegates_to_the_zones_below(tmp_path: Path) -> None:
    """Without NS records a server of the parent would say that the child's names do not exist."""
    found = whole_zones(CHILD)
    for server in WHOLE["name_servers"]:
        assert f"\nnews.example.org. 3600 IN NS {server}.\n" in found["example.org"]
        assert f"\na.news.example.org. 3600 IN NS {server}.\n" in found["news.example.org"]
    assert "a.news.example.org. 3600 IN NS" not in found["example.org"]
    assert checked(found["example.org"], "example.org", tmp_path) == ""


def test_glue_for_name_servers_below() -> None:
    hosts = {"mail": {"hostname": "mail.news.example.org", "addresses": ["192.0.2.25"]}}
    servers = {"zonefile": {"name_servers": ["mail.news.example.org", "ns2.dns.example"]}}
    text = whole_zones({**CHILD, "hosts": hosts, "plugins": servers})["example.org"]
    assert "\nnews.example.org. 3600 IN NS mail.news.example.org.\n" in text
    assert "\nmail.news.example.org. 3600 IN A 192.0.2.25\n" in text


@pytest.mark.parametrize(
    ("server", "found"),
    [
        pytest.param("mail.example.org", [], id="a host of ours"),
        pytest.param("ns1.dns.example", [], id="elsewhere"),
        pytest.param("ns1.example.org", ["DNS005"], id="nobody knows where"),
    ],
)
def test_name_servers_have_addresses(server: str, found: list[str]) -> None:
    seen = view(plugin, SPEC, options={"name_servers": [server]}, records=RECORDS)
    assert codes(yielded(plugin.lint, seen)) == found
