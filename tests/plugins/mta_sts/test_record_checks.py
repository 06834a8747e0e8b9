"""What senders that enforce a policy would hold against our hosts."""

import pytest

from mailconf.formats.mta_sts import StsPolicy
from mailconf.model.questions.pages import Page
from mailconf.model.questions.sessions import Reply, Session, TlsFacts
from mailconf.plugins.mta_sts import plugin
from mailconf.plugins.mta_sts.policy import policy_for, record_for
from mailconf.plugins.mta_sts.record_checks import listeners
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view

URL = "https://mta-sts.example.org/.well-known/mta-sts.txt"
SEEN = view(plugin, spec_of(), options={"mode": "enforce"})
DOMAIN = SEEN.spec.domains["example.org"]
OURS = policy_for(SEEN, DOMAIN)
NOW = FakeWorld().now


def world(policy: StsPolicy, stamp: str = "1", fault: str = "") -> FakeWorld:
    facts = TlsFacts("TLSv1.3", "x", (), "ca", NOW, NOW, fault=fault)
    return FakeWorld(
        {("_mta-sts.example.org.", "TXT"): (stamp if "=" in stamp else f"v=STSv1; id={stamp};",)},
        sessions={str(at): Session(Reply("220"), tls=facts) for at in listeners(SEEN)},
        pages={URL: Page(200, "text/plain", str(policy))},
    )


@pytest.mark.parametrize(
    ("mode", "fault", "found"),
    [
        pytest.param("enforce", "", [], id="trusted"),
        pytest.param("enforce", "self-signed", ["STS005"], id="not trusted"),
        pytest.param("testing", "self-signed", [], id="nobody insists"),
    ],
)
async def test_whoever_enforces_still_delivers(mode: str, fault: str, found: list[str]) -> None:
    (at,) = listeners(SEEN)
    policy = StsPolicy("enforce" if mode == "enforce" else "testing", OURS.mx, OURS.max_age)
    done = await outcome(
        check_of(plugin, "mta_sts.mx-certificates"), SEEN, at, world(policy, fault=fault)
    )
    assert codes(done.findings) == found


@pytest.mark.parametrize(
    ("policy", "stamp", "found"),
    [
        pytest.param(OURS, str(record_for(SEEN, DOMAIN)), [], id="ours"),
        pytest.param(
            StsPolicy("enforce", ("old.example",), 604800), "1", [], id="an old one, with its id"
        ),
        pytest.param(
            StsPolicy("enforce", ("old.example",), 604800),
            str(record_for(SEEN, DOMAIN)),
            ["STS007"],
            id="an old one, with the new id",
        ),
    ],
)
async def test_the_id_belongs_to_the_policy(
    policy: StsPolicy, stamp: str, found: list[str]
) -> None:
    done = await outcome(check_of(plugin, "mta_sts.policy"), SEEN, DOMAIN, world(policy, stamp))
    assert codes(done.findings) == found
