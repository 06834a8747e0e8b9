"""XML of strangers is read without document types."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats.xml import XmlError, root_of


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "document type", id="entities"),
        pytest.param('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "document type", id="file"),
        pytest.param("<a>&b;</a>", "not well-formed", id="unknown entity"),
        pytest.param("<a>", "not well-formed", id="open element"),
        pytest.param("", "not well-formed", id="nothing"),
    ],
)
def test_what_is_refused(text: str, told: str) -> None:
    with pytest.raises(XmlError, match=told):
        root_of(text)


@pytest.mark.parametrize("encoding", ["gb2312", "utf-32", "hex", "nonsense", "latin-1"])
def test_what_a_text_says_about_its_encoding_is_over(encoding: str) -> None:
    """It has been decoded on its way."""
    root = root_of(f'<?xml version="1.0" encoding="{encoding}"?><a>é</a>')
    assert root.text == "é"


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(XmlError):
        root_of(text)
