"""CAA records (RFC 8659 §4) at the names of hosts.

Names such as mta-sts.<domain> are aliases of these, and an authority follows aliases (§3). The
domain itself stays as it is: other people's web sites live there.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.caa import Caa, Issuer
from mailconf.formats.names import absolute
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.plugins.caa.options import CaaIssuer, CaaOptions


def issuer_records(view: View[CaaOptions], host: Host) -> Iterator[Record]:
    """Yield who may issue, that nobody may issue wildcards, and where refusals are reported."""
    options = view.for_host(host)
    properties = [Caa(0, "issue", str(_issuer(issuer))) for issuer in options.issuers]
    if properties:
        properties.append(Caa(0, "issuewild", ";"))
        properties += [Caa(0, "iodef", options.iodef)] if options.iodef else []
    for one in properties:
        yield Record(absolute(host.hostname), "CAA", str(one), where=("hosts", host.key, "caa"))


def _issuer(wanted: CaaIssuer) -> Issuer:
    parameters = {"accounturi": wanted.account or "", "validationmethods": ",".join(wanted.methods)}
    return Issuer(wanted.domain, {name: value for name, value in parameters.items() if value})
