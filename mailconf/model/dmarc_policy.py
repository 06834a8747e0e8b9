"""The DMARC policy that a build publishes for a domain."""

from __future__ import annotations

from contextlib import suppress

from mailconf.formats.dmarc import DmarcRecord
from mailconf.formats.error import FormatError
from mailconf.formats.names import absolute
from mailconf.model.record import Records


def dmarc_of(records: Records, domain: str) -> DmarcRecord | None:
    """Return the record of a domain with what it leaves open said (RFC 9989 §4.7); None without one."""
    for record in records.at(absolute(f"_dmarc.{domain}"), "TXT"):
        with suppress(FormatError):
            return DmarcRecord.parse(record.value).meaning
    return None


def asks_to_reject(records: Records, domain: str) -> bool:
    """Tell whether receivers are asked to reject mail that is forged in a domain's name."""
    found = dmarc_of(records, domain)
    return found is not None and found.p == "reject"
