"""TLSA records, compared as RFC 6698 §2.2 reads them."""

from mailconf.formats.tlsa import Tlsa
from mailconf.model.record_kind import RecordKind

TLSA = RecordKind("tlsa", "TLSA", parse=lambda text: Tlsa.parse(text.lower()))
