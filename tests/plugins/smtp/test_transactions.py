"""Recipients that must be taken, and those that must not."""

import pytest

from mailconf.model.endpoint import EndpointAddress
from mailconf.model.outcome import Verdict
from mailconf.model.questions.sessions import Reply, Session
from mailconf.model.questions.transactions import Envelope, SmtpTransactions
from mailconf.plugins.smtp import plugin
from mailconf.plugins.smtp.transactions import FOREIGN, mx_listeners
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view

DOMAIN = {"mailboxes": {"alice": {}}, "aliases": {"postmaster": "alice", "abuse": "alice"}}
SPEC = spec_of(domains={"example.org": DOMAIN})
SEEN = view(plugin, SPEC)
YES, LATER = Reply("250", ("2.1.5 Ok",)), Reply("450", ("4.7.1 greylisted",))
DUTIES = {
    Envelope("", "postmaster@example.org"): YES,
    Envelope("", "abuse@example.org"): YES,
}


def at(seen: object = SEEN) -> EndpointAddress:
    return next(mx_listeners(seen))  # type: ignore[arg-type]


def to(recipient: str, sender: str = "") -> Envelope:
    return Envelope(sender, recipient)


@pytest.mark.parametrize(
    ("check", "replies", "found"),
    [
        pytest.param("smtp.postmaster", DUTIES, [], id="both taken"),
        pytest.param("smtp.postmaster", {}, ["SMT011", "SMT012"], id="both refused"),
        pytest.param("smtp.unknown-recipient", {}, [], id="nobody refused"),
        pytest.param(
            "smtp.unknown-recipient",
            {to("mailconf-probe-nobody@example.org"): YES},
            ["SMT013"],
            id="nobody taken",
        ),
        pytest.param("smtp.relay-variants", {}, [], id="no way to relay"),
        pytest.param(
            "smtp.relay-variants",
            {to(f"probe%{FOREIGN}@example.org"): YES},
            ["SMT010"],
            id="percent",
        ),
        pytest.param(
            "smtp.relay-variants",
            {to(f"{FOREIGN}!probe@example.org"): YES},
            ["SMT010"],
            id="bang path",
        ),
        pytest.param(
            "smtp.relay-variants",
            {to(f"@example.org:probe@{FOREIGN}"): YES},
            ["SMT010"],
            id="source route",
        ),
        pytest.param(
            "smtp.relay-variants",
            {to(f'"probe@{FOREIGN}"@example.org'): YES},
            ["SMT010"],
            id="quoted",
        ),
        pytest.param(
            "smtp.relay-variants",
            {to(f"probe@{FOREIGN}", "postmaster@example.org"): YES},
            ["SMT010"],
            id="in our own name",
        ),
    ],
)
async def test_recipients(check: str, replies: dict[Envelope, Reply], found: list[str]) -> None:
    done = await outcome(check_of(plugin, check), SEEN, at(), FakeWorld(replies=replies))
    assert codes(done.findings) == found
    assert done.verdict is (Verdict.FAILED if found else Verdict.PASSED)


@pytest.mark.parametrize(
    "check", ["smtp.postmaster", "smtp.unknown-recipient", "smtp.relay-variants"]
)
async def test_who_is_put_off_cannot_be_told_about(check: str) -> None:
    domains = ("postmaster@example.org", "abuse@example.org", "mailconf-probe-nobody@example.org")
    later = {to(name): LATER for name in domains} | {to(f"@example.org:probe@{FOREIGN}"): LATER}
    done = await outcome(check_of(plugin, check), SEEN, at(), FakeWorld(replies=later))
    assert (done.verdict, "was temporarily rejected: 450" in done.why) == (Verdict.UNKNOWN, True)


def impatient() -> FakeWorld:
    """A server that ends the session after two recipients."""

    def some(question: SmtpTransactions) -> dict[Envelope, Reply]:
        return dict.fromkeys(question.envelopes[:2], YES)

    return FakeWorld(said={SmtpTransactions: some})


async def test_what_a_session_did_not_get_to_cannot_be_told() -> None:
    done = await outcome(check_of(plugin, "smtp.relay-variants"), SEEN, at(), impatient())
    assert (done.verdict, "the session ended before" in done.why) == (Verdict.UNKNOWN, True)
    done = await outcome(check_of(plugin, "smtp.postmaster"), SEEN, at(), impatient())
    assert done.verdict is Verdict.PASSED


async def test_a_domain_that_takes_everything_is_not_asked_for_nobody() -> None:
    """Whatever stands before the @ is a mailbox there, per cent signs too."""
    seen = view(plugin, spec_of(domains={"example.org": {**DOMAIN, "catch_all": "alice"}}))
    everything = {
        to(f"probe%{FOREIGN}@example.org"): YES,
        to("mailconf-probe-nobody@example.org"): YES,
    }
    for check in ("smtp.unknown-recipient", "smtp.relay-variants"):
        done = await outcome(check_of(plugin, check), seen, at(seen), FakeWorld(replies=everything))
        assert done.verdict is Verdict.PASSED


def test_only_hosts_that_take_mail_are_asked() -> None:
    assert not list(mx_listeners(view(plugin, spec_of(domains={"example.org": {"mail": "none"}}))))


@pytest.mark.parametrize(
    ("somebody", "nobody", "expn", "found"),
    [
        pytest.param("502", "502", "502", [], id="switched off"),
        pytest.param("252", "252", "502", [], id="says nothing"),
        pytest.param("250", "550", "502", ["SMT014"], id="VRFY tells"),
        pytest.param("252", "252", "250", ["SMT015"], id="EXPN tells"),
    ],
)
async def test_names_are_kept_secret(
    somebody: str, nobody: str, expn: str, found: list[str]
) -> None:
    probes = {"vrfy postmaster": somebody, "vrfy nobody": nobody, "expn": expn}
    session = Session(Reply("220"), probes={key: Reply(code) for key, code in probes.items()})
    world = FakeWorld(sessions={str(at()): session})
    done = await outcome(check_of(plugin, "smtp.user-enumeration"), SEEN, at(), world)
    assert codes(done.findings) == found
