"""Options of the originators section."""

from typing import Annotated

from pydantic import Field

from mailconf.model.base import Model


class OriginatorsOptions(Model):
    """mailconf-originators as a milter on the loopback interface."""

    port: Annotated[int, Field(ge=1, le=65535)] = 8890
