"""XML of strangers: a document type in a file for mail programs is an attack or an accident."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.parsers import expat


class XmlError(ValueError):
    """The text is no XML, or has a document type."""


def root_of(text: str) -> ElementTree.Element:
    """Return the root element of a document without entities; raises XmlError."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise XmlError("a document type declaration is not allowed")

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text.encode("utf-8"), True)
        return ElementTree.fromstring(text.encode("utf-8"))  # noqa: S314, no DTD: checked above
    except (expat.ExpatError, ElementTree.ParseError, UnicodeError) as why:
        raise XmlError(f"not well-formed XML: {why}") from None
