"""Options of the mta_sts_resolver section."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mailconf.model.base import Model


class MtaStsResolverOptions(Model):
    """postfix-mta-sts-resolver on the loopback interface of hosts from which mail leaves."""

    enabled: bool = True
    port: Annotated[int, Field(ge=1, le=65535)] = 8461
    cache_size: Annotated[int, Field(ge=1, le=10_000_000)] = 10_000
    """Policies kept in memory."""
