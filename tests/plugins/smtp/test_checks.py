"""SMTP listeners: what they must offer, and must refuse."""

from dataclasses import replace

import pytest

from mailconf.model.endpoint import EndpointAddress
from mailconf.model.outcome import Verdict
from mailconf.model.questions.sessions import Reply, Session
from mailconf.model.requests.promises import MessageSizeLimit, SmtpCapabilities
from mailconf.plugins.smtp import plugin
from mailconf.plugins.smtp.checks import listeners
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view

RENDERED = (
    MessageSizeLimit(host="mail", octets=5_000_000),
    SmtpCapabilities(host="mail", keywords=("PIPELINING", "SIZE", "8BITMIME")),
)
SEEN = view(plugin, spec_of(), requests=RENDERED)
OFFERED = {
    "PIPELINING": "",
    "SIZE": "5000000",
    "8BITMIME": "",
    "ENHANCEDSTATUSCODES": "",
    "DSN": "",
    "CHUNKING": "",
}
GOOD = Session(
    greeting=Reply("220", ("mail.example.org ESMTP",)),
    before={**OFFERED, "STARTTLS": ""},
    upgrade=Reply("220", ("go",)),
    after=OFFERED,
    ehlo_name="mail.example.org",
    probes={"relay": Reply("554", ("no",)), "login before TLS": Reply("530", ("TLS first",))},
)
AUTH = {**OFFERED, "AUTH": "PLAIN LOGIN"}


def listener(name: str) -> EndpointAddress:
    return next(at for at in listeners(SEEN) if at.endpoint.protocol.name == name)


def probed(**probes: Reply) -> Session:
    return replace(GOOD, probes={key.replace("_", " "): reply for key, reply in probes.items()})


@pytest.mark.parametrize(
    ("check", "name", "session", "found"),
    [
        pytest.param("smtp.reachable", "smtp", GOOD, [], id="reachable"),
        pytest.param("smtp.greeting", "smtp", GOOD, [], id="greeting"),
        pytest.param("smtp.greeting", "smtp", replace(GOOD, waited=6.1), [], id="greet pause"),
        pytest.param("smtp.greeting", "smtp", replace(GOOD, waited=12.3), ["SMT018"], id="late"),
        pytest.param(
            "smtp.greeting",
            "smtp",
            replace(GOOD, greeting=Reply("220", ("localhost ESMTP",))),
            ["SMT002"],
            id="greeting of another name",
        ),
        pytest.param(
            "smtp.greeting", "smtp", replace(GOOD, greeting=Reply("220")), ["SMT002"], id="bare"
        ),
        pytest.param("smtp.ehlo-name", "smtp", GOOD, [], id="name"),
        pytest.param(
            "smtp.ehlo-name", "smtp", replace(GOOD, ehlo_name="localhost"), ["SMT003"], id="other"
        ),
        pytest.param("smtp.starttls", "smtp", GOOD, [], id="starttls"),
        pytest.param(
            "smtp.starttls", "smtp", replace(GOOD, before=OFFERED), ["TLS013"], id="not offered"
        ),
        pytest.param(
            "smtp.starttls", "smtp", replace(GOOD, upgrade=Reply("502")), ["TLS013"], id="refused"
        ),
        pytest.param(
            "smtp.starttls",
            "smtp",
            probed(injection=Reply("injected", ("250 x",))),
            ["SMT004"],
            id="injected",
        ),
        pytest.param("smtp.capabilities", "smtp", GOOD, [], id="capabilities"),
        pytest.param(
            "smtp.capabilities",
            "smtp",
            replace(GOOD, after={"SIZE": "5000000"}),
            ["SMT005"],
            id="missing",
        ),
        pytest.param(
            "smtp.capabilities",
            "smtp",
            replace(GOOD, after={**OFFERED, "SIZE": "10"}),
            ["SMT006"],
            id="size",
        ),
        pytest.param(
            "smtp.capabilities",
            "smtp",
            replace(GOOD, probes={**GOOD.probes, "too large": Reply("250", ("ok",))}),
            ["SMT017"],
            id="size not kept",
        ),
        pytest.param(
            "smtp.capabilities",
            "smtp",
            replace(GOOD, probes={**GOOD.probes, "too large": Reply("552", ("no",))}),
            [],
            id="size kept",
        ),
        pytest.param(
            "smtp.capabilities",
            "smtp",
            replace(GOOD, after={**OFFERED, "SMTPUTF8": ""}),
            ["SMT007"],
            id="SMTPUTF8",
        ),
        pytest.param("smtp.no-plaintext-auth", "submission", GOOD, [], id="no login in clear"),
        pytest.param(
            "smtp.no-plaintext-auth",
            "submission",
            replace(GOOD, before=AUTH),
            ["TLS014"],
            id="offered in clear",
        ),
        pytest.param(
            "smtp.no-plaintext-auth",
            "submission",
            probed(login_before_TLS=Reply("535")),
            ["TLS014"],
            id="password looked at in clear",
        ),
        pytest.param("smtp.no-auth-on-25", "smtp", GOOD, [], id="no login on 25"),
        pytest.param(
            "smtp.no-auth-on-25", "smtp", replace(GOOD, after=AUTH), ["TLS015"], id="login on 25"
        ),
        pytest.param("smtp.auth", "submission", replace(GOOD, after=AUTH), [], id="login"),
        pytest.param("smtp.auth", "submission", GOOD, ["SMT008"], id="no login"),
        pytest.param("smtp.no-relay", "smtp", GOOD, [], id="no relay"),
        pytest.param(
            "smtp.no-relay", "smtp", probed(relay=Reply("250", ("ok",))), ["SMT009"], id="relay"
        ),
    ],
)
async def test_sessions(check: str, name: str, session: Session, found: list[str]) -> None:
    at = listener(name)
    done = await outcome(check_of(plugin, check), SEEN, at, FakeWorld(sessions={str(at): session}))
    assert codes(done.findings) == found
    assert done.verdict in (Verdict.PASSED, Verdict.FAILED)


@pytest.mark.parametrize(
    ("check", "session"),
    [
        pytest.param("smtp.starttls", replace(GOOD, upgrade=Reply("454")), id="STARTTLS later"),
        pytest.param("smtp.no-relay", probed(relay=Reply("450")), id="greylisted"),
        pytest.param("smtp.no-relay", probed(), id="ended early"),
    ],
)
async def test_what_is_put_off_is_unknown(check: str, session: Session) -> None:
    at = listener("smtp")
    done = await outcome(check_of(plugin, check), SEEN, at, FakeWorld(sessions={str(at): session}))
    assert done.verdict is Verdict.UNKNOWN


async def test_a_closed_port_is_told_once() -> None:
    at = listener("smtp")
    world = FakeWorld(closed=frozenset({str(at)}))
    done = {c.id: await outcome(c, SEEN, at, world) for c in plugin.checks}
    reached = done.pop("smtp.reachable")
    assert codes(reached.findings) == ["SMT001"]
    assert {one.verdict for one in done.values()} == {Verdict.SKIPPED}


async def test_silence_is_unknown_not_failed() -> None:
    at = listener("smtp")
    world = FakeWorld(silent=frozenset({str(at)}))
    done = [await outcome(check, SEEN, at, world) for check in plugin.checks]
    assert {one.verdict for one in done} == {Verdict.UNKNOWN}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        pytest.param("530", [], id="refused"),
        pytest.param("250", ["SMT016"], id="taken"),
    ],
)
async def test_submission_takes_no_mail_before_tls(code: str, found: list[str]) -> None:
    at = listener("submission")
    world = FakeWorld(sessions={str(at): probed(mail_before_TLS=Reply(code))})
    done = await outcome(check_of(plugin, "smtp.no-plaintext-mail"), SEEN, at, world)
    assert codes(done.findings) == found
