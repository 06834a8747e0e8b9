"""Two plugins that claim the same thing are told, with both sources."""

from pathlib import PurePosixPath

import pytest

from mailconf.engine import conflicts
from mailconf.model.artifact import Artifact, Render
from mailconf.model.record import Record
from mailconf.model.request import Requested
from mailconf.model.requests.mail import RunSigner
from mailconf.model.requests.mta import StartAfter
from mailconf.model.requests.web import ServedPage
from tests.engine.specs import codes
from tests.record_kinds import record


def page(path: str, source: str) -> Requested:
    return Requested(ServedPage(host="h", url="https://x.example/y", path=path), source)


def test_equal_requests_are_one() -> None:
    kept, findings = conflicts.requests([page("/v", "a"), page("/v", "b")])
    assert (len(kept), findings) == (1, [])


def test_different_requests_disagree() -> None:
    _, findings = conflicts.requests([page("/v", "a"), page("/w", "b")])
    assert codes(findings) == ["CFG030"]
    assert findings[0].message == (
        "on h, a requests ServedPage https://x.example/y with path '/v', but b requests it with path '/w'"
    )


def test_several_requests_are_joined_in_order() -> None:
    second, first = (StartAfter(host="h", unit=unit, order=n) for unit, n in (("a", 20), ("b", 10)))
    kept, findings = conflicts.requests([Requested(second, "a"), Requested(first, "b")])
    assert (kept.of(StartAfter), findings) == ((first, second), [])


def test_what_two_signers_are_to_do_is_no_disagreement() -> None:
    made = [Requested(RunSigner(host="h", to=name), "dkim") for name in ("opendkim", "rspamd")]
    kept, findings = conflicts.requests(made)
    assert (len(kept), findings) == (2, [])


def txt(value: str) -> Record:
    return record("a.example.", "TXT", value)


@pytest.mark.parametrize(
    ("records", "found"),
    [
        pytest.param([txt("v=spf1 -all"), txt("hello"), txt("v=DMARC1; p=none")], [], id="fine"),
        pytest.param([txt("v=spf1 -all"), txt("v=spf1 -all")], [], id="the same twice"),
        pytest.param([txt("v=spf1 -all"), txt("v=spf1 a -all")], ["CFG031"], id="two SPF"),
        pytest.param(
            [txt("x"), Record("a.example.", "CNAME", "b.example.")], ["CFG031"], id="alias"
        ),
        pytest.param(
            [Record("a.example.", "A", f"192.0.2.{n}") for n in (1, 2)], [], id="addresses"
        ),
    ],
)
def test_records_at_one_name(records: list[Record], found: list[str]) -> None:
    assert codes(conflicts.records(records)[1]) == found


def test_two_plugins_for_one_file() -> None:
    order = Render("mail", PurePosixPath("etc/x"), "x.j2", None)
    made, findings = conflicts.artifacts([Artifact(order, "1", "a"), Artifact(order, "2", "b")])
    assert (len(made), codes(findings)) == (1, ["CFG032"])


def test_no_name_is_an_alias_of_itself() -> None:
    record = Record("autodiscover.example.org.", "CNAME", "autodiscover.example.org.")
    _, findings = conflicts.records([record])
    assert [finding.rule.code for finding in findings] == ["CFG035"]


@pytest.mark.parametrize("turned", [False, True])
def test_a_file_where_another_plugin_needs_a_folder(turned: bool) -> None:
    paths = [("etc/postfix", "a"), ("etc/postfix/main.cf", "b"), ("etc/postfix-too", "c")]
    made = [Artifact(Render("mail", PurePosixPath(p), "x", None), "", by) for p, by in paths]
    _, (finding,) = conflicts.artifacts(reversed(made) if turned else made)
    assert finding.rule.code == "CFG032"
    assert finding.message == ("both a and b render hosts/mail/etc/postfix, with main.cf below it")
