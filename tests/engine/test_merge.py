"""Overlays merge maps by key and replace everything else."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mailconf.engine.merge import contradictions, overlay

KEYS = st.sampled_from(["a", "b", "c"])
TREES = st.recursive(
    st.integers(0, 3), lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)
MAPS = st.dictionaries(KEYS, TREES, max_size=3)


@given(MAPS)
def test_nothing_changes_nothing(tree: dict[str, Any]) -> None:
    assert overlay(tree, {}) == overlay({}, tree) == overlay(tree, tree) == tree


@given(MAPS, MAPS)
def test_without_contradictions_the_side_does_not_matter(one: Any, other: Any) -> None:
    if not list(contradictions(one, other)):
        assert overlay(one, other) == overlay(other, one)


def test_lists_are_replaced_as_a_whole() -> None:
    assert overlay({"a": [1, 2]}, {"a": [3]}) == {"a": [3]}
