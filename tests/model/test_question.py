"""Questions as values: each has a name of its own in recordings, and somebody who answers it."""

from importlib import import_module
from pkgutil import iter_modules

import pytest
from pydantic import ValidationError

from mailconf.model import questions
from mailconf.model.question import Question
from mailconf.model.questions.dns import Answer, AuthoritativeQuery, DnsQuery
from mailconf.model.questions.pages import PageRequest
from mailconf.model.questions.ports import PortProbe
from mailconf.model.world import Inconclusive
from mailconf.net.drivers import drivers
from mailconf.testing import FAKES
from tests.net.asking import listener

MODULES = [
    import_module(f"{questions.__name__}.{found.name}")
    for found in iter_modules(questions.__path__)
]
ALL = {
    one
    for module in MODULES
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, Question) and one is not Question
}
AT = listener("imaps", 993)


def test_the_network_and_tests_answer_every_question() -> None:
    assert set(drivers()) | {DnsQuery, AuthoritativeQuery} == ALL
    assert set(FAKES) == ALL


def test_each_class_has_a_word_of_its_own() -> None:
    assert len({one.kind for one in ALL}) == len(ALL)


def test_equal_questions_are_one_key() -> None:
    assert {PortProbe(AT): 1}[PortProbe(AT)] == 1
    assert PortProbe(AT).key == f"knock {AT} to a connection"


def test_a_key_is_one_line() -> None:
    """What is posted belongs to the question."""
    one = PageRequest("https://a.example/", "<a>\n <b/>\n</a>", "192.0.2.80")
    assert one.key == "page https://a.example/ [192.0.2.80] <a> <b/> </a>"
    assert str(one) == "https://a.example/ [192.0.2.80]"


def test_an_answer_is_read_as_it_was_written() -> None:
    query = DnsQuery("a.", "A")
    answer = Answer(("192.0.2.1",), ttl=60)
    assert query.decode(query.encode(answer)) == answer
    with pytest.raises(ValidationError):
        query.decode({"values": 7})


def test_servers_that_are_silent_are_written_too() -> None:
    query = AuthoritativeQuery("a.", "A")
    found = query.decode(query.encode({"ns1.": Answer(("x",)), "ns2.": Inconclusive("silent")}))
    assert found["ns1."] == Answer(("x",))
    assert str(found["ns2."]) == "silent"
    assert list(query.evidence(found)) == ["ns1. a. A: x", "ns2. a. A: silent"]
