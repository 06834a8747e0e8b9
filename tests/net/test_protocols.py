"""Every family of protocols has its driver."""

from typing import get_args

from mailconf.model.endpoint import PROTOCOLS, Family
from mailconf.net.network import protocol_of
from mailconf.net.protocols import PROTOCOLS as DRIVERS
from tests.net.asking import listener


def test_every_family_is_spoken() -> None:
    assert set(DRIVERS) == set(get_args(Family)) == {one.family for one in PROTOCOLS}


def test_a_listener_is_spoken_to_in_its_language() -> None:
    assert protocol_of(listener("imaps", 993)) is DRIVERS["imap"]
    assert protocol_of(listener("submission", 587)).farewell == "QUIT"
