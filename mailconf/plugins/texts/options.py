"""Options of the texts section."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints, ValidationInfo

from mailconf.model.base import FreeText, Model
from mailconf.model.record_kind import RECORD_KINDS, RecordKinds


def _is_no_policy(text: str, info: ValidationInfo) -> str:
    kinds: RecordKinds | None = (info.context or {}).get(RECORD_KINDS)
    if kinds and kinds.is_policy(text):
        raise ValueError(
            "a TXT record that is not a policy record; policies have their own options"
        )
    return text


Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=4000, pattern=r"^[\x20-\x7e]+$"),
    AfterValidator(_is_no_policy),
    FreeText("DNS"),
]


class TextsOptions(Model):
    """Additional TXT records at the domain name, for publishing tools that replace all TXT records of a name."""

    values: tuple[Text, ...] = ()
    """Under a domain: whole texts, without quotes."""
