"""Certificates can be renewed on real daemons, and what a reload takes over is what the manifest says."""

import sys
from typing import Any

import pytest

from mailconf.lab.image import image
from tests.lab.launching import LAUNCH, Run, all_at_once, needs_root, run
from tests.lab.renewal import ANSWER

pytestmark = [pytest.mark.lab, needs_root]
RELEASES = ("debian-12", "debian-13")
# What only a restart changes; everything else is taken over by a reload.
KEPT = {
    "inet_protocols": ["inet_protocols"],
    "inet_interfaces": ["inet_interfaces"],
    "limits of anvil": ["service anvil"],
    "nginx at one address": ["port 80"],
}
AT_MAIL = ("192.0.2.25", "2001:db8::25")
NAMES = (
    *("mail.example.org", "imap.example.org"),
    *(f"{word}.example.{top}" for word in ("autoconfig", "mta-sts") for top in ("org", "net")),
)


def tried(release: str) -> Run:
    return run(sys.executable, "-c", LAUNCH, "tests.lab.renewal", release)


@pytest.fixture(scope="module")
def runs() -> dict[str, Run]:
    return all_at_once(tried, [r for r in RELEASES if image(r).root.is_dir()])


@pytest.fixture(params=RELEASES)
def seen(request: pytest.FixtureRequest, runs: dict[str, Run]) -> dict[str, Any]:
    if request.param not in runs:
        pytest.skip(f"no image of {request.param}: mailconf lab image {request.param}")
    done = runs[request.param]
    assert done.status == 0, done.stderr
    return done.report


def test_an_authority_gets_its_token_under_every_name_and_at_every_address(
    seen: dict[str, Any],
) -> None:
    places = {f"{name} [{address}]" for name in NAMES for address in AT_MAIL}
    places |= {f"mx2.example.org [{address}]" for address in ("192.0.2.26", "2001:db8::26")}
    assert seen["validated"] == dict.fromkeys(places, f"200 {ANSWER}")


def test_a_reload_takes_over_exactly_what_asks_for_no_restart(seen: dict[str, Any]) -> None:
    changes = seen["changes"]
    assert {name for name, how in changes.items() if not how["by reload"]} == set(KEPT)
    assert all(how["by restart"] for how in changes.values()), changes


def test_the_manifest_asks_for_a_restart_wherever_a_reload_is_not_enough(
    seen: dict[str, Any],
) -> None:
    asked = {name: how["asked for"] for name, how in seen["changes"].items() if how["asked for"]}
    assert asked == KEPT
