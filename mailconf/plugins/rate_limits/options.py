"""Options of the rate_limits section."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mailconf.model.address import LoginAddress
from mailconf.model.base import Model, Seconds

Recipients = Annotated[int, Field(ge=1)]


class Limit(Model):
    """So many recipients in so much time."""

    recipients: Recipients
    per: Annotated[Seconds, Field(ge=1)]


class RateLimitsOptions(Model):
    """policyd-rate-limit on submission hosts; switched on by naming a limit."""

    per_login: tuple[Limit, ...] = ()
    """Such as {recipients: 100, per: 1h}; all of them count."""
    exceptions: dict[LoginAddress, tuple[Limit, ...]] = {}
    """Other limits for single logins, by full address; an empty list is no limit."""
    port: Annotated[int, Field(ge=1, le=65535)] = 8552
