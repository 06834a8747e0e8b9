"""Options of the records_json section."""

from mailconf.model.base import Model


class RecordsJsonOptions(Model):
    """dns/records.json: every record with its logical value, TXT unsplit and unquoted."""

    enabled: bool = True
