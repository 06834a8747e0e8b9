"""Options of the opendmarc section."""

from typing import Annotated

from pydantic import Field

from mailconf.model.base import Model


class OpendmarcOptions(Model):
    """OpenDMARC as a milter on the loopback interface."""

    port: Annotated[int, Field(ge=1, le=65535)] = 8893
