"""Tag lists (RFC 6376 §3.2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats import FormatError
from mailconf.formats.tags import parse_tags, print_tags

VALUE = st.from_regex(r"[A-Za-z0-9:/@,]{0,20}", fullmatch=True)
TAGS = st.dictionaries(st.from_regex(r"[a-z]{1,5}", fullmatch=True), VALUE, min_size=1)


@given(TAGS)
def test_a_list_reads_back(tags: dict[str, str]) -> None:
    assert parse_tags(print_tags(tags)) == tags
    assert parse_tags(print_tags(tags) + " ; ") == tags


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("a=1; a=2", "at 5: tag 'a' occurs twice", id="twice"),
        pytest.param("a=1; b", "at 5: 'b' is not tag=value", id="no value"),
        pytest.param("a=1;; b=2", "at 4: '' is not tag=value", id="empty"),
        pytest.param("", "at 0: '' is not tag=value", id="nothing"),
        pytest.param("1=a", "at 0: '1=a' is not tag=value", id="no tag name"),
    ],
)
def test_the_position_is_told(text: str, told: str) -> None:
    with pytest.raises(FormatError, match=told):
        parse_tags(text)
