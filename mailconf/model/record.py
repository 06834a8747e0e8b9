"""DNS records as mailconf wants them published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import ip_address
from typing import Literal

from mailconf.formats.bimi import BimiRecord
from mailconf.formats.caa import Caa
from mailconf.formats.dkim import DkimKey
from mailconf.formats.dmarc import DmarcRecord
from mailconf.formats.error import FormatError
from mailconf.formats.mta_sts import StsRecord
from mailconf.formats.names import upwards
from mailconf.formats.quoting import zone_strings
from mailconf.formats.spf import SpfRecord
from mailconf.formats.tls_rpt import TlsRptRecord
from mailconf.formats.tlsa import Tlsa
from mailconf.model.dns import Kind
from mailconf.model.place import Path

RecordType = Literal["A", "AAAA", "CAA", "CNAME", "MX", "PTR", "SRV", "TLSA", "TXT"]
KINDS: dict[RecordType, Kind] = {
    "A": "a",
    "AAAA": "aaaa",
    "CAA": "caa",
    "CNAME": "cname",
    "MX": "mx",
    "PTR": "ptr",
    "SRV": "srv",
    "TLSA": "tlsa",
}
DEFAULT_TTL = 3600

# The policy records that share the TXT type, by how their text starts.
DKIM = "v=DKIM1"
TXT_KINDS: dict[str, Callable[[str], Hashable]] = {
    "v=spf1": lambda text: SpfRecord.parse(text).verdicts,
    DKIM: DkimKey.parse,
    "v=DMARC1": lambda text: DmarcRecord.parse(text).meaning,
    "v=STSv1": StsRecord.parse,
    "v=TLSRPTv1": TlsRptRecord.parse,
    "v=BIMI1": BimiRecord.parse,
}
POLICIES: dict[str, Kind] = {
    "v=spf1": "spf",
    DKIM: "dkim",
    "v=DMARC1": "dmarc",
    "v=STSv1": "mta_sts",
    "v=TLSRPTv1": "tls_rpt",
    "v=BIMI1": "bimi",
}


# Other types with spellings of their own.
VALUES: dict[str, Callable[[str], Hashable]] = {
    "CAA": lambda text: str(Caa.parse(text)),
    "TLSA": Tlsa.parse,
}


def txt_kind(name: str, text: str) -> str:
    """Return which policy record a TXT value is, or an empty string for any other text.

    Below _domainkey everything is a key: its version tag is optional (RFC 6376 §3.6.1).
    """
    if "._domainkey." in name:
        return DKIM
    return next((k for k in TXT_KINDS if text[: len(k)].lower() == k.lower()), "")


@dataclass(frozen=True, slots=True, order=True)
class Record:
    """One resource record.

    `name` is absolute; `value` is the logical value: TXT unsplit and unquoted, other types in
    presentation form with absolute names; `ttl` is in seconds. `where` is the spec path that
    asked for it and takes no part in comparisons.
    """

    name: str
    type: RecordType
    value: str
    ttl: int = DEFAULT_TTL
    where: Path = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if not self.name.endswith("."):
            raise ValueError(f"record name must be absolute: {self.name!r}")

    def __str__(self) -> str:
        return f"{self.name} {self.ttl} IN {self.type} {self.rdata}"

    @property
    def rdata(self) -> str:
        """The value as a master file writes it (RFC 1035 §5.1)."""
        return zone_strings(self.value) if self.type == "TXT" else self.value

    @property
    def kind(self) -> Kind:
        """What the record is for."""
        if self.type == "TXT":
            return POLICIES.get(txt_kind(self.name, self.value), "txt")
        return KINDS[self.type]

    @property
    def meaning(self) -> Hashable:
        """The value such that two spellings of the same thing are equal."""
        return meaning(self.name, self.type, self.value)


class Records(tuple[Record, ...]):
    """Records in order; by name and type each set is found in one step."""

    def at(self, name: str, rtype: str) -> tuple[Record, ...]:
        """Return the records of a type at an absolute name."""
        return self.sets.get((name, rtype), ())

    def below(self, apex: str) -> tuple[Record, ...]:
        """Return the records at an absolute name and below it."""
        return tuple(self._below.get(apex, ()))

    def values(self, rtype: str) -> frozenset[str]:
        """Return the values of all records of a type."""
        return self._values.get(rtype, frozenset())

    @cached_property
    def sets(self) -> Mapping[tuple[str, str], tuple[Record, ...]]:
        """The records that share name and type, together, in the order of the first of each."""
        found: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for record in self:
            found[record.name, record.type].append(record)
        return {key: tuple(records) for key, records in found.items()}

    @cached_property
    def _below(self) -> Mapping[str, list[Record]]:
        found: dict[str, list[Record]] = defaultdict(list)
        for record in self:
            for name in upwards(record.name):
                found[name].append(record)
        return found

    @cached_property
    def _values(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for record in self:
            found[record.type].add(record.value)
        return {rtype: frozenset(values) for rtype, values in found.items()}


NO_RECORDS = Records()


def meaning(name: str, rtype: str, value: str) -> Hashable:
    """Return the comparable meaning of a value; a TXT that does not parse means its own text."""
    if rtype == "TXT":
        kind = txt_kind(name, value)
        try:
            return TXT_KINDS[kind](value) if kind else value
        except ValueError:
            return value
    if rtype in ("A", "AAAA"):
        return ip_address(value)
    if rtype in VALUES:
        try:
            return VALUES[rtype](value.lower())
        except FormatError:
            return value
    return " ".join(value.lower().split())
