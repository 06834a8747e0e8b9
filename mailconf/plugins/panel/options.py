"""Options of the panel section."""

from mailconf.model.base import Model


class PanelOptions(Model):
    """A table for every zone, under dns/panel/: values unquoted, not cut into strings."""

    enabled: bool = False
