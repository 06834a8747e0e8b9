"""One JavaScript file with an array of record modifiers for every zone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath

from mailconf.model.artifact import SITE, Render
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.model.zone import Zone, zones
from mailconf.plugins.dnscontrol.options import DnscontrolOptions

WORDS = {"CAA": 3, "MX": 2, "SRV": 4, "TLSA": 4}
"""How many arguments the function of a type takes for the value; one for other types."""
CRITICAL = 128


def records_file(view: View[DnscontrolOptions]) -> Iterator[Render]:
    """Order the file, if it is wanted."""
    if view.options.enabled:
        path = PurePosixPath("dns", "dnscontrol", "mailconf.js")
        data = {"zones": zones(view.spec, view.records), "call": call}
        yield Render(SITE, path, "mailconf.js.j2", data)


def call(zone: Zone, record: Record) -> str:
    """Return a record as a call of DNSControl's function of the same name."""
    count = WORDS.get(record.type, 1)
    words = [record.value] if count == 1 else record.value.split(None, count - 1)
    values = [int(word) if word.isdecimal() else word.strip('"') for word in words]
    if record.type == "CAA":
        # CAA(name, tag, value): the flag is a modifier.
        flags, values = values[0], values[1:]
        modifiers = ["CAA_CRITICAL"] if flags == CRITICAL else []
    else:
        modifiers = []
    arguments = [json.dumps(argument) for argument in (zone.label_of(record), *values)]
    return f"{record.type}({', '.join([*arguments, *modifiers, f'TTL({record.ttl})'])})"
