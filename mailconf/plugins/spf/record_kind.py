"""SPF records among the TXT records."""

from mailconf.formats.spf import SpfRecord
from mailconf.model.record_kind import RecordKind

SPF = RecordKind(
    "spf",
    tag="v=spf1",
    parse=lambda text: SpfRecord.parse(text).verdicts,
    harm="SPF would authorize no sender",
)
