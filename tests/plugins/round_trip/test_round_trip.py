"""What users find when they log in and send mail to themselves."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from mailconf.model.outcome import Outcome, Verdict
from mailconf.model.questions.delivery import Delivery, DeliveryReport
from mailconf.model.questions.sessions import Reply, Session
from mailconf.plugins.round_trip import plugin
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view, yielded
from tests.plugins.round_trip.test_received import IN_CLEAR

ALICE = "alice@example.org"
OPTIONS = {"logins": {ALICE: "ref+env://ALICE"}}
PROTOCOLS = {"pop3s": {"port": 995}, "managesieve": {"port": 4190}, "submission": "off"}
HOST: dict[str, Any] = {"hostname": "mail.example.org", "addresses": ["192.0.2.25"]}
IMAPS, POP3S, SIEVE, SUBMISSIONS = (
    f"{name}://mail.example.org:{port} [192.0.2.25]"
    for name, port in (("imaps", 993), ("pop3s", 995), ("managesieve", 4190), ("submissions", 465))
)
KEY = rsa.generate_private_key(65537, 2048)
PRIVATE = KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()
HEAD = "From: mailconf probe <alice@example.org>\r\nTo: <alice@example.org>\r\n"
UNSIGNED = f"{HEAD}Subject: mailconf probe t0\r\n\r\nhello\r\n"
OK, NO = Reply("OK", ("in",)), Reply("NO", ("[AUTHENTICATIONFAILED] no",))


def signed(domain: str = "example.org", text: str = UNSIGNED) -> str:
    field = dkim.sign(
        text.encode(), b"s1", domain.encode(), PRIVATE, include_headers=[b"from", b"to", b"subject"]
    )
    return str(field.decode()) + text


ZONES: dict[tuple[str, str], tuple[str, ...]] = {
    ("s1._domainkey.example.org.", "TXT"): (f"v=DKIM1; p={PUBLIC}",),
    ("s1._domainkey.other.example.", "TXT"): (f"v=DKIM1; p={PUBLIC}",),
    ("example.org.", "TXT"): ("v=spf1 ip4:192.0.2.25 -all",),
    ("_dmarc.example.org.", "TXT"): ("v=DMARC1; p=reject",),
}


def seen(options: Mapping[str, Any] = OPTIONS, **changes: Any) -> Any:
    spec = spec_of(**{"hosts": {"mail": HOST}, "protocols": PROTOCOLS} | changes)
    return view(plugin, spec, options=options)


def arrival(message: str = UNSIGNED, **changes: Any) -> Delivery:
    return replace(Delivery(0.2, "INBOX", message, "7 1", "7 1"), **changes)


def journey(**changes: Any) -> DeliveryReport:
    both = {IMAPS: arrival(), POP3S: arrival()}
    return replace(DeliveryReport("t0", Reply("250", ("queued",)), both), **changes)


async def gone(
    check: str, found: DeliveryReport, zones: Mapping[tuple[str, str], tuple[str, ...]] = ZONES
) -> Outcome:
    """Return how a check judges a trip."""
    shown = seen()
    one = check_of(plugin, check)
    (trip,) = one.subjects(shown)
    return await outcome(one, shown, trip, FakeWorld(dict(zones), journeys={str(trip): found}))


@pytest.mark.parametrize(
    ("address", "found"),
    [(ALICE, []), ("alice@elsewhere.example", ["RTP001"]), ("sql-user@example.org", [])],
)
def test_logins_are_of_our_domains(address: str, found: list[str]) -> None:
    shown = seen({"logins": {address: "ref+env://X"}})
    assert codes(yielded(plugin.lint, shown)) == found


def test_passwords_are_references() -> None:
    with pytest.raises(ValueError, match="never the secret itself"):
        seen({"logins": {ALICE: "secret"}})


def test_nothing_is_asked_behind_a_load_balancer() -> None:
    behind = {"imaps": {"port": 993, "proxies": ["192.0.2.9"]}, "submission": "off"}
    shown = seen(protocols=behind)
    assert [str(one) for one in check_of(plugin, "login.accepted").subjects(shown)] == [
        f"{SUBMISSIONS} as {ALICE}"
    ]
    assert not list(check_of(plugin, "delivery.arrives").subjects(shown))


@pytest.mark.parametrize(
    ("found", "verdict", "expected"),
    [
        pytest.param(journey(), Verdict.PASSED, [], id="as it should"),
        pytest.param(
            journey(reply=Reply("554", ("5.7.1 no",)), arrivals={}),
            Verdict.FAILED,
            ["RTP010"],
            id="refused",
        ),
        pytest.param(
            journey(reply=Reply("535", ("5.7.8 no",)), arrivals={}),
            Verdict.SKIPPED,
            [],
            id="not let in",
        ),
        pytest.param(
            journey(arrivals={IMAPS: arrival(folder="Junk")}),
            Verdict.FAILED,
            ["RTP012"],
            id="POP3 does not see other folders",
        ),
        pytest.param(
            journey(reply=Reply("451", ("4.7.1 later",)), arrivals={}),
            Verdict.UNKNOWN,
            [],
            id="put off",
        ),
        pytest.param(
            journey(arrivals={IMAPS: arrival()}), Verdict.FAILED, ["RTP011"], id="not by POP3"
        ),
        pytest.param(
            journey(arrivals={}, left="it was not found"),
            Verdict.FAILED,
            ["RTP011", "RTP011"],
            id="lost",
        ),
        pytest.param(
            journey(arrivals={IMAPS: arrival()}, silences={POP3S: "no answer"}),
            Verdict.UNKNOWN,
            [],
            id="one reader is silent",
        ),
        pytest.param(
            journey(arrivals={IMAPS: arrival(folder="Junk"), POP3S: arrival()}),
            Verdict.FAILED,
            ["RTP012"],
            id="spam",
        ),
        pytest.param(journey(left="NO denied"), Verdict.FAILED, ["RTP014"], id="left behind"),
        pytest.param(
            journey(
                arrivals={
                    IMAPS: arrival(
                        UNSIGNED.replace("alice@example.org>\r\nTo", "a@b.example>\r\nTo")
                    ),
                    POP3S: arrival(),
                }
            ),
            Verdict.FAILED,
            ["RTP020"],
            id="somebody has rewritten From",
        ),
        pytest.param(
            journey(
                arrivals=dict.fromkeys(
                    (IMAPS, POP3S), arrival(f"Received: {IN_CLEAR}\r\n{UNSIGNED}")
                )
            ),
            Verdict.FAILED,
            ["RTP024", "RTP024"],
            id="received in clear, as it says",
        ),
    ],
)
async def test_mail_arrives(found: DeliveryReport, verdict: Verdict, expected: list[str]) -> None:
    told = await gone("delivery.arrives", found)
    assert (told.verdict, codes(told.findings)) == (verdict, expected)


async def test_how_long_it_took_is_measured() -> None:
    told = await gone("delivery.arrives", journey())
    assert [(one.name, one.seconds) for one in told.measures] == [(IMAPS, 0.2), (POP3S, 0.2)]


@pytest.mark.parametrize(
    ("again", "expected"),
    [("7 1", []), ("", ["RTP013"]), ("8 1", ["RTP007"])],
    ids=["stays", "gone", "another id"],
)
async def test_what_was_read_stays(again: str, expected: list[str]) -> None:
    told = await gone("delivery.kept", journey(arrivals={IMAPS: arrival(id_again=again)}))
    assert codes(told.findings) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        pytest.param(signed(), [], id="signed"),
        pytest.param(UNSIGNED, ["RTP015"], id="unsigned"),
        pytest.param(signed().replace("hello", "hullo"), ["RTP015"], id="broken"),
        pytest.param(signed("other.example"), ["RTP016"], id="by another domain"),
        pytest.param(signed("other.example", signed()), [], id="by both"),
    ],
)
async def test_mail_is_signed_by_its_domain(message: str, expected: list[str]) -> None:
    told = await gone("delivery.dkim", journey(arrivals={IMAPS: arrival(message)}))
    assert codes(told.findings) == expected


SPF = ("example.org.", "TXT")


@pytest.mark.parametrize(
    ("record", "expected"),
    [("v=spf1 ip4:192.0.2.25 -all", []), ("v=spf1 ip4:192.0.2.26 -all", ["RTP017"])],
)
async def test_mail_comes_from_where_it_may(record: str, expected: list[str]) -> None:
    told = await gone("delivery.spf", journey(), {**ZONES, SPF: (record,)})
    assert codes(told.findings) == expected


OTHER_SPF = {SPF: ("v=spf1 -all",)}


@pytest.mark.parametrize(
    ("message", "zones", "expected"),
    [
        pytest.param(signed(), {}, [], id="both"),
        pytest.param(UNSIGNED, {}, [], id="SPF is enough"),
        pytest.param(signed(), OTHER_SPF, [], id="DKIM is enough"),
        pytest.param(UNSIGNED, OTHER_SPF, ["RTP018"], id="neither"),
        pytest.param(signed(), {("_dmarc.example.org.", "TXT"): ()}, ["RTP018"], id="no policy"),
        pytest.param(
            "Authentication-Results: mail.example.org; dkim=fail\r\n" + signed(),
            {},
            ["RTP019"],
            id="our own host says otherwise",
        ),
        pytest.param(
            "Authentication-Results: mx.stranger.example; dkim=fail\r\n" + signed(),
            {},
            [],
            id="somebody else says otherwise",
        ),
    ],
)
async def test_receivers_take_mail_for_genuine(
    message: str, zones: Mapping[tuple[str, str], tuple[str, ...]], expected: list[str]
) -> None:
    told = await gone(
        "delivery.dmarc", journey(arrivals={IMAPS: arrival(message)}), {**ZONES, **zones}
    )
    assert codes(told.findings) == expected


async def test_what_did_not_arrive_cannot_be_judged() -> None:
    for check in ("delivery.dkim", "delivery.spf", "delivery.dmarc"):
        assert (await gone(check, journey(arrivals={}))).verdict is Verdict.UNKNOWN


def test_what_a_smarthost_sends_is_not_judged_here() -> None:
    through = {"example.org": {"smarthost": {"host": "smtp.provider.example"}}}
    shown = seen(domains=through)
    assert list(check_of(plugin, "delivery.arrives").subjects(shown))
    assert not list(check_of(plugin, "delivery.dkim").subjects(shown))


IMAP_CAPABILITIES = (
    "IMAP4REV1", "IDLE", "NAMESPACE", "SPECIAL-USE", "UIDPLUS", "MOVE", "CONDSTORE", "ESEARCH",
)  # fmt: skip
FOLDERS = Reply(
    "OK",
    tuple(
        f'* LIST (\\HasNoChildren \\{use}) "/" {use}'
        for use in ("Archive", "Drafts", "Junk", "Sent", "Trash")
    ),
)


NAMES = {"special_use": "special-use", "foreign_sender": "foreign sender", "too_large": "too large"}


def session(after: Any = IMAP_CAPABILITIES, **probes: Reply) -> Session:
    named = {NAMES.get(name, name): reply for name, reply in probes.items()}
    return Session(
        Reply("OK"), after=dict.fromkeys(after, ""), probes={"login": OK, "inbox": OK, **named}
    )


async def logged_in(check: str, at: str, shown: Session, account: str = ALICE) -> Outcome:
    """Return how a check judges what a login shows."""
    one, everything = check_of(plugin, check), seen()
    (subject,) = [s for s in one.subjects(everything) if str(s) == f"{at} as {account}"]
    return await outcome(one, everything, subject, FakeWorld(logins={(at, account): shown}))


@pytest.mark.parametrize(
    ("check", "at", "shown", "verdict", "expected"),
    [
        ("login.accepted", IMAPS, session(), Verdict.PASSED, []),
        ("login.accepted", SIEVE, session(), Verdict.PASSED, []),
        ("login.accepted", IMAPS, session(login=NO), Verdict.FAILED, ["RTP002"]),
        (
            "login.accepted",
            IMAPS,
            session(login=Reply("NO", ("[UNAVAILABLE] later",))),
            Verdict.UNKNOWN,
            [],
        ),
        (
            "login.accepted",
            SUBMISSIONS,
            session(login=Reply("454", ("4.7.0 later",))),
            Verdict.UNKNOWN,
            [],
        ),
        ("login.accepted", POP3S, session(login=Reply("-ERR", ("[AUTH] no",))), Verdict.FAILED, ["RTP002"]),
        ("login.accepted", POP3S, session(login=Reply("-ERR", ("[IN-USE] x",))), Verdict.UNKNOWN, []),
        ("login.capabilities", IMAPS, session(), Verdict.PASSED, []),
        ("login.capabilities", IMAPS, session(("IMAP4REV1",)), Verdict.FAILED, ["RTP004"]),
        ("login.capabilities", IMAPS, session(login=NO), Verdict.SKIPPED, []),
        ("login.commands", IMAPS, session(idle=OK), Verdict.PASSED, []),
        ("login.commands", IMAPS, session(idle=NO), Verdict.FAILED, ["RTP006"]),
        ("login.commands", POP3S, session(top=Reply("-ERR")), Verdict.FAILED, ["RTP006"]),
        ("login.special-use", IMAPS, session(special_use=FOLDERS), Verdict.PASSED, []),
        (
            "login.special-use",
            IMAPS,
            session(special_use=Reply("OK", FOLDERS.lines[1:])),
            Verdict.FAILED,
            ["RTP005"],
        ),
        ("login.foreign-sender", SUBMISSIONS, session(foreign_sender=Reply("553")), Verdict.PASSED, []),
        ("login.foreign-sender", SUBMISSIONS, session(foreign_sender=Reply("450")), Verdict.UNKNOWN, []),
        ("login.foreign-sender", SUBMISSIONS, session(foreign_sender=Reply("250")), Verdict.FAILED, ["RTP008"]),
        ("login.size-limit", SUBMISSIONS, session(too_large=Reply("552")), Verdict.PASSED, []),
        ("login.size-limit", SUBMISSIONS, session(), Verdict.PASSED, []),
        ("login.size-limit", SUBMISSIONS, session(too_large=Reply("250")), Verdict.FAILED, ["RTP009"]),
    ],
)  # fmt: skip
async def test_what_a_login_shows(
    check: str, at: str, shown: Session, verdict: Verdict, expected: list[str]
) -> None:
    told = await logged_in(check, at, shown)
    assert (told.verdict, codes(told.findings)) == (verdict, expected)


@pytest.mark.parametrize(("answer", "expected"), [(NO, []), (OK, ["RTP003"])], ids=["no", "yes"])
@pytest.mark.parametrize("at", [IMAPS, SUBMISSIONS])
async def test_any_password(at: str, answer: Reply, expected: list[str]) -> None:
    shown = session(login=answer)
    told = await logged_in("login.wrong-password", at, shown, f"{ALICE}, wrong password")
    assert codes(told.findings) == expected


async def test_whoever_does_not_log_in_skips_everything() -> None:
    shown = seen()
    for check in plugin.checks:
        assert check.intrusive
        for subject in check.subjects(shown):
            told = await outcome(check, shown, subject, FakeWorld())
            assert told.verdict is Verdict.SKIPPED


@pytest.mark.parametrize(("ends", "expected"), [((), []), (("LF . LF",), ["RTP021"])])
async def test_other_ends_of_data(ends: tuple[str, ...], expected: list[str]) -> None:
    shown, check = seen(), check_of(plugin, "delivery.smuggling")
    by_port = {trip.by.endpoint.protocol.name: trip for trip in check.subjects(shown)}
    assert sorted(by_port) == ["smtp", "submissions"]
    for trip in by_port.values():
        told = await outcome(check, shown, trip, FakeWorld(smugglers={str(trip): ends}))
        assert codes(told.findings) == expected


@pytest.mark.parametrize(
    ("found", "verdict", "expected"),
    [
        pytest.param(journey(), Verdict.PASSED, [], id="arrives"),
        pytest.param(
            journey(arrivals={IMAPS: arrival(folder="Junk")}),
            Verdict.PASSED,
            [],
            id="taken for spam",
        ),
        pytest.param(
            journey(reply=Reply("550", ("5.1.1 <alice@example.org>: unknown",)), arrivals={}),
            Verdict.FAILED,
            ["RTP022"],
            id="unknown",
        ),
        pytest.param(
            journey(reply=Reply("554", ("5.7.1 your address is on a list",)), arrivals={}),
            Verdict.UNKNOWN,
            [],
            id="refused for what we are",
        ),
        pytest.param(
            journey(reply=Reply("450", ("4.2.0 greylisted",)), arrivals={}),
            Verdict.UNKNOWN,
            [],
            id="put off",
        ),
        pytest.param(
            journey(arrivals={}, left="it was not found"), Verdict.FAILED, ["RTP023"], id="lost"
        ),
        pytest.param(
            journey(arrivals={}, silences={IMAPS: "no answer"}), Verdict.UNKNOWN, [], id="unseen"
        ),
        pytest.param(journey(left="NO denied"), Verdict.FAILED, ["RTP014"], id="left behind"),
    ],
)
async def test_strangers_can_write(
    found: DeliveryReport, verdict: Verdict, expected: list[str]
) -> None:
    told = await gone("delivery.inbound", found)
    assert (told.verdict, codes(told.findings)) == (verdict, expected)
    assert str(told.subject) == f"smtp://mail.example.org:25 [192.0.2.25] to {ALICE}"
