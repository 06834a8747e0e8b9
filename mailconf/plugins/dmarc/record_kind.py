"""DMARC records among the TXT records."""

from mailconf.formats.dmarc import DmarcRecord
from mailconf.model.record_kind import RecordKind

DMARC = RecordKind(
    "dmarc",
    tag="v=DMARC1",
    parse=lambda text: DmarcRecord.parse(text).meaning,
    harm="the domain could be spoofed",
)
