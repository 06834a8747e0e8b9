"""XML of strangers: a document type in a file for mail programs is an attack or an accident."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.parsers import expat


class XmlError(ValueError):
    """The text is no XML, or has a document type."""


def root_of(text: str) -> ElementTree.Element:
    """Return the root element of a document without entities; raises XmlError."""
    # The text has been decoded, whatever it says about its encoding.
    parser = expat.ParserCreate("utf-8")

    def refuse(*_: object) -> None:
        raise XmlError("a document type declaration is not allowed")

    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(text.encode("utf-8"), True)
        reader = ElementTree.XMLParser(encoding="utf-8")  # noqa: S314, no DTD: checked above
        return ElementTree.fromstring(text.encode("utf-8"), reader)  # noqa: S314
    except (expat.ExpatError, ElementTree.ParseError, ValueError, LookupError) as why:
        if isinstance(why, XmlError):
            raise
        raise XmlError(f"not well-formed XML: {why}") from None
