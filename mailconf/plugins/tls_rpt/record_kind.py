"""TLS-RPT records among the TXT records."""

from mailconf.formats.tls_rpt import TlsRptRecord
from mailconf.model.record_kind import RecordKind

TLS_RPT = RecordKind("tls_rpt", tag="v=TLSRPTv1", parse=TlsRptRecord.parse)
