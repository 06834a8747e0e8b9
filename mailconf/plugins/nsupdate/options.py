"""Options of the nsupdate section."""

from mailconf.model.base import Model


class NsupdateOptions(Model):
    """A script for every zone, under dns/nsupdate/; the server and the key are arguments of nsupdate."""

    enabled: bool = False
