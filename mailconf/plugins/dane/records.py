"""TLSA records of MX hosts (RFC 7672 §3)."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.names import absolute
from mailconf.formats.tlsa import Tlsa
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.record import Record
from mailconf.plugins.dane.options import DaneOptions

# DANE-EE, public key, SHA-256: a renewed certificate with the same key changes nothing (RFC 7671 §5.1).
END_ENTITY, PUBLIC_KEY, SHA_256 = 3, 1, 1


def key_records(view: View[DaneOptions], host: Host) -> Iterator[Record]:
    """Yield a record for each key that the host has or will have; the name is that of the host."""
    if view.spec.is_mx(host):
        name, where = absolute(f"_25._tcp.{host.hostname}"), ("hosts", host.key, "dane")
        for digest in view.for_host(host).digests:
            wanted = Tlsa(END_ENTITY, PUBLIC_KEY, SHA_256, bytes.fromhex(digest))
            yield Record(name, "TLSA", str(wanted), where=where)
