"""The vectors of this folder, each decided by a section of an RFC."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mailconf.formats.caa import Caa
from mailconf.formats.dkim import DkimKey
from mailconf.formats.error import FormatError
from mailconf.formats.mta_sts import StsPolicy, StsRecord
from mailconf.formats.tls_rpt import TlsRptRecord
from mailconf.formats.tlsa import Tlsa
from mailconf.mailauth.dmarc import discover
from mailconf.mailauth.spf import check_host
from mailconf.testing import FakeWorld
from tests.conformance import vectors

PARSERS: dict[str, Callable[[str], Any]] = {
    "caa": Caa.parse,
    "dkim-keys": DkimKey.parse,
    "mta-sts-policies": StsPolicy.parse,
    "mta-sts-records": StsRecord.parse,
    "tls-rpt": TlsRptRecord.parse,
    "tlsa": Tlsa.parse,
}


def texts() -> Iterator[Any]:
    for name in PARSERS:
        for one in vectors(name):
            yield pytest.param(name, one, id=f"{name}: {one['why']}")


@pytest.mark.parametrize(("name", "vector"), list(texts()))
def test_a_text_is_valid_or_not(name: str, vector: dict[str, Any]) -> None:
    parse = PARSERS[name]
    if vector["valid"]:
        found = parse(vector["text"])
        assert parse(str(found)) == found
    else:
        with pytest.raises(FormatError):
            parse(vector["text"])


def spf() -> Iterator[Any]:
    for part in vectors("spf-evaluation"):
        zones = {
            (f"{name}.", rtype): tuple(map(str, values))
            for name, records in part["zone"].items()
            for rtype, values in records.items()
        }
        for case in part["cases"]:
            yield pytest.param(zones, case, id=f"{case['rfc']}: {case['why']}")


@pytest.mark.parametrize(("zones", "case"), list(spf()))
async def test_spf_is_evaluated(
    zones: dict[tuple[str, str], tuple[str, ...]], case: dict[str, str]
) -> None:
    found = await check_host(case["ip"], case["sender"], "helo.example", FakeWorld(zones))
    assert found.result == case["result"]


@pytest.mark.parametrize("case", vectors("dmarc-discovery"), ids=lambda case: case["why"])
async def test_the_dmarc_record_is_found(case: dict[str, Any]) -> None:
    zones = {(f"_dmarc.{name}.", "TXT"): (text,) for name, text in case["records"].items()}
    zones |= {(f"{name}.", "A"): ("192.0.2.1",) for name in case.get("exist", ())}
    found = await discover(case["author"], FakeWorld(zones=zones))
    assert (found.policy_domain if found.record else None) == case["domain"]
    if case["domain"]:
        assert found.effective_policy == case["policy"]
