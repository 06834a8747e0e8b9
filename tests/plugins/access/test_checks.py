"""IMAP and POP3 listeners: what they must offer, and must refuse."""

from dataclasses import replace

import pytest

from mailconf.model.endpoint import EndpointAddress, Family
from mailconf.model.outcome import Verdict
from mailconf.model.questions.sessions import Reply, Session
from mailconf.model.requests.promises import AccessCapabilities
from mailconf.plugins.access import plugin
from mailconf.plugins.access.checks import listeners
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view

EXPECTED: dict[Family, tuple[str, ...]] = {"imap": ("IMAP4REV1", "IDLE"), "pop3": ("UIDL", "TOP")}
RENDERED = tuple(
    AccessCapabilities(host="mail", family=family, keywords=words)
    for family, words in EXPECTED.items()
)
SEEN = view(
    plugin,
    spec_of(protocols={"imap": {"port": 143}, "pop3": {"port": 110}}),
    requests=RENDERED,
)
IMAP = Session(
    greeting=Reply("OK", ("ready",)),
    before={"STARTTLS": "", "LOGINDISABLED": "", "IMAP4REV1": ""},
    upgrade=Reply("OK"),
    after=dict.fromkeys(EXPECTED["imap"], "") | {"AUTH": "PLAIN LOGIN"},
    probes={"login before TLS": Reply("NO")},
)
POP3 = Session(
    greeting=Reply("+OK", ("ready",)),
    before={"STLS": "", "CAPA": "", "SASL": ""},
    upgrade=Reply("+OK"),
    after=dict.fromkeys(EXPECTED["pop3"], "") | {"SASL": "PLAIN LOGIN"},
    probes={"login before TLS": Reply("-ERR")},
)
INJECTED = {"injection": Reply("injected", ("* OK",))}


def listener(name: str) -> EndpointAddress:
    return next(at for at in listeners(SEEN) if at.endpoint.protocol.name == name)


@pytest.mark.parametrize(
    ("check", "name", "session", "found"),
    [
        pytest.param("access.greeting", "imap", IMAP, [], id="imap greeting"),
        pytest.param("access.greeting", "pop3", POP3, [], id="pop3 greeting"),
        pytest.param("access.greeting", "pop3", replace(POP3, waited=12.3), ["IMP008"], id="late"),
        pytest.param(
            "access.greeting",
            "imap",
            replace(IMAP, greeting=Reply("PREAUTH")),
            ["IMP002"],
            id="preauth",
        ),
        pytest.param("access.starttls", "imap", IMAP, [], id="starttls"),
        pytest.param("access.starttls", "pop3", POP3, [], id="stls"),
        pytest.param(
            "access.starttls", "imap", replace(IMAP, before={}), ["IMP003"], id="not offered"
        ),
        pytest.param(
            "access.starttls",
            "pop3",
            replace(POP3, upgrade=Reply("-ERR")),
            ["IMP003"],
            id="refused",
        ),
        pytest.param(
            "access.starttls", "imap", replace(IMAP, probes=INJECTED), ["IMP004"], id="injected"
        ),
        pytest.param("access.no-plaintext-login", "imap", IMAP, [], id="no imap login in clear"),
        pytest.param("access.no-plaintext-login", "pop3", POP3, [], id="no pop3 login in clear"),
        pytest.param(
            "access.no-plaintext-login",
            "imap",
            replace(IMAP, before={"STARTTLS": ""}),
            ["IMP005"],
            id="no LOGINDISABLED",
        ),
        pytest.param(
            "access.no-plaintext-login",
            "imap",
            replace(IMAP, before={"LOGINDISABLED": "", "AUTH": "PLAIN"}),
            ["IMP005"],
            id="AUTH=PLAIN in clear",
        ),
        pytest.param(
            "access.no-plaintext-login",
            "pop3",
            replace(POP3, before={"STLS": "", "USER": ""}),
            ["IMP005"],
            id="USER in clear",
        ),
        pytest.param(
            "access.no-plaintext-login",
            "pop3",
            replace(POP3, probes={"login before TLS": Reply("+OK")}),
            ["IMP005"],
            id="USER accepted in clear",
        ),
        pytest.param("access.capabilities", "imap", IMAP, [], id="imap capabilities"),
        pytest.param("access.capabilities", "pop3", POP3, [], id="pop3 capabilities"),
        pytest.param(
            "access.capabilities", "imap", replace(IMAP, after={}), ["IMP006"], id="missing"
        ),
        pytest.param("access.auth", "imap", IMAP, [], id="imap login"),
        pytest.param("access.auth", "pop3", POP3, [], id="pop3 login"),
        pytest.param("access.auth", "pop3", replace(POP3, after={}), ["IMP007"], id="no login"),
    ],
)
async def test_sessions(check: str, name: str, session: Session, found: list[str]) -> None:
    at = listener(name)
    done = await outcome(check_of(plugin, check), SEEN, at, FakeWorld(sessions={str(at): session}))
    assert codes(done.findings) == found


async def test_a_closed_port_is_told_once() -> None:
    at = listener("imap")
    world = FakeWorld(closed=frozenset({str(at)}))
    done = {c.id: await outcome(c, SEEN, at, world) for c in plugin.checks}
    assert codes(done.pop("access.reachable").findings) == ["IMP001"]
    assert {one.verdict for one in done.values()} == {Verdict.SKIPPED}


async def test_silence_is_unknown_not_failed() -> None:
    at = listener("imap")
    world = FakeWorld(silent=frozenset({str(at)}))
    done = [await outcome(check, SEEN, at, world) for check in plugin.checks]
    assert {one.verdict for one in done} == {Verdict.UNKNOWN}
