"""Options of the webserver section."""

from __future__ import annotations

from typing import Literal

from mailconf.model.base import Model


class WebserverOptions(Model):
    """The web server: what it serves is derived from what other plugins ask for."""

    certificates: Literal["host", "domain"] = "host"
    """All names in the host's certificate, or those of each domain in one of their own."""
