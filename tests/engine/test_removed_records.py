"""What would vanish while mail depends on it."""

import base64

import pytest

from mailconf.engine.removed_records import is_missed, withdrawn
from mailconf.formats.mta_sts import StsPolicy
from mailconf.model.questions.pages import Page
from mailconf.model.record import Record
from mailconf.testing import FakeWorld, gathered
from tests.record_kinds import record

KEY = f"v=DKIM1; k=rsa; p={base64.b64encode(bytes(90)).decode()}"
MX = record("example.org.", "MX", "10 mail.example.org.")
SPF = record("example.org.", "TXT", "v=spf1 a -all")
DKIM = record("s1._domainkey.example.org.", "TXT", KEY)
DMARC = record("_dmarc.example.org.", "TXT", "v=DMARC1; p=reject")
STS = record("_mta-sts.example.org.", "TXT", "v=STSv1; id=1")
ALIAS = record("autoconfig.example.org.", "CNAME", "mail.example.org.")
URL = "https://mta-sts.example.org/.well-known/mta-sts.txt"


def test_only_what_mail_depends_on_and_nobody_wants() -> None:
    found = withdrawn([MX, SPF, ALIAS], [SPF])
    assert [one.type for one in found] == ["MX"]


def world(record: Record, value: str, mode: str = "enforce") -> FakeWorld:
    policy = StsPolicy("none" if mode == "none" else "enforce", ("mail.example.org",), 604800)
    zones: dict[tuple[str, str], tuple[str, ...]] = {}
    if value:
        zones[record.name, record.type] = (value,)
    return FakeWorld(zones, pages={URL: Page(200, "text/plain", str(policy))})


@pytest.mark.parametrize(
    ("old", "live", "mode", "found"),
    [
        pytest.param(MX, MX.value, "", True, id="mx"),
        pytest.param(SPF, SPF.value, "", True, id="spf"),
        pytest.param(DKIM, DKIM.value, "", True, id="dkim"),
        pytest.param(DMARC, DMARC.value, "", True, id="dmarc"),
        pytest.param(STS, STS.value, "enforce", True, id="a policy that is enforced"),
        pytest.param(STS, STS.value, "none", False, id="a policy that was taken back"),
        pytest.param(DKIM, "v=DKIM1; p=", "", False, id="a key that was taken back"),
        pytest.param(MX, "10 other.example.", "", False, id="somebody else's by now"),
        pytest.param(MX, "", "", False, id="gone"),
    ],
)
async def test_what_is_missed(old: Record, live: str, mode: str, found: bool) -> None:
    (gone,) = withdrawn([old], [])
    findings = await gathered(is_missed(gone, world(old, live, mode)))
    assert [finding.rule.code for finding in findings] == ["DNG013"] * found
