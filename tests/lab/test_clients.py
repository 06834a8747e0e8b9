"""Mail programs that others wrote send through a rendered server, and read from it."""

from typing import Any

import pytest

from mailconf.lab.image import image
from tests.lab.clients import READERS, SENDERS, STRICT
from tests.lab.launching import Run, all_at_once, needs_root, observed

pytestmark = [pytest.mark.lab, needs_root]
RELEASES = ("debian-12", "debian-13")


@pytest.fixture(scope="module")
def labs() -> dict[tuple[str, str], Run]:
    built = [release for release in RELEASES if image(release).root.is_dir()]
    return all_at_once(observed, [("clients", release) for release in built])


@pytest.fixture(params=RELEASES)
def seen(request: pytest.FixtureRequest, labs: dict[tuple[str, str], Run]) -> dict[str, Any]:
    case = "clients", request.param
    if case not in labs:
        pytest.skip(f"no image of {request.param}: mailconf lab image {request.param}")
    assert labs[case].status == 0, labs[case].stderr
    found: dict[str, Any] = labs[case].report["clients"]
    return found


@pytest.mark.parametrize("client", [*SENDERS, *READERS])
def test_a_client_that_verifies_sends_or_reads(client: str, seen: dict[str, Any]) -> None:
    assert seen[client]["status"] == 0, seen[client]
    assert seen[client]["arrived"]


@pytest.mark.parametrize("client", STRICT)
def test_a_client_refuses_a_certificate_for_another_name(client: str, seen: dict[str, Any]) -> None:
    assert seen[f"{client}, wrong name"]["status"] != 0


def test_nothing_was_sent_to_the_wrong_name(seen: dict[str, Any]) -> None:
    assert seen["sent to the wrong name"] is False
