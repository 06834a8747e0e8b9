"""Options of the name_servers section."""

from __future__ import annotations

from mailconf.model.base import Model


class NameServersOptions(Model):
    """The servers of the zones, each of them asked: nothing to choose yet."""
