"""Records compare by meaning, not by spelling."""

import base64

import pytest

from mailconf.model.record import Record, Records
from mailconf.model.record_kind import RecordType
from tests.record_kinds import KINDS, meaning

NAME = "example.org."
KEY = base64.b64encode(b"k" * 90).decode()


@pytest.mark.parametrize(
    ("rtype", "one", "other"),
    [
        pytest.param("MX", "10 MX.example.org.", "10 mx.example.org.", id="case"),
        pytest.param("AAAA", "2001:db8:0::1", "2001:DB8::1", id="IPv6"),
        pytest.param("TXT", "v=spf1 +a -all", "v=spf1 a -all", id="SPF"),
        pytest.param(
            "TXT", f"v=DKIM1; p={KEY}", f"v=DKIM1;k=rsa;p={KEY[:50]} {KEY[50:]}", id="DKIM"
        ),
        pytest.param("TXT", "v=DMARC1;p=none", "v=DMARC1; p=none; adkim=r", id="DMARC"),
        pytest.param("TXT", "v=STSv1; id=1", "v=STSv1;id=1;", id="MTA-STS"),
    ],
)
def test_two_spellings_mean_the_same(rtype: RecordType, one: str, other: str) -> None:
    assert meaning(NAME, rtype, one) == meaning(NAME, rtype, other)


@pytest.mark.parametrize(
    ("rtype", "one", "other"),
    [
        pytest.param("MX", "10 a.example.", "20 a.example.", id="preference"),
        pytest.param("TXT", "v=spf1 a -all", "v=spf1 a ~all", id="SPF"),
        pytest.param("TXT", "v=spf1 -a mx -all", "v=spf1 mx -a -all", id="SPF where order counts"),
        pytest.param("TXT", "v=DMARC1; p=none", "v=DMARC1; p=reject", id="DMARC"),
        pytest.param("TXT", "Hello", "hello", id="text is text"),
    ],
)
def test_two_values_mean_different_things(rtype: RecordType, one: str, other: str) -> None:
    assert meaning(NAME, rtype, one) != meaning(NAME, rtype, other)


def test_a_broken_policy_means_its_own_text() -> None:
    assert meaning(NAME, "TXT", "v=spf1 ipv4:1") == "v=spf1 ipv4:1"
    assert KINDS.of(NAME, "TXT", "v=spf1 ipv4:1").name == "spf"


def test_a_key_needs_no_version() -> None:
    owner = "s1._domainkey.example.org."
    assert meaning(owner, "TXT", f"p={KEY}") == meaning(owner, "TXT", f"v=DKIM1; k=rsa; p={KEY}")


def test_a_record_is_absolute() -> None:
    with pytest.raises(ValueError, match="absolute"):
        Record("example.org", "A", "192.0.2.1")


def test_a_record_prints_as_a_zone_file_line() -> None:
    record = Record("example.org.", "TXT", "v=spf1 -all", 300, where=("domains",))
    assert str(record) == 'example.org. 300 IN TXT "v=spf1 -all"'
    assert record == Record("example.org.", "TXT", "v=spf1 -all", 300)


def test_records_are_found_by_name_type_and_above() -> None:
    mx = Record(NAME, "MX", "10 mail.example.org.")
    texts = tuple(Record(f"_dmarc.{NAME}", "TXT", value) for value in ("x", "y"))
    records = Records((mx, *texts))
    assert records.at(f"_dmarc.{NAME}", "TXT") == texts
    assert records.at(NAME, "TXT") == ()
    assert records.below(NAME) == (mx, *texts)
    assert records.below(f"_dmarc.{NAME}") == texts
    assert records.values("TXT") == {"x", "y"}
    assert not records.values("A")
    assert list(records.sets) == [(NAME, "MX"), (f"_dmarc.{NAME}", "TXT")]
