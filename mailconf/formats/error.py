"""What a value that is not well-formed is refused with."""

from __future__ import annotations


class FormatError(ValueError):
    """A text does not follow its grammar.

    `position` counts characters from 0; `rule` names the grammar's production with its source,
    such as `RFC 7208 §12 domain-spec`.
    """

    def __init__(self, message: str, position: int = 0, rule: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.rule = rule

    def __str__(self) -> str:
        source = f" ({self.rule})" if self.rule else ""
        return f"at {self.position}: {self.message}{source}"
