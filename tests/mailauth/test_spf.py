"""check_host() against the public suite, and what it tells besides the verdict."""

import pytest

from mailconf.mailauth.spf import check_host
from mailconf.testing import FakeWorld
from tests.conformance import needs_data
from tests.mailauth.openspf import Case, ZoneWorld, cases

CASES = list(cases())


@needs_data
def test_the_suite_is_there() -> None:
    assert len(CASES) > 200


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_the_public_suite(case: Case) -> None:
    found = await check_host(case.ip, case.mail_from, case.helo, ZoneWorld(case.zone))
    assert found.result in case.results, found
    if case.explanation not in (None, "DEFAULT"):
        assert found.explanation == case.explanation


RECORDS = {
    ("example.org.", "TXT"): ("v=spf1 a:mail.example.org include:_spf.example.net ~all",),
    ("mail.example.org.", "A"): ("192.0.2.25",),
    ("_spf.example.net.", "TXT"): ("v=spf1 ip4:198.51.100.0/24 ?all",),
}


async def test_a_result_tells_what_decided_and_what_it_cost() -> None:
    world = FakeWorld(zones=RECORDS)
    found = await check_host("198.51.100.7", "a@example.org", "h.example", world)
    assert (found.result, found.term, found.domain) == (
        "pass",
        "include:_spf.example.net",
        "example.org",
    )
    assert (found.lookups, found.void) == (2, 0)
    told = [(step.domain, step.term, step.told) for step in found.trace]
    assert told == [
        ("example.org", "", RECORDS["example.org.", "TXT"][0]),
        ("example.org", "a:mail.example.org", "no match"),
        ("_spf.example.net", "", RECORDS["_spf.example.net.", "TXT"][0]),
        ("_spf.example.net", "ip4:198.51.100.0/24", "match"),
        ("example.org", "include:_spf.example.net", "match"),
    ]


async def test_silence_is_a_temporary_error() -> None:
    world = FakeWorld(zones=RECORDS, silent=frozenset({"_spf.example.net."}))
    found = await check_host("203.0.113.1", "a@example.org", "h.example", world)
    assert found.result == "temperror"
    assert "_spf.example.net." in found.why


async def test_an_error_names_the_term_and_the_rule() -> None:
    world = FakeWorld(zones={("example.org.", "TXT"): ("v=spf1 ip:192.0.2.1 -all",)})
    found = await check_host("192.0.2.1", "a@example.org", "h.example", world)
    assert found.result == "permerror"
    told = "at 7: unknown term 'ip:192.0.2.1' (RFC 7208 §12 mechanism)"
    assert found.why == f"the record of example.org: {told}"


async def test_a_mapped_address_is_an_ipv4_address() -> None:
    found = await check_host("::ffff:192.0.2.25", "a@example.org", "h", FakeWorld(zones=RECORDS))
    assert found.result == "pass"


AS_DNS_ANSWERS = {
    ("mx.example.", "TXT"): ("v=spf1 mx -all",),
    ("mx.example.", "MX"): ("10 m.mx.example.",),
    ("ptr.example.", "TXT"): ("v=spf1 ptr -all",),
    ("p.example.", "TXT"): ("v=spf1 exists:%{p}.ok.example -all",),
    ("m.ptr.example.ok.example.", "A"): ("127.0.0.2",),
    ("a.example.", "TXT"): ("v=spf1 a:m.mx.example. -all",),
    ("m.mx.example.", "A"): ("192.0.2.1",),
    ("1.2.0.192.in-addr.arpa.", "PTR"): ("m.ptr.example.",),
    ("m.ptr.example.", "A"): ("192.0.2.1",),
}


@pytest.mark.parametrize("domain", ["mx.example", "ptr.example", "p.example", "a.example"])
async def test_names_that_end_in_a_dot(domain: str) -> None:
    """DNS answers with absolute names, and a record may hold one too."""
    found = await check_host("192.0.2.1", f"a@{domain}", domain, FakeWorld(AS_DNS_ANSWERS))
    assert found.result == "pass", found


async def test_an_mx_host_that_does_not_answer_is_no_failure() -> None:
    world = FakeWorld(AS_DNS_ANSWERS, silent=frozenset({"m.mx.example."}))
    assert (await check_host("192.0.2.1", "a@mx.example", "h.example", world)).result == "temperror"
