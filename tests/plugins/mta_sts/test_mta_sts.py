"""MTA-STS: the id follows the policy, and the served policy is compared."""

import pytest

from mailconf.model.outcome import Verdict
from mailconf.model.questions.pages import Page
from mailconf.model.questions.sessions import TlsFacts
from mailconf.model.requests.promises import StsMode
from mailconf.model.requests.web import ServedPage
from mailconf.plugins.mta_sts import plugin
from mailconf.plugins.mta_sts.policy import policy_for, record_for
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view, yielded

SPEC = spec_of()
DOMAIN = SPEC.domains["example.org"]
SEEN = view(plugin, SPEC)
POLICY = str(policy_for(SEEN, DOMAIN))
URL = "https://mta-sts.example.org/.well-known/mta-sts.txt"
CHECK = check_of(plugin, "mta_sts.served")


def test_the_policy_names_the_mx() -> None:
    assert POLICY == "version: STSv1\nmode: testing\nmx: mail.example.org\nmax_age: 604800\n"


def test_the_id_changes_exactly_with_the_policy() -> None:
    same, other = view(plugin, spec_of()), view(plugin, SPEC, options={"mode": "enforce"})
    assert record_for(SEEN, DOMAIN) == record_for(same, DOMAIN)
    assert record_for(SEEN, DOMAIN) != record_for(other, DOMAIN)


def test_record_alias_and_location() -> None:
    assert [record.type for record in yielded(plugin.records, SEEN)] == ["TXT", "CNAME"]
    page, mode = yielded(plugin.requests, SEEN)
    assert isinstance(page, ServedPage)
    assert page.url == URL
    assert mode == StsMode(host="mail", domain="example.org", mode="testing")


PLAIN = "text/plain"
NOW = FakeWorld().now
UNTRUSTED = TlsFacts("TLSv1.3", "x", (), "y", NOW, NOW, fault="self-signed certificate")


@pytest.mark.parametrize(
    ("page", "found"),
    [
        pytest.param(Page(200, PLAIN, POLICY), [], id="same policy"),
        pytest.param(Page(200, PLAIN, POLICY.replace("\n", "\r\n")), [], id="same policy, CRLF"),
        pytest.param(Page(200, PLAIN, POLICY.replace("mail", "old")), ["STS011"], id="old mx"),
        pytest.param(Page(200, PLAIN, "<html>"), ["STS009"], id="error page with status 200"),
        pytest.param(Page(404, "text/html", ""), ["STS001"], id="not there"),
        pytest.param(Page(301, "", ""), ["STS001"], id="redirect"),
        pytest.param(Page(200, "text/html", POLICY), ["STS010"], id="media type"),
        pytest.param(Page(200, PLAIN, POLICY, UNTRUSTED), ["STS020"], id="untrusted"),
    ],
)
async def test_served(page: Page, found: list[str]) -> None:
    done = await outcome(CHECK, SEEN, DOMAIN, FakeWorld(pages={URL: page}))
    assert codes(done.findings) == found


async def test_silence_is_unknown_not_failed() -> None:
    done = await outcome(CHECK, SEEN, DOMAIN, FakeWorld(silent=frozenset({URL})))
    assert done.verdict is Verdict.UNKNOWN


ENFORCED = POLICY.replace("testing", "enforce")


@pytest.mark.parametrize(
    ("policy", "mx", "found"),
    [
        pytest.param(ENFORCED, ["10 mail.example.org."], [], id="allowed"),
        pytest.param(
            ENFORCED,
            ["10 mail.example.org.", "20 old.example.org."],
            ["STS003"],
            id="one that is not",
        ),
        pytest.param(POLICY, ["10 old.example.org."], [], id="only tested"),
    ],
)
async def test_every_mx_is_allowed(policy: str, mx: list[str], found: list[str]) -> None:
    zones = {
        ("_mta-sts.example.org.", "TXT"): ("v=STSv1; id=1;",),
        ("example.org.", "MX"): tuple(mx),
    }
    world = FakeWorld(zones=zones, pages={URL: Page(200, PLAIN, policy)})
    done = await outcome(check_of(plugin, "mta_sts.mx"), SEEN, DOMAIN, world)
    assert codes(done.findings) == found


async def test_without_a_policy_nothing_can_be_told_about_mx_hosts() -> None:
    done = await outcome(check_of(plugin, "mta_sts.mx"), SEEN, DOMAIN, FakeWorld())
    assert done.verdict is Verdict.UNKNOWN
