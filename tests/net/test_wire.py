"""Our reading of DNS messages against dnspython's, and against noise."""

import struct

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailconf.net import wire

LABELS = st.text("abcdefghijklmnopqrstuvwxyzABC0123456789-_", min_size=1, max_size=12)
NAMES = st.lists(LABELS, min_size=1, max_size=4).map(lambda labels: ".".join(labels) + ".")
PORTS = st.integers(0, 65_535)
TEXTS = st.lists(
    st.text(st.characters(codec="ascii", categories=("L", "N", "P", "Zs")), max_size=60),
    min_size=1,
    max_size=4,
)


def quoted(parts: list[str]) -> str:
    escaped = (part.replace("\\", "\\\\").replace('"', '\\"') for part in parts)
    return " ".join(f'"{part}"' for part in escaped)


VALUES = {
    "A": st.ip_addresses(v=4).map(str),
    "AAAA": st.ip_addresses(v=6).map(str),
    "MX": st.tuples(PORTS, NAMES).map(lambda p: f"{p[0]} {p[1]}"),
    "SRV": st.tuples(PORTS, PORTS, PORTS, NAMES).map(lambda p: " ".join(map(str, p))),
    "TXT": TEXTS.map(quoted),
    "NS": NAMES,
    "PTR": NAMES,
    "CNAME": NAMES,
    "TLSA": st.binary(min_size=32, max_size=32).map(lambda b: f"3 1 1 {b.hex()}"),
    "CAA": st.sampled_from(['0 issue "ca.example"', '128 iodef "mailto:a@example.org"']),
    "SOA": st.tuples(NAMES, NAMES, PORTS).map(lambda p: f"{p[0]} {p[1]} {p[2]} 1 2 3 4"),
    "DS": st.binary(min_size=32, max_size=32).map(lambda b: f"12345 13 2 {b.hex()}"),
}
SETS = st.sampled_from(sorted(VALUES)).flatmap(
    lambda rtype: st.tuples(
        st.just(rtype), st.lists(VALUES[rtype], min_size=1, max_size=5, unique=True)
    )
)


def presented(rdata: dns.rdata.Rdata) -> str:
    """Return a value as it is known everywhere: text joined, the rest in small letters."""
    if rdata.rdtype == dns.rdatatype.TXT:
        return b"".join(rdata.strings).decode("utf-8", "backslashreplace")  # type: ignore[attr-defined]
    return rdata.to_text().lower()


def response(name: str, rtype: str, *sets: dns.rrset.RRset) -> bytes:
    made = dns.message.make_response(dns.message.make_query(name, rtype))
    made.answer.extend(sets)
    return made.to_wire(max_size=65_535)


@given(NAMES, SETS, st.integers(0, 2**31 - 1))
def test_records_are_read_as_dnspython_reads_them(
    name: str, found: tuple[str, list[str]], ttl: int
) -> None:
    rtype, values = found
    records = dns.rrset.from_text(name, ttl, "IN", rtype, *values)
    question = wire.question_of(name, rtype)
    octets = response(name, rtype, records)
    assert wire.answers_question(octets, question)
    seen = wire.parse(octets, question)
    assert (seen.ttl, seen.others, seen.aliases) == (ttl, [], {})
    assert sorted(seen.values) == sorted(presented(r) for r in records)
    assert wire.name_of(question) == name.lower()


@given(NAMES, st.sampled_from(sorted(VALUES)), st.integers(0, 65_535))
def test_questions_are_those_that_dnspython_reads(name: str, rtype: str, number: int) -> None:
    octets = wire.query(number, wire.RD | wire.AD, wire.question_of(name, rtype))
    read = dns.message.from_wire(octets)
    (asked,) = read.question
    assert (read.id, asked.name, dns.rdatatype.to_text(asked.rdtype)) == (
        number,
        dns.name.from_text(name),
        rtype,
    )
    assert read.flags == dns.flags.RD | dns.flags.AD
    assert (read.edns, read.payload, bool(read.ednsflags & dns.flags.DO)) == (0, wire.PAYLOAD, True)


def test_aliases_and_what_follows_them() -> None:
    alias = dns.rrset.from_text("www.example.org.", 60, "IN", "CNAME", "Mail.example.net.")
    address = dns.rrset.from_text("mail.example.net.", 30, "IN", "A", "192.0.2.1")
    question = wire.question_of("www.example.org.", "A")
    octets = response("www.example.org.", "A", alias, address)
    seen = wire.parse(octets, question)
    assert seen.aliases == {"www.example.org.": "mail.example.net."}
    assert (seen.values, seen.others, seen.ttl) == ([], [("mail.example.net.", "192.0.2.1")], 30)


def test_a_name_that_is_written_out_is_the_one_that_was_asked_for() -> None:
    """Servers may compress names, and need not (RFC 1035 §4.1.4)."""
    question = wire.question_of("example.org.", "A")
    octets = holding(wire.TYPES["A"], bytes((192, 0, 2, 1)), owner=question[:-4])
    octets = octets.replace(QUESTION, question)
    seen = wire.parse(octets, question)
    assert (seen.values, seen.others) == ([], [("example.org.", "192.0.2.1")])


def test_for_how_long_nothing_is_remembered() -> None:
    made = dns.message.make_response(dns.message.make_query("a.example.org.", "A"))
    soa = "ns. h. 1 2 3 4 300"
    made.authority.append(dns.rrset.from_text("example.org.", 3600, "IN", "SOA", soa))
    made.set_rcode(dns.rcode.NXDOMAIN)
    question = wire.question_of("a.example.org.", "A")
    seen = wire.parse(made.to_wire(), question)
    assert (seen.rcode, seen.values, seen.ttl) == (3, [], 300)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("a..example.", id="empty label"),
        pytest.param("x" * 64 + ".example.", id="label too long"),
        pytest.param(".".join(["x" * 60] * 5) + ".", id="name too long"),
    ],
)
def test_names_that_no_question_can_hold(name: str) -> None:
    with pytest.raises(ValueError, match=r"octets|too long"):
        wire.question_of(name, "A")


def test_a_name_is_asked_for_letter_by_letter() -> None:
    """A backslash in a selector is a backslash, not an escape."""
    question = wire.question_of(r"a\b._domainkey.example.org.", "TXT")
    assert question.startswith(b"\x03a\\b\x0a_domainkey\x07example\x03org\x00")


GOOD = response(
    "example.org.",
    "MX",
    dns.rrset.from_text("example.org.", 60, "IN", "MX", "10 a.example.org.", "20 b.example.org."),
)
QUESTION = wire.question_of("example.org.", "MX")


@settings(max_examples=500)
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=8),
    st.integers(0, len(GOOD)),
)
def test_noise_is_read_or_refused(changes: list[tuple[int, int]], cut: int) -> None:
    octets = bytearray(GOOD)
    for at, value in changes:
        octets[at] = value
    try:
        wire.parse(bytes(octets[:cut]), QUESTION)
    except wire.MalformedError:
        return


@given(st.binary(max_size=200))
def test_whatever_arrives_is_no_answer_or_one(octets: bytes) -> None:
    assert wire.answers_question(octets, QUESTION) in (True, False)


def holding(rtype: int, rdata: bytes, owner: bytes = wire.TO_QUESTION) -> bytes:
    """Return an answer to QUESTION of one record, its value as it is."""
    head = wire.HEAD.pack(1, wire.QR, 1, 1, 0, 0)
    fixed = struct.pack("!HHIH", rtype, wire.CLASS_IN, 60, len(rdata))
    return head + QUESTION + owner + fixed + rdata


@pytest.mark.parametrize(
    ("rtype", "rdata"),
    [
        pytest.param("CAA", b"\x00\xff", id="cut CAA"),
        pytest.param("DS", b"\x00", id="short DS"),
        pytest.param("SOA", b"\x00\x00\x01", id="short SOA"),
        pytest.param("MX", b"\x00\x01" + b"\x3fx" * 4 + b"x" * 300, id="overlong label"),
        pytest.param("MX", b"\x00\x01" + (b"\x0a" + b"y" * 10) * 30 + b"\x00", id="overlong name"),
        pytest.param("MX", b"\x00\x01" + (b"\x0a" + b"\xe4" * 10) * 30 + b"\x00", id="odd one"),
    ],
)
def test_values_that_are_none_are_refused(rtype: str, rdata: bytes) -> None:
    question = wire.question_of("example.org.", rtype)
    octets = holding(wire.TYPES[rtype], rdata).replace(QUESTION, question)
    with pytest.raises(wire.MalformedError):
        wire.parse(octets, question)


def test_a_chain_of_pointers_ends_soon() -> None:
    """Thousands of hops for each of thousands of records would hold up everything else."""
    targets = (0, *range(1, 400, 2))
    chain = b"\x00" + b"".join((0xC000 | at).to_bytes(2) for at in targets)
    with pytest.raises(wire.MalformedError, match="too many"):
        wire.name_at(chain, len(chain) - 2)
