"""Options of the rate_limits section."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mailconf.model.address import LoginAddress
from mailconf.model.base import Count, Model, Seconds

MOST_DAYS = 366
"""policyd-rate-limit keeps every message of that time."""
HOUR, DAY = "1h", "1d"
Recipients = Annotated[Count, Field(ge=1)]


class Limit(Model):
    """Maximum number of recipients per period."""

    recipients: Recipients
    per: Annotated[Seconds, Field(ge=1, le=MOST_DAYS * 86400)]


class RateLimitsOptions(Model):
    """policyd-rate-limit on submission hosts; an empty list of limits switches it off."""

    per_login: tuple[Limit, ...] = (
        Limit(recipients=500, per=HOUR),
        Limit(recipients=2000, per=DAY),
    )
    """All of them count; a list address here is one recipient."""
    exceptions: dict[LoginAddress, tuple[Limit, ...]] = {}
    """Other limits for single logins, by full address; an empty list is no limit."""
    port: Annotated[int, Field(ge=1, le=65535)] = 8552
