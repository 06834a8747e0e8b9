"""Options of the zonefile section."""

from mailconf.model.base import Model


class ZonefileOptions(Model):
    """Zone files: nothing to choose yet."""
