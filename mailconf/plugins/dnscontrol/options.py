"""Options of the dnscontrol section."""

from mailconf.model.base import Model


class DnscontrolOptions(Model):
    """dns/dnscontrol/mailconf.js, to require() in dnsconfig.js: MAILCONF["example.org"]."""

    enabled: bool = False
