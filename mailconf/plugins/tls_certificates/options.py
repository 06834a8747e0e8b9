"""Options of the tls_certificates section."""

from mailconf.model.base import Model


class TlsOptions(Model):
    """Certificates: nothing to choose yet; files are named by a host's `tls`."""
