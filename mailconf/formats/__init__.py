"""Protocol values: text in and out, by RFC and daemon grammar, knowing nothing of mailconf."""

from mailconf.formats.error import FormatError

__all__ = ["FormatError"]
