"""Kinds of records: those of types, and those that plugins tell among TXT records."""

import pytest

from mailconf.model.record import Record, RecordSet, with_kinds
from mailconf.model.record_kind import RecordKind, RecordKinds
from tests.record_kinds import KINDS


def number(text: str) -> int:
    return int(text.partition(";")[2])


OURS = RecordKind("ours", tag="v=ours1", parse=number, harm="nobody would know the number")
OTHERS = RecordKinds([OURS])


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        pytest.param("a.example.", "v=ours1; 7", "ours", id="its tag"),
        pytest.param("a.example.", "V=OURS1; 7", "ours", id="its tag in capitals"),
        pytest.param("a.example.", "v=spf1 -all", "txt", id="a kind that nobody brings"),
        pytest.param("a.example.", "seven", "txt", id="a text"),
    ],
)
def test_a_plugin_tells_its_records_by_their_tag(name: str, text: str, kind: str) -> None:
    assert OTHERS.of(name, "TXT", text).name == kind
    assert OTHERS.is_policy(text) is (kind == "ours")


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        pytest.param("s1._domainkey.a.example.", "p=AAAA", "dkim", id="a key without a tag"),
        pytest.param("s1._domainkey.a.example.", "v=spf1 -all", "dkim", id="whatever is there"),
        pytest.param("a.example.", "v=DKIM1; p=AAAA", "dkim", id="a key elsewhere"),
        pytest.param("_dmarc.a.example.", "v=dmarc1; p=none", "dmarc", id="small letters"),
    ],
)
def test_a_name_tells_a_kind_before_a_tag(name: str, text: str, kind: str) -> None:
    assert KINDS.of(name, "TXT", text).name == kind


def test_the_names_are_those_of_types_and_policies() -> None:
    types = {"a", "aaaa", "caa", "cname", "mx", "ptr", "srv", "tlsa", "txt"}
    assert set(RecordKinds().names) == types
    assert set(OTHERS.names) == types | {"ours"}
    assert list(KINDS.names) == sorted(
        types | {"bimi", "dkim", "dmarc", "mta_sts", "spf", "tls_rpt"}
    )


def test_a_set_reads_what_is_published_as_its_own_kinds() -> None:
    name = "a.example."
    (seven,) = with_kinds([Record(name, "TXT", "v=ours1; 7")], OTHERS)
    wanted = RecordSet(name, "TXT", (seven,))
    assert wanted.meaning("V=ours1;07") == seven.meaning == 7
    assert wanted.meaning("v=ours1; seven") == "v=ours1; seven"
    assert wanted.policy_of("v=ours1; 8") is OURS
    assert wanted.policy_of("v=spf1 -all") is None
