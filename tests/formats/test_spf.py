"""SPF records (RFC 7208 §12)."""

from ipaddress import IPv4Network, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats import FormatError
from mailconf.formats.spf import Mechanism, SpfRecord
from tests.conformance import documents, needs_data

QUALIFIER = st.sampled_from(["+", "-", "~", "?"])
NAME = st.from_regex(r"[a-z0-9]{1,8}(\.[a-z]{2,5}){1,2}", fullmatch=True)
PLAIN = st.builds(Mechanism, QUALIFIER, st.sampled_from(["all", "a", "mx"]))
NAMED = st.builds(Mechanism, QUALIFIER, st.sampled_from(["include", "a", "mx", "exists"]), NAME)


def address(qualifier: str, network: IPv4Network | IPv6Network) -> Mechanism:
    whole = network.prefixlen == network.max_prefixlen
    cidr = "" if whole else f"/{network.prefixlen}"
    name = f"ip{network.version}"
    return Mechanism(qualifier, name, str(network.network_address), cidr)  # type: ignore[arg-type]


NETWORK = st.one_of(
    st.builds(
        lambda a, n: IPv4Network((a, n), strict=False), st.ip_addresses(v=4), st.integers(8, 32)
    ),
    st.builds(
        lambda a, n: IPv6Network((a, n), strict=False), st.ip_addresses(v=6), st.integers(32, 128)
    ),
)
RECORDS = st.builds(
    SpfRecord,
    st.lists(st.one_of(PLAIN, NAMED, st.builds(address, QUALIFIER, NETWORK)), max_size=8).map(
        tuple
    ),
    st.one_of(st.just(()), NAME.map(lambda name: (("redirect", name),))),
)


@given(RECORDS)
def test_a_record_reads_back(record: SpfRecord) -> None:
    assert SpfRecord.parse(str(record)) == record


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for candidate in (text, f"v=spf1 {text}"):
        try:
            SpfRecord.parse(candidate)
        except FormatError:
            continue


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("v=spf1 -all", "V=SPF1 -ALL", id="case"),
        pytest.param("v=spf1 a -all", "v=spf1 +a -all", id="plus"),
        pytest.param("v=spf1 ip4:192.0.2.1 -all", "v=spf1 ip4:192.0.2.1/32 -all", id="full prefix"),
        pytest.param("v=spf1 ip6:2001:db8::1 ~all", "v=spf1 ip6:2001:DB8:0::1 ~all", id="IPv6"),
        pytest.param("v=spf1 mx -all", "v=spf1  mx  -all ", id="spaces"),
    ],
)
def test_two_spellings_are_one_record(one: str, other: str) -> None:
    assert SpfRecord.parse(one) == SpfRecord.parse(other)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("spf1 -all", id="no version"),
        pytest.param("v=spf10 -all", id="other version"),
        pytest.param("v=spf1 ip:192.0.2.1 -all", id="unknown mechanism"),
        pytest.param("v=spf1 ip4:2001:db8::1 -all", id="wrong family"),
        pytest.param("v=spf1 ip4:300.0.0.1 -all", id="no address"),
        pytest.param("v=spf1 include: -all", id="include of nothing"),
        pytest.param("v=spf1 a, mx -all", id="comma"),
        pytest.param("v=spf1 redirect=a.example redirect=b.example", id="redirect twice"),
    ],
)
def test_what_is_no_record(text: str) -> None:
    with pytest.raises(FormatError):
        SpfRecord.parse(text)


def published() -> list[str]:
    """Return the records of the openspf suite whose evaluation its tests call a plain result."""
    texts = []
    for part in documents("spf/rfc7208-tests.yml"):
        clean = {"pass", "fail", "softfail", "neutral"}
        hosts = {
            str(test["mailfrom"]).rpartition("@")[2].lower()
            for test in part["tests"].values()
            if isinstance(test["result"], str) and test["result"] in clean
        }
        for name, entries in part["zonedata"].items():
            found = [e["SPF"] for e in entries if isinstance(e, dict) and "SPF" in e]
            if name.lower() in hosts and len(found) == 1 and isinstance(found[0], str):
                texts.append(found[0])
    return texts


@needs_data
def test_public_records_with_a_plain_result_are_read() -> None:
    texts = published()
    assert len(texts) > 50
    assert [text for text in texts if not is_read(text)] == []


def is_read(text: str) -> bool:
    try:
        SpfRecord.parse(text)
    except FormatError:
        return False
    return True


@pytest.mark.parametrize("text", ["exists:%%{c}.example.com", "exists:%{d01}.example.com"])
def test_macros_that_are_none_and_leading_zeros(text: str) -> None:
    assert str(SpfRecord.parse(f"v=spf1 {text} -all")) == f"v=spf1 {text} -all"


@pytest.mark.parametrize("text", ["exists:%%%{c}.example.com", "exists:%{d0}.example.com"])
def test_macros_that_stand_elsewhere_only(text: str) -> None:
    with pytest.raises(FormatError):
        SpfRecord.parse(f"v=spf1 {text} -all")
