"""Keys that senders insist on."""

from typing import Any

import pytest

from mailconf.model.questions.sessions import Reply, Session, TlsFacts
from mailconf.model.questions.tls import NegotiatedTls, Offer
from mailconf.model.record import Record
from mailconf.plugins.dane import plugin
from mailconf.plugins.dane.checks import listeners
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, plan_checks, view
from tests.plugins.rendering import FLEET, Site, rendered
from tests.record_kinds import meaning

ONE, OTHER = "1" * 64, "2" * 64
NOW = FakeWorld().now


def with_keys(*keys: Any, host: str = "mx1") -> Site:
    return rendered({"hosts": {host: {"dane": {"keys": list(keys)}}}}, FLEET)


def tlsa(site: Site) -> list[Record]:
    return [record for record in site.build.records if record.type == "TLSA"]


def test_each_key_of_an_mx_is_a_record_at_its_own_name() -> None:
    records = tlsa(with_keys(ONE, OTHER))
    assert {record.name for record in records} == {"_25._tcp.mx1.example.org."}
    assert [record.value for record in records] == [f"3 1 1 {ONE}", f"3 1 1 {OTHER}"]


def test_a_backup_is_an_mx() -> None:
    assert tlsa(with_keys(ONE, host="bak"))


@pytest.mark.parametrize(
    ("keys", "host", "found"),
    [
        pytest.param([], "mx1", [], id="no DANE"),
        pytest.param([ONE, OTHER], "mx1", [], id="two keys"),
        pytest.param([ONE], "mx1", ["DAN004"], id="one key"),
        pytest.param([ONE, ONE], "mx1", ["DAN004"], id="the same twice"),
        pytest.param(
            [{"sha256": ONE, "state": "past"}, {"sha256": OTHER, "state": "next"}],
            "mx1",
            ["DAN009"],
            id="none in use",
        ),
        pytest.param([ONE, OTHER], "st1", ["DAN007"], id="no MX"),
    ],
)
def test_keys_make_sense(keys: list[Any], host: str, found: list[str]) -> None:
    site = with_keys(*keys, host=host)
    assert site.codes("DAN") == found
    assert not (found == ["DAN007"] and tlsa(site))


@pytest.mark.parametrize(("shown", "found"), [(ONE, []), (OTHER, []), ("3" * 64, ["DAN001"])])
async def test_the_server_shows_one_of_the_keys(shown: str, found: list[str]) -> None:
    mail = {"hostname": "mail.example.org", "addresses": ["192.0.2.25"]}
    seen = view(plugin, spec_of(hosts={"mail": mail}), options={"keys": [ONE, OTHER]})
    at = next(iter(listeners(seen)))
    facts = TlsFacts("TLSv1.3", "x", (), "ca", NOW, NOW, key_digest=shown)
    world = FakeWorld(sessions={str(at): Session(Reply("220"), tls=facts)})
    done = await outcome(check_of(plugin, "dane.key"), seen, at, world)
    assert codes(done.findings) == found


@pytest.mark.parametrize(
    ("rsa", "ecdsa", "found"),
    [
        pytest.param("", ONE, [], id="one certificate"),
        pytest.param(OTHER, ONE, [], id="two that are published"),
        pytest.param("3" * 64, ONE, ["DAN011"], id="one for old clients, forgotten"),
        pytest.param("", "", [], id="TLS 1.3 alone"),
        pytest.param("", "4" * 64, [], id="the one that another check tells of"),
    ],
)
async def test_certificates_of_both_kinds_are_published(
    rsa: str, ecdsa: str, found: list[str]
) -> None:
    mail = {"hostname": "mail.example.org", "addresses": ["192.0.2.25"]}
    seen = view(plugin, spec_of(hosts={"mail": mail}), options={"keys": [ONE, OTHER]})
    at = next(iter(listeners(seen)))
    agreements: dict[tuple[str, Offer], NegotiatedTls] = {
        (str(at), "RSA"): NegotiatedTls("TLSv1.2", "x", rsa),
        (str(at), "ECDSA"): NegotiatedTls("TLSv1.2", "x", ecdsa),
    }
    facts = TlsFacts("TLSv1.3", "x", (), "ca", NOW, NOW, key_digest="4" * 64)
    sessions = {str(at): Session(Reply("220"), tls=facts)}
    world = FakeWorld(agreements=agreements, sessions=sessions)
    done = await outcome(check_of(plugin, "dane.key-types"), seen, at, world)
    assert codes(done.findings) == found


@pytest.mark.parametrize(("shown", "found"), [(ONE, []), (OTHER, []), ("3" * 64, ["DNG006"])])
async def test_the_key_in_use_stays_published(shown: str, found: list[str]) -> None:
    seen = view(plugin, spec_of(), options={"keys": [ONE, OTHER]})
    at = next(iter(listeners(seen)))
    facts = TlsFacts("TLSv1.3", "x", (), "ca", NOW, NOW, key_digest=shown)
    world = FakeWorld(sessions={str(at): Session(Reply("220"), tls=facts)})
    assert await plan_checks(plugin, seen, world) == found


def test_two_spellings_are_one_record() -> None:
    name = "_25._tcp.mx.example.org."
    assert meaning(name, "TLSA", f"3 1 1 {'ab' * 32}") == meaning(
        name, "TLSA", f"3 1 1 {'AB' * 32}"
    )
