"""Relative paths: one spelling, below the folder."""

import pytest

from mailconf.formats.paths import MAX_PARTS, PathRefusedError, relative_parts


@pytest.mark.parametrize("path", ["a", "a/b", ".hidden/x", "a b/c", "..a/b..", "é"])
def test_paths_below(path: str) -> None:
    assert "/".join(relative_parts(path)) == path


@pytest.mark.parametrize(
    ("path", "found"),
    [
        pytest.param("", "empty", id="empty"),
        pytest.param("/a", "an absolute path", id="absolute"),
        pytest.param("..", "the segment '..'", id="above"),
        pytest.param("a/../b", "the segment '..'", id="and back"),
        pytest.param(".", "the segment '.'", id="itself"),
        pytest.param("./a", "the segment '.'", id="itself first"),
        pytest.param("a//b", "the segment ''", id="empty segment"),
        pytest.param("a/", "the segment ''", id="slash at the end"),
        pytest.param("a\0b", "a control character", id="NUL"),
        pytest.param("a\nb", "a control character", id="line end"),
        pytest.param("a\x1b[2J", "a control character", id="escape"),
        pytest.param("a\u202eb", "a control character", id="right to left"),
        pytest.param("a\udcff", "a control character", id="no UTF-8"),
        pytest.param("a/" * MAX_PARTS + "b", "too long", id="deep"),
        pytest.param("a" * 256, "too long", id="long"),
    ],
)
def test_paths_that_are_refused(path: str, found: str) -> None:
    with pytest.raises(PathRefusedError) as caught:
        relative_parts(path)
    assert found in caught.value.found
    assert caught.value.fix
