"""Options of the autoconfig section."""

from typing import Annotated, ClassVar

from pydantic import Field

from mailconf.formats.client_config import MAX_DISPLAY_NAME
from mailconf.model.base import Model, Read


class AutoconfigOptions(Model):
    """Client set-up by Mozilla Autoconfig."""

    READ: ClassVar = Read(at=("domains",), of=("hosted",))
    display_name: Annotated[
        str, Field(max_length=MAX_DISPLAY_NAME, pattern=r"^[^\x00-\x1f\x7f]*$")
    ] = ""
    """What clients show; the domain's name when empty."""
