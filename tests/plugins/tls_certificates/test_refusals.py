"""What must be refused while TLS begins."""

import pytest

from mailconf.model.endpoint import EndpointAddress
from mailconf.model.outcome import Verdict
from mailconf.model.questions.tls import NegotiatedTls, Offer
from mailconf.plugins.tls_certificates import plugin
from mailconf.plugins.tls_certificates.refusals import listeners, listeners_in_clear
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view

SEEN = view(plugin, spec_of())


def at(name: str) -> EndpointAddress:
    return next(one for one in listeners(SEEN) if one.endpoint.protocol.name == name)


@pytest.mark.parametrize(
    ("name", "agreed", "found"),
    [
        pytest.param("imaps", "", [], id="refused"),
        pytest.param("imaps", "TLSv1.1", ["TLS024"], id="to users"),
        pytest.param("smtp", "TLSv1", ["TLS025"], id="between servers"),
    ],
)
async def test_old_versions(name: str, agreed: str, found: list[str]) -> None:
    world = FakeWorld(agreements={(str(at(name)), "old TLS"): NegotiatedTls(version=agreed)})
    done = await outcome(check_of(plugin, "tls.legacy-versions"), SEEN, at(name), world)
    assert codes(done.findings) == found


@pytest.mark.parametrize(("answer", "found"), [("", []), ("250 2.0.0 Ok", ["TLS023"])])
async def test_commands_before_tls(answer: str, found: list[str]) -> None:
    world = FakeWorld(injectable={str(at("submission")): answer})
    done = await outcome(check_of(plugin, "tls.command-injection"), SEEN, at("submission"), world)
    assert codes(done.findings) == found


async def test_a_silent_server_cannot_be_told_about() -> None:
    world = FakeWorld(silent=frozenset({str(at("smtp"))}))
    for name in ("tls.legacy-versions", "tls.command-injection"):
        done = await outcome(check_of(plugin, name), SEEN, at("smtp"), world)
        assert done.verdict is Verdict.UNKNOWN


def test_commands_are_slipped_in_where_tls_begins_with_one() -> None:
    names = {one.endpoint.protocol.name for one in listeners_in_clear(SEEN)}
    assert names == {"smtp", "submission"}


@pytest.mark.parametrize(("agreed", "found"), [("", []), ("AES128-SHA", ["TLS009"])])
async def test_weak_ciphers(agreed: str, found: list[str]) -> None:
    agreements: dict[tuple[str, Offer], NegotiatedTls] = {
        (str(at("imaps")), "weak ciphers"): NegotiatedTls(cipher=agreed)
    }
    world = FakeWorld(agreements=agreements)
    done = await outcome(check_of(plugin, "tls.weak-ciphers"), SEEN, at("imaps"), world)
    assert codes(done.findings) == found


def test_between_servers_weak_ciphers_are_better_than_none() -> None:
    subjects = check_of(plugin, "tls.weak-ciphers").subjects(SEEN)
    assert "smtp" not in {one.endpoint.protocol.name for one in subjects}
