"""Options of the mx_records section; preferences stand under a domain's own key `mx`."""

from mailconf.model.base import Model


class MxOptions(Model):
    """MX records: nothing to choose beyond a domain's `mx` map."""
