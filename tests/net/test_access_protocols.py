"""Languages: every family that takes logins has one, and a way to say goodbye."""

from mailconf.model.endpoint import PROTOCOLS
from mailconf.net.access_protocols import FAREWELLS, LANGUAGES


def test_every_family_can_be_spoken() -> None:
    families = {protocol.family for protocol in PROTOCOLS}
    assert set(FAREWELLS) == families
    assert set(LANGUAGES) == families - {"smtp"}
