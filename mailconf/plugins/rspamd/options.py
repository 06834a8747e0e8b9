"""Options of the rspamd section."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mailconf.model.base import Model, Read

Score = Annotated[float, Field(gt=0, le=1000)]


class RspamdOptions(Model):
    """rspamd as a milter on the loopback interface; it needs no Redis."""

    port: Annotated[int, Field(ge=1, le=65535)] = 11332
    controller_port: Annotated[int, Field(ge=1, le=65535)] = 11334
    """Where `rspamc` and the training by moves to Junk talk to; loopback only."""
    reject: Score = 15.0
    """From this score on mail is refused."""
    add_header: Score = 6.0
    """From this score on mail is marked and goes to Junk."""
    learn: Annotated[bool, Read(at=("hosts",), roles=("mx",))] = True
    """Learn from what users move to Junk and out of it."""
