"""Lists of main.cf: words, references, and tables that answer the same for everything."""

import time

import pytest

from mailconf.plugins.postfix.reviews.lists import MOST, answers, networks, resolved, words


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("a, b\tc", ["a", "b", "c"]),
        ("inline:{a=b, c=d} e", ["inline:{a=b, c=d}", "e"]),
        ("{ check_policy_service { inet:x, timeout=1s } } y", ["{ check_policy_service { inet:x, timeout=1s } }", "y"]),
        ("broken:{a b", ["broken:{a b,"]),
        ("a } b", ["a", "}", "b"]),
        ("", []),
    ],
)  # fmt: skip
def test_braces_hold_words_together(value: str, found: list[str]) -> None:
    assert words(value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("$a, ${b} $(c)", "1, 2 3"),
        ("$chain", "1"),
        ("$unknown", "$unknown"),
        ("$circle", "$circle"),
    ],
)
def test_references_are_replaced_where_they_are_known(value: str, found: str) -> None:
    known = {"a": "1", "b": "2", "c": "3", "chain": "$next", "next": "$a", "circle": "$circle"}
    assert resolved(value, known) == found


def test_references_that_double_come_to_an_end() -> None:
    doubling = {f"a{n}": f"$a{n + 1} " * 50 for n in range(20)}
    assert len(resolved("$a0", doubling)) <= MOST


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ("static:OK", ["OK"]),
        ("static:{ permit }", ["permit"]),
        ("cidr:{{192.0.2.0/24 REJECT}, {0.0.0.0/0 OK}}", ["OK"]),
        ("cidr:{{192.0.2.0/24 OK}}", []),
        ("regexp:{{/^.*$/ OK}}", ["OK"]),
        ("regexp:{{/@example[.]org$/ OK}}", []),
        ("pcre:{ {/./i OK} }", ["OK"]),
        ("pcre:{ {!/^nobody$/ OK} }", []),
        ("regexp:{{/(/ OK}}", []),
        ("unionmap:{hash:/etc/x, static:OK}", ["OK"]),
        ("inline:{a=b}", []),
        ("hash:/etc/postfix/x", []),
        ("192.0.2.1", []),
    ],
)
def test_what_a_table_answers_to_everything(table: str, found: list[str]) -> None:
    assert list(answers(table)) == found


def test_networks_in_place_are_read() -> None:
    assert list(networks("cidr:{{10.0.0.0/8 OK}, {::/0 OK}}")) == ["10.0.0.0/8", "::/0"]
    assert list(networks("inline:{192.0.2.1=OK, {192.0.2.2 = OK}}")) == ["192.0.2.1", "192.0.2.2"]
    assert list(networks("hash:/etc/x")) == []


@pytest.mark.parametrize(
    "table",
    [
        "cidr:{" + "{" * 30_000 + "}",
        "regexp:{" + "{a" * 15_000 + "}",
        "regexp:{{/(((([^ ]+)+)+)+)+!/ OK}}",
        "union:{" * 5_000,
        "union:{" * 5_000 + "static:OK" + "}" * 5_000,
    ],
    ids=["braces", "unclosed rules", "a costly pattern", "unclosed unions", "unions"],
)
def test_a_hostile_table_is_read_in_linear_time(table: str) -> None:
    """The pattern of a spec is compared, never executed."""
    begun = time.process_time()
    assert list(answers(table)) == []
    list(networks(table))
    assert time.process_time() - begun < 1


def test_references_are_counted_before_they_are_replaced() -> None:
    begun = time.process_time()
    assert len(resolved("$a" * 20_000, {"a": "x" * 100_000})) <= MOST
    assert time.process_time() - begun < 1
