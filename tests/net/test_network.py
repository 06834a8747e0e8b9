"""Places, and what makes questions the same."""

from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import pytest

from mailconf.model.question import Question
from mailconf.model.questions.pages import PageRequest
from mailconf.model.questions.ports import PortProbe
from mailconf.model.questions.sessions import ServerSession
from mailconf.model.questions.tls import TlsNegotiation
from mailconf.model.world import Inconclusive
from tests.net.asking import listener, world

AT = listener("imaps", 993)


def test_at_one_place_a_question_is_the_same_whatever_it_asks_for() -> None:
    network = world(connect={AT.endpoint.host: "127.0.0.1:4430"})._network
    other = replace(AT, address=ip_address("192.0.2.99"))
    assert network.identity(ServerSession(AT)) == network.identity(ServerSession(other))
    assert network.place_of(AT).port == 4430


def test_other_questions_are_others() -> None:
    network = world()._network
    asked: list[Question[Any]] = [
        ServerSession(AT),
        PortProbe(AT),
        TlsNegotiation(AT, "RSA"),
        TlsNegotiation(AT, "ECDSA"),
        PageRequest("https://a.example/"),
        PageRequest("https://a.example/", at="192.0.2.80"),
    ]
    assert len({network.identity(one) for one in asked}) == len(asked)


def test_only_public_addresses_are_connected_to_where_that_is_asked() -> None:
    network = world(public_only=True)._network
    with pytest.raises(Inconclusive, match="not public"):
        network.place("mail.example.org", "10.0.0.1", 25)
