"""Aliases lead to mailboxes, through others, and sometimes back to themselves."""

import pytest

from mailconf.model.aliases import MOST, SHOWN, AliasGraph, parts, plain

ROUND = {"a@x": ("b@x",), "b@x": ("c@x", "a@x"), "c@x": ("m@x",)}


def mailbox(address: str) -> tuple[str, ...]:
    return (address,) if address.startswith("m") else ()


@pytest.mark.parametrize(
    ("address", "looked_up"),
    [("Alice@Example.org", "alice@example.org"), ("a+b+c@x", "a@x"), ("a@x", "a@x")],
)
def test_an_address_is_looked_up_without_case_and_extension(address: str, looked_up: str) -> None:
    assert plain(address) == looked_up


def test_who_is_behind_an_alias_is_told_once_and_in_order() -> None:
    graph = AliasGraph({"a@x": ("m2@x", "b@x", "c@x"), "b@x": ("m1@x", "m2@x"), "c@x": ("b@x",)})
    assert graph.behind(mailbox) == {
        "a@x": ("m2@x", "m1@x"),
        "b@x": ("m1@x", "m2@x"),
        "c@x": ("m1@x", "m2@x"),
    }


def test_aliases_of_one_circle_lead_to_the_same() -> None:
    behind = AliasGraph(ROUND).behind(mailbox)
    assert behind == {"a@x": ("m@x",), "b@x": ("m@x",), "c@x": ("m@x",)}


@pytest.mark.parametrize(
    ("alias", "chain"),
    [
        ("a@x", ("a@x", "b@x", "a@x")),
        ("b@x", ("b@x", "a@x", "b@x")),
        ("c@x", ()),
        ("nobody@x", ()),
    ],
)
def test_a_chain_leads_from_an_alias_back_to_itself(alias: str, chain: tuple[str, ...]) -> None:
    assert AliasGraph(ROUND).circle(alias) == chain


@pytest.mark.parametrize("target", ["a@x", "a+list@x", "A@X"])
def test_an_alias_of_itself_is_a_circle(target: str) -> None:
    assert AliasGraph({"a@x": (target,)}).circle("a@x") == ("a@x", target)


def ring(size: int) -> dict[str, tuple[str, ...]]:
    return {f"a{n}@x": (f"a{(n + 1) % size}@x",) for n in range(size)}


def test_a_long_circle_is_shortened() -> None:
    assert len(AliasGraph(ring(SHOWN)).circle("a0@x")) == SHOWN + 1
    assert AliasGraph(ring(SHOWN + 1)).circle("a0@x") == ("a0@x", "a1@x", "…", "a0@x")


def test_a_chain_may_be_longer_than_python_recurses() -> None:
    chain = {f"a{n}@x": (f"a{n + 1}@x",) for n in range(5_000)} | {"a5000@x": ("m@x",)}
    graph = AliasGraph(chain)
    assert graph.circle("a0@x") == ()
    assert graph.behind(mailbox)["a0@x"] == ("m@x",)
    assert AliasGraph(ring(5_000)).circle("a9@x") == ("a9@x", "a10@x", "…", "a9@x")


def test_parts_come_after_those_that_they_lead_to() -> None:
    assert list(parts({"a": ("b",), "b": ("c", "d"), "c": ("b",), "d": ()})) == [
        ("d",),
        ("b", "c"),
        ("a",),
    ]


@pytest.mark.parametrize(
    ("targets", "size"),
    [
        pytest.param({"a@x": ("m1@x",)}, 1, id="one target"),
        pytest.param({"a@x": ("b@x", "m1@x"), "b@x": ("m2@x", "m3@x")}, 3, id="a list in a list"),
        pytest.param(
            {"a@x": ("b@x", "c@x"), "b@x": ("d@x",), "c@x": ("d@x",), "d@x": ("m1@x", "m2@x")},
            4,
            id="a list behind two others",
        ),
        pytest.param({"a@x": ("b@x", "m1@x"), "b@x": ("a@x", "m2@x")}, 4, id="a circle"),
        pytest.param({"a@x": ("B@X", "b+news@x"), "b@x": ("m1@x",)}, 2, id="spelled otherwise"),
    ],
)
def test_the_recipients_of_an_alias_are_counted(
    targets: dict[str, tuple[str, ...]], size: int
) -> None:
    assert AliasGraph(targets).sizes["a@x"] == size


def test_recipients_behind_several_lists_are_counted_for_each() -> None:
    """More than all aliases have targets: Postfix does not look for what it has already."""
    staff = tuple(f"u{n}@x" for n in range(400))
    lists = {name: ("staff@x", "a@x") for name in ("desk@x", "admins@x")}
    graph = AliasGraph({"staff@x": staff, **lists, "all@x": ("staff@x", *lists)})
    assert graph.sizes["all@x"] == 1202


def test_lists_that_double_are_counted_up_to_an_end() -> None:
    doubling = {f"a{n}@x": (f"a{n + 1}@x", f"a{n + 1}@x") for n in range(5000)}
    sizes = AliasGraph({**doubling, "a5000@x": ("m1@x",)}).sizes
    assert (sizes["a4990@x"], sizes["a0@x"]) == (1024, MOST)


def test_aliases_one_behind_the_other_are_counted() -> None:
    chain = {"a@x": ("b@x", "m1@x"), "b@x": ("c@x",), "c@x": ("m2@x",)}
    assert AliasGraph(chain).depths == {"a@x": 3, "b@x": 2, "c@x": 1}


@pytest.mark.parametrize(
    ("targets", "end"),
    [
        pytest.param({"a@x": ("m1@x",)}, "m1@x", id="one target"),
        pytest.param({"a@x": ("b@x",), "b@x": ("m1@x",)}, "m1@x", id="through another"),
        pytest.param({"a@x": ("m1@x", "m2@x")}, None, id="two targets"),
        pytest.param({"a@x": ("b@x",), "b@x": ("m1@x", "m2@x")}, None, id="two behind one"),
        pytest.param({"a@x": ("b@x",), "b@x": ("a@x",)}, None, id="a circle"),
        pytest.param({"a@x": ("a@x",)}, None, id="itself"),
        pytest.param({"a@x": ("m1+news@x",)}, "m1@x", id="with an extension"),
    ],
)
def test_the_only_target_of_an_alias_is_known(
    targets: dict[str, tuple[str, ...]], end: str | None
) -> None:
    assert AliasGraph(targets).sole.get("a@x") == end
