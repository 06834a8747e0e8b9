"""Comments are left out of header fields, whatever is in them."""

import pytest

from mailconf.formats.comments import without_comments


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        pytest.param("a@b.example", "a@b.example", id="none"),
        pytest.param("a (b) c", "a   c", id="one"),
        pytest.param("a(b(c)d)(e)f", "a  f", id="inside each other"),
        pytest.param('"(a)" b', '"(a)" b', id="in quotes it is text"),
        pytest.param('(a " b) c', "  c", id="quotes in a comment are text"),
        pytest.param(r"(a \) b) c", "  c", id="an escaped end"),
        pytest.param(r'"a\"(b" (c)', r'"a\"(b"  ', id="an escaped quote"),
        pytest.param("a (b", "a  ", id="without an end"),
        pytest.param('a "b (c)', 'a "b  ', id="a quote without an end"),
        pytest.param("a ) b\\", "a ) b\\", id="an end without a beginning"),
        pytest.param("a" + "(" * 50_000 + ")" * 50_000 + "b", "a b", id="very deep"),
    ],
)
def test_comments_are_spaces(text: str, rest: str) -> None:
    assert without_comments(text) == rest
