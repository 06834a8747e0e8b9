"""Requests are plain values; many are found by host, type and subject."""

from mailconf.model.request import Requested, Requests
from mailconf.model.requests.accounts import ExternalAccounts
from mailconf.model.requests.mail import JudgeMail, RunSigner
from mailconf.model.requests.web import ServedPage


def test_requests_are_found_in_order_by_host_type_and_subject() -> None:
    one = ServedPage(host="a", url="https://x.example/", path="/x")
    two = ServedPage(host="b", url="https://y.example/", path="/y")
    made = Requests([Requested(one, "p"), Requested(JudgeMail(host="b"), "q"), Requested(two, "q")])
    assert made.of(ServedPage) == (one, two)
    assert made.on("b").of(ServedPage) == (two,)
    assert made.about(ServedPage, "https://x.example/") == (one,)
    assert made.sources(ServedPage) == ((one, "p"), (two, "q"))
    nothing = made.on("c")
    assert (nothing, made.of(RunSigner), made.about(ServedPage, "x")) == ((), (), ())


def test_a_request_says_what_it_is_about() -> None:
    assert ExternalAccounts(host="a", domain="x.example").what == "ExternalAccounts x.example"
    assert JudgeMail(host="a").what == "JudgeMail"
