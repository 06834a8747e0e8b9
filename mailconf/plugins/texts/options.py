"""Options of the texts section."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from mailconf.model.base import FreeText, Model
from mailconf.model.record import txt_kind


def _is_no_policy(text: str) -> str:
    if txt_kind("", text):
        raise ValueError("a text that is no policy: those have options of their own")
    return text


Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=4000, pattern=r"^[\x20-\x7e]+$"),
    AfterValidator(_is_no_policy),
    FreeText("DNS"),
]


class TextsOptions(Model):
    """Texts that stand beside the SPF record; some publishing tools replace all of a name at once."""

    values: tuple[Text, ...] = ()
    """Under a domain: whole texts, without quotes."""
