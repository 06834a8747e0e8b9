"""Options of the opendkim section."""

from typing import Annotated

from pydantic import Field

from mailconf.model.base import Model


class OpendkimOptions(Model):
    """OpenDKIM as a milter on the loopback interface."""

    port: Annotated[int, Field(ge=1, le=65535)] = 8891
