"""CAA records, compared as RFC 8659 §4.1 reads them."""

from mailconf.formats.caa import Caa
from mailconf.model.record_kind import RecordKind

CAA = RecordKind("caa", "CAA", parse=lambda text: str(Caa.parse(text.lower())))
