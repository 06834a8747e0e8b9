"""Options of the octodns section."""

from mailconf.model.base import Model


class OctodnsOptions(Model):
    """A file for octoDNS's YamlProvider for every zone, under dns/octodns/."""

    enabled: bool = False
    escaped_semicolons: bool = True
    """As in YamlProvider's own option of that name: true unless yours says otherwise (octoDNS 1.x)."""
