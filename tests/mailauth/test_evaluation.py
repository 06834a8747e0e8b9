"""What one evaluation may use up (RFC 7208 §4.6.4), and names that DNS can be asked for."""

import pytest

from mailconf.mailauth.evaluation import Budget, PermError, is_domain, is_name


def test_ten_terms_may_ask_and_no_more() -> None:
    budget = Budget()
    for _ in range(10):
        budget.spend("example.org", "a")
    with pytest.raises(PermError, match=r"a in example\.org exceeds the limit of 10 DNS lookups"):
        budget.spend("example.org", "a")


def test_two_questions_may_find_nothing() -> None:
    budget = Budget()
    budget.miss("a.example.org")
    budget.miss("b.example.org")
    with pytest.raises(PermError, match=r"c\.example\.org exceeds the limit of 2 void lookups"):
        budget.miss("c.example.org")


@pytest.mark.parametrize(
    ("name", "as_name", "as_domain"),
    [
        ("example.org", True, True),
        ("example.org.", True, True),
        ("_spf.example.org", True, True),
        ("localhost", True, False),
        ("a..example.org", False, False),
        (f"{'x' * 64}.example.org", False, False),
        (".".join(["label"] * 50), False, False),
        ("[192.0.2.1]", True, False),
        ("", False, False),
    ],
)
def test_names(name: str, as_name: bool, as_domain: bool) -> None:
    assert (is_name(name), is_domain(name)) == (as_name, as_domain)
