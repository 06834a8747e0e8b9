"""BIMI records among the TXT records."""

from mailconf.formats.bimi import BimiRecord
from mailconf.model.record_kind import RecordKind

BIMI = RecordKind("bimi", tag="v=BIMI1", parse=BimiRecord.parse)
