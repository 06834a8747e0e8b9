"""Options of the zonefile section."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from mailconf.model.address import WholeAddress
from mailconf.model.base import HostName, Model, Read

Contact = Annotated[WholeAddress, StringConstraints(pattern=r"^[A-Za-z0-9._-]+@[a-z0-9._-]+$")]


class ZonefileOptions(Model):
    """Zone files: with name servers, whole zones; without, records to $INCLUDE."""

    name_servers: tuple[HostName, ...] = ()
    """What NS records name; give them only where mailconf writes the whole zone."""
    contact: Annotated[Contact | None, Read(needs=("name_servers", ""))] = None
    """Who looks after the zone; by default hostmaster@ZONE."""
    serial: Annotated[int, Field(ge=1, lt=2**32), Read(needs=("name_servers", ""))] = 1
    """Of the SOA. Leave it where the name server counts by itself, else raise it with each change."""
