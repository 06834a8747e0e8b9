"""Long texts are compared by lines that stand once; what is found is a common subsequence."""

from difflib import SequenceMatcher
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailconf.engine.alike import LONG, Quick, matcher

LINES = st.lists(st.sampled_from("abcdefghij"), max_size=60)


@settings(deadline=None)
@given(LINES, LINES)
def test_the_blocks_are_shared_and_in_order(old: list[str], new: list[str]) -> None:
    blocks = Quick(None, old, new).get_matching_blocks()
    for block in blocks:
        assert old[block.a : block.a + block.size] == new[block.b : block.b + block.size]
    for one, other in pairwise(blocks):
        assert one.a + one.size <= other.a
        assert one.b + one.size <= other.b
    assert (blocks[-1].a, blocks[-1].b, blocks[-1].size) == (len(old), len(new), 0)


@settings(deadline=None)
@given(st.lists(st.integers(0, 400), min_size=200, max_size=400, unique=True), st.data())
def test_what_was_taken_out_of_a_long_text_is_all_that_differs(
    old: list[int], data: st.DataObject
) -> None:
    gone = set(data.draw(st.lists(st.sampled_from(old), max_size=5)))
    lines = list(map(str, old))
    new = [str(line) for line in old if line not in gone]
    codes = Quick(None, lines, new).get_opcodes()
    removed = [lines[n] for tag, a, b, _, _ in codes if tag != "equal" for n in range(a, b)]
    assert set(removed) == set(map(str, gone))


@pytest.mark.parametrize(("count", "kind"), [(LONG // 2, SequenceMatcher), (LONG, Quick)])
def test_short_texts_are_left_to_difflib(count: int, kind: type) -> None:
    assert type(matcher(["x"] * count, ["x"] * count)) is kind
