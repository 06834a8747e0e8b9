"""Who may send as whom, by how a message comes in."""

import time
from dataclasses import replace

import pytest

from mailconf.programs.originators.policy import forged_traces, is_external, refusal
from mailconf.programs.originators.rules import Message, Rules, Sieve
from mailconf.programs.originators.scripts import is_notice

RULES = Rules(
    hostnames=("mail.a.example", "mx2.a.example"),
    logins={
        "alice@a.example": ("alice@a.example",),
        "info@a.example": ("alice@a.example", "bob@a.example"),
        "bob@a.example": ("bob@a.example",),
        "desk@a.example": ("desk@a.example", "alice@a.example"),
        "@b.example": ("bob@a.example",),
        "dora@c.example": ("dora@c.example",),
        "out@c.example": (),
        "@c.example": ("carl@c.example",),
    },
    own_logins=("sql.example",),
    own=("192.0.2.7",),
    programs=("@mail.a.example", "app@a.example"),
    hosts={"192.0.2.9": ("@app.a.example", "@a.example")},
    trusted=("192.0.2.7", "192.0.2.8"),
    sieve=Sieve("SIEVE", "vmail", ("postmaster@a.example", "@mail.a.example"), 10027),
    domains=frozenset(("a.example", "b.example", "c.example", "sql.example")),
    organizations=frozenset(("a.example", "b.example", "c.example", "sql.example", "uni.example")),
    srs_domain="b.example",
)
OUTSIDE = "198.51.100.1"


def message(*authors: str, client: str = OUTSIDE, **known: str) -> Message:
    fields = [("From", author) for author in authors]
    return Message(client, known.pop("daemon", "mail.a.example"), fields=fields, **known)


@pytest.mark.parametrize(
    ("login", "author", "refused"),
    [
        pytest.param("alice@a.example", "alice@a.example", False, id="own"),
        pytest.param("Alice@a.example", "ALICE@A.example", False, id="case"),
        pytest.param("alice@a.example", "alice+tag@a.example", False, id="extension"),
        pytest.param("alice@a.example", "Info <info@a.example>", False, id="alias"),
        pytest.param("alice@a.example", "bob@a.example", True, id="another"),
        pytest.param(
            "alice@a.example", "alice@a.example, bob@a.example", True, id="a second author"
        ),
        pytest.param(
            "alice@a.example", '<"alice"@a.example>', False, id="quotes that mean nothing"
        ),
        pytest.param("bob@b.example", '<"alice"@a.example>', True, id="another in quotes"),
        pytest.param(
            "carl@c.example", '<"dora"@c.example>', True, id="a mailbox beside a catch-all"
        ),
        pytest.param("carl@c.example", '<"do\\ra"@c.example>', True, id="one with a quoted pair"),
        pytest.param("carl@c.example", "out@c.example", True, id="an alias that leads elsewhere"),
        pytest.param("carl@c.example", "any@c.example", False, id="what the domain does not list"),
        pytest.param("alice@a.example", "x@elsewhere.example", True, id="a foreign domain"),
        pytest.param("bob@a.example", "anything@b.example", False, id="a whole domain"),
        pytest.param("dora@c.example", '<"dora+ x"@c.example>', False, id="a quoted extension"),
        pytest.param("carl@c.example", '<"dora+ x"@c.example>', True, id="another's in quotes"),
        pytest.param("carl@sql.example", "carl+x@sql.example", False, id="whom the store knows"),
        pytest.param("carl@sql.example", "dora@sql.example", True, id="another of the store's"),
        pytest.param("alice@a.example", "alice@mail.a.example", True, id="a name of the host"),
    ],
)
def test_a_login_is_held_to_its_addresses(login: str, author: str, refused: bool) -> None:
    found = refusal(message(author, login=login), RULES)
    assert (found is not None and found.code == "550 5.7.1") is refused


@pytest.mark.parametrize("authors", [(), ("a@b.example <",), ("a@b.example", "c@d.example")])
@pytest.mark.parametrize("known", [{}, {"login": "alice@a.example"}, {"client": "127.0.0.1"}])
def test_without_exactly_one_readable_author_nothing_is_taken(
    authors: tuple[str, ...], known: dict[str, str]
) -> None:
    found = refusal(message(*authors, **known), RULES)
    assert found
    assert found.code == "554 5.6.0"


def test_strangers_write_as_themselves() -> None:
    assert refusal(message("x@elsewhere.example", mail_from="y@third.example"), RULES) is None
    for second in ("y@e.example", "y@f.example"):
        found = refusal(message(f"x@e.example, {second}"), RULES)
        assert found
        assert "several authors" in found.text


@pytest.mark.parametrize("client", ["", "127.0.0.1", "127.8.0.1", "::1", "192.0.2.7"])
@pytest.mark.parametrize(
    ("sender", "author", "refused"),
    [
        pytest.param("www-data@mail.a.example", "root@mail.a.example", False, id="the host's name"),
        pytest.param("", "MAILER-DAEMON@mail.a.example", False, id="a bounce"),
        pytest.param("app@a.example", "app@a.example", False, id="what the spec gives it"),
        pytest.param("app@a.example", "alice@a.example", True, id="another author"),
        pytest.param("alice@a.example", "app@a.example", True, id="another sender"),
    ],
)
def test_programs_are_held_to_what_the_host_has(
    client: str, sender: str, author: str, refused: bool
) -> None:
    found = refusal(message(author, client=client, mail_from=sender), RULES)
    assert bool(found) is refused


def test_programs_may_add_an_extension() -> None:
    """As sendmail -f may (postconf(5) local_login_sender_maps)."""
    found = message("app+b1@a.example", client="127.0.0.1", mail_from="app+b1@a.example")
    assert refusal(found, RULES) is None
    assert refusal(message("apple@a.example", client="127.0.0.1"), RULES)


def test_a_host_without_users_is_held_to_what_it_has() -> None:
    assert (
        refusal(message("x@a.example", client="192.0.2.9", mail_from="x@a.example"), RULES) is None
    )
    assert refusal(message("x@b.example", client="192.0.2.9"), RULES)
    assert refusal(message("x@b.example", client="192.0.2.8"), RULES) is None


@pytest.mark.parametrize(
    ("sender", "author", "account", "refused"),
    [
        pytest.param("alice@a.example", "alice@a.example", "vmail", False, id="own notice"),
        pytest.param(
            "alice+x@a.example", "info@a.example", "vmail", False, id="alias of the owner"
        ),
        pytest.param("alice@a.example", "bob@a.example", "vmail", True, id="notice of another"),
        pytest.param("desk@a.example", "desk@a.example", "vmail", False, id="a shared mailbox"),
        pytest.param("desk+x@a.example", "alice@a.example", "vmail", True, id="who sends as it"),
        pytest.param("desk@a.example", "info@a.example", "vmail", True, id="what they send as"),
        pytest.param("x@sql.example", "x@sql.example", "vmail", False, id="one that is not listed"),
        pytest.param("", "postmaster@a.example", "vmail", False, id="rejection"),
        pytest.param("", "alice@a.example", "vmail", True, id="rejection in a user's name"),
        pytest.param("alice@a.example", "alice@a.example", "www-data", True, id="another account"),
        pytest.param("alice@a.example", "alice@a.example", "", True, id="an unknown account"),
    ],
)
def test_scripts_answer_as_their_owner(
    sender: str, author: str, account: str, refused: bool
) -> None:
    one = message(author, client="127.0.0.1", mail_from=sender, account=account, daemon="SIEVE")
    assert bool(refusal(one, RULES)) is refused
    assert is_notice(one, RULES) is bool(sender)


def test_redirected_mail_keeps_its_author_and_its_return_path() -> None:
    one = message("x@e.example", client="127.0.0.1", mail_from="x@e.example", account="vmail")
    one.daemon = "SIEVE"
    one.fields.append(("X-Sieve-Redirected-From", "alice@a.example"))
    assert refusal(one, RULES) is None
    assert not is_notice(one, RULES)


@pytest.mark.parametrize(
    ("sender", "author", "refused"),
    [
        pytest.param("bob@a.example", "alice@a.example", True, id="a notice that claims it"),
        pytest.param("bob+x@a.example", "alice@a.example", True, id="with an extension"),
        pytest.param("bob@a.example", "bob@a.example", False, id="what a user sent"),
        pytest.param("info@a.example", "info@a.example", False, id="what a user sent as an alias"),
        pytest.param("info@a.example", "bob@a.example", False, id="what a user sent for an alias"),
        pytest.param("desk@a.example", "desk@a.example", False, id="what a user sent as another"),
        pytest.param("desk@a.example", "alice@a.example", True, id="who may send as the owner"),
        pytest.param("", "alice@a.example", True, id="without a return path"),
        pytest.param("", "mailer-daemon@mx2.a.example", False, id="a bounce of ours"),
        pytest.param("", "postmaster@a.example", True, id="a bounce of a domain"),
        pytest.param("", "ceo@a.example", True, id="an address that nobody has"),
        pytest.param("", "x@news.a.example", True, id="a name below a domain"),
        pytest.param("", "mailer-daemon@e.example", False, id="a bounce of others"),
        pytest.param("list@e.example", "alice@a.example", False, id="from a list"),
        pytest.param("SRS0=hJ=QW=e.example=x@b.example", "x@e.example", False, id="rewritten"),
        pytest.param("srs1=h=f.example==x=y@b.example", "x@e.example", False, id="rewritten twice"),
        pytest.param("any@b.example", "x@e.example", True, id="of a catch-all"),
        pytest.param("SRS0=x@a.example", "x@e.example", False, id="nobody's at another domain"),
        pytest.param("SRS0=x@sql.example", "x@e.example", True, id="rewritten nowhere here"),
    ],
)
def test_a_field_makes_no_redirected_mail_of_a_notice(
    sender: str, author: str, refused: bool
) -> None:
    """Scripts write fields of their own: `vacation :mime`, and the query of a mailto URI."""
    one = message(author, client="127.0.0.1", mail_from=sender, account="vmail", daemon="SIEVE")
    one.fields.append(("X-Sieve-Redirected-From", "alice@a.example"))
    assert bool(refusal(one, RULES)) is refused


FAILED = "mx2.a.example; spf=softfail smtp.mailfrom=x; dmarc=fail (p=none dis=none) header.from=x"
PASSED = "mail.a.example; dkim=pass header.d=x; dmarc=pass (p=none dis=none) header.from=x"
NO_POLICY = "mail.a.example; dmarc=none header.from=x"
OF_OTHERS = "mx.e.example; dmarc=fail header.from=x"
HIDDEN = 'mail.a.example; spf=softfail smtp.mailfrom="x("@a.example; dmarc=fail header.from=x'


@pytest.mark.parametrize(
    ("results", "sender", "author", "refused"),
    [
        pytest.param(FAILED, "ceo@a.example", "ceo@a.example", True, id="nobody's address"),
        pytest.param(FAILED, "bob@a.example", "bob@a.example", True, id="a user's address"),
        pytest.param(FAILED, "x@news.a.example", "ceo@a.example", True, id="below a domain"),
        pytest.param(FAILED, "x@cs.uni.example", "rector@uni.example", True, id="above a domain"),
        pytest.param(FAILED, "SRS0=h=t=e.example=x@b.example", "ceo@b.example", True, id="SRS"),
        pytest.param(FAILED, "x@e.example", "ceo@b.example", True, id="SRS that follows"),
        pytest.param(FAILED, "x@e.example", "ceo@a.example", False, id="SRS of another domain"),
        pytest.param(FAILED, "", "mailer-daemon@mail.a.example", True, id="a forged bounce"),
        pytest.param(FAILED, "", "rector@uni.example", True, id="a forged bounce from above"),
        pytest.param(FAILED, "", "x@e.example", False, id="a stranger's bounce"),
        pytest.param(FAILED, "list@e.example", "x@f.example", False, id="strangers"),
        pytest.param(FAILED, "ceo@a.example", "x@f.example", False, id="another's author"),
        pytest.param(PASSED, "news@a.example", "news@a.example", False, id="genuine"),
        pytest.param(NO_POLICY, "news@a.example", "news@a.example", False, id="no policy"),
        pytest.param(OF_OTHERS, "news@a.example", "news@a.example", False, id="others' results"),
        pytest.param(HIDDEN, '"x("@a.example', "ceo@a.example", True, id="a comment in quotes"),
        pytest.param(PASSED, "", "mailer-daemon@mail.a.example", False, id="a bounce of a host"),
        pytest.param("mail.a.example; DMARC = TempError", "", "x@mail.a.example", True, id="DNS"),
    ],
)
def test_what_failed_dmarc_is_not_redirected_to_pass_it(
    results: str, sender: str, author: str, refused: bool
) -> None:
    """The policy may be none, so that it came in; SPF of the sender under which it leaves is ours."""
    one = message(author, client="127.0.0.1", mail_from=sender, account="vmail", daemon="SIEVE")
    one.fields.append(("X-Sieve-Redirected-From", "alice@a.example"))
    one.fields.append(("Authentication-Results", results))
    assert bool(refusal(one, RULES)) is refused


@pytest.mark.parametrize("known", [{}, {"login": "alice@a.example"}, {"client": "192.0.2.8"}])
@pytest.mark.parametrize(("octets", "refused"), [(997, False), (998, True)])
def test_a_field_name_that_postfix_breaks_is_refused(
    known: dict[str, str], octets: int, refused: bool
) -> None:
    """What follows it would be body for the next host: the mark of strangers, too."""
    one = message("alice@a.example", **known)
    one.fields.append(("X" * octets, "y"))
    assert bool(refusal(one, RULES)) is refused


NOTIFIED = 'auto-notified; owner-email="%s"'


@pytest.mark.parametrize(
    ("author", "submitted", "redirected", "refused"),
    [
        pytest.param("bob@a.example", "bob@a.example", False, False, id="its owner"),
        pytest.param("bob@a.example", "bob@a.example", True, True, id="its owner, as redirected"),
        pytest.param("x@sql.example", "x@sql.example", True, True, id="forged, with an owner"),
        pytest.param(
            "bob@a.example",
            '"alice+owner-email=bob@a.example"@a.example',
            False,
            True,
            id="forged extension",
        ),
        pytest.param(
            "alice@a.example",
            '"alice+owner-email=bob@a.example"@a.example',
            False,
            False,
            id="quoted",
        ),
        pytest.param("alice@a.example", '"alice+ x"@a.example', False, False, id="quoted, a space"),
        pytest.param("info@a.example", "bob+x@a.example", False, False, id="its owner's alias"),
        pytest.param("alice@a.example", "desk@a.example", False, True, id="who may send as it"),
        pytest.param("postmaster@a.example", "bob@a.example", False, True, id="postmaster"),
        pytest.param("root@mail.a.example", "bob@a.example", False, True, id="the host"),
        pytest.param("ceo@a.example", "bob@a.example", True, True, id="nobody, as redirected"),
        pytest.param("x@e.example", "bob@a.example", True, True, id="a stranger, as redirected"),
        pytest.param("postmaster@a.example", "?", False, True, id="no owner"),
        pytest.param(
            "x@e.example", "y@e.example", True, False, id="a stranger's notice, redirected"
        ),
        pytest.param("ceo@a.example", "y@e.example", True, True, id="forged, redirected"),
    ],
)
def test_a_notification_without_a_return_path_is_its_owner_s(
    author: str, submitted: str, redirected: bool, refused: bool
) -> None:
    """Dovecot notifies of a bounce with the null sender (RFC 5436 §2.7.1 names the owner)."""
    one = message(author, client="127.0.0.1", account="vmail", daemon="SIEVE")
    one.fields.append(("Auto-Submitted", NOTIFIED % submitted))
    if redirected:
        one.fields.append(("X-Sieve-Redirected-From", "alice@a.example"))
    assert bool(refusal(one, RULES)) is refused


def test_a_refusal_of_a_folded_notification_is_one_line() -> None:
    one = message("bob@a.example", client="127.0.0.1", account="vmail", daemon="SIEVE")
    one.fields.append(("Auto-Submitted", NOTIFIED % "alice\r\n +x@a.example"))
    found = refusal(one, RULES)
    assert found
    assert found.text.isprintable()


def test_two_owners_of_a_notification_are_none() -> None:
    one = message("bob@a.example", client="127.0.0.1", account="vmail", daemon="SIEVE")
    for owner in ("alice@a.example", "bob@a.example"):
        one.fields.append(("Auto-Submitted", NOTIFIED % owner))
    assert refusal(one, RULES)


@pytest.mark.parametrize(
    ("name", "head", "filler"),
    [
        ("Authentication-Results", "mx.e.example;", "\r\n" + 990 * " "),
        ("Authentication-Results", "mx.e.example", 250 * "\r\n ."),
        ("Auto-Submitted", "auto-notified; ", 80 * '"owner-email='),
        ("Auto-Submitted", 'auto-notified; owner-email="', 500 * '" '),
    ],
    ids=["blanks", "dots", "owners", "quotes"],
)
def test_ten_times_the_field_is_read_with_ten_times_the_work(
    name: str, head: str, filler: str
) -> None:
    """While one message is judged, no other is."""

    def spent(times: int) -> float:
        one = message("x@e.example", client="127.0.0.1", account="vmail", daemon="SIEVE")
        one.fields.append((name, f"{head}{filler * times}x"))
        begun = time.process_time()
        refusal(one, RULES)
        forged_traces(one, RULES)
        return time.process_time() - begun

    assert spent(1000) < 40 * spent(100) + 0.05


FIELDS = [
    ("Received-SPF", "Pass (mailfrom) ours"),
    ("Received-SPF", "Pass forged"),
    ("From", "x@e.example"),
    ("X-Spam", "No"),
    ("x-spam-status", "No"),
    ("Authentication-Results", "mail.a.example; dkim=pass"),
    ("Authentication-Results", "mx.e.example; dkim=pass"),
    ("ARC-Authentication-Results", "i=1; mail.a.example; dkim=pass"),
    ("ARC-Authentication-Results", "i=1; (c) MAIL.A.example; dkim=pass"),
    ("ARC-Authentication-Results", "i = 1 ; mail.a.example ; dkim=pass"),
    ("ARC-Authentication-Results", 'i=1; "mail.a.example"; dkim=pass'),
    ("Authentication-Results", '"mail\\.a.example"; dkim=pass'),
    ("Authentication-Results", "mx.e.example; spf=pass smtp.mailfrom=mail.a.example"),
    ("ARC-Authentication-Results", "i=1; mx.e.example; dkim=pass"),
    ("X-Spammer", "x"),
    ("X-Mailer", "x"),
    ("X-Mailconf-External", "yes"),
    ("ARC-Authentication-Results", "i=1; ((c) d) mail.a.example; dkim=pass"),
    ("ARC-Authentication-Results", "(c\\)) i=1; mx2.a.example; dkim=pass"),
    ("Authentication-Results", f"(x{' ' * 971}\\)mail.a.example; dkim=pass"),
    ("Authentication-Results", "mail. a.example ; dkim=pass"),
    ("Authentication-Results", "mail.a\r\n .example; dkim=pass"),
    ("Authentication-Results", "mail.a.example.; dkim=pass"),
    ("Authentication-Results", "mail.a.example/1; dkim=pass"),
    ("Authentication-Results", f"mx.e.example;\n dkim=pass (x{' ' * 970})"),
]
OUTSIDE_ONLY = [23, 22, 21, 20, 19, 18, 17, 16, 14, 11, 10, 9, 8, 7, 5, 4, 3, 1]


def test_traces_that_only_this_site_may_write_are_taken_out() -> None:
    one = Message(OUTSIDE, "", fields=FIELDS)
    assert forged_traces(one, RULES) == [*OUTSIDE_ONLY, 0]
    assert forged_traces(one, replace(RULES, has_spf_field=True)) == OUTSIDE_ONLY
    assert forged_traces(replace(one, client="192.0.2.8"), RULES) == []


@pytest.mark.parametrize(
    ("known", "marked"),
    [
        pytest.param({}, True, id="a stranger"),
        pytest.param({"login": "alice@a.example"}, False, id="a user"),
        pytest.param({"client": ""}, False, id="sendmail"),
        pytest.param({"client": "127.0.0.1"}, False, id="a program"),
        pytest.param({"client": "192.0.2.9"}, False, id="a host without users"),
        pytest.param({"client": "192.0.2.8"}, False, id="a host that has checked it"),
    ],
)
def test_what_strangers_send_is_marked_where_a_relay_signs(
    known: dict[str, str], marked: bool
) -> None:
    one = message("x@e.example", **known)
    assert is_external(one, replace(RULES, forwards_to_relay=True)) is marked
    assert not is_external(one, RULES)
