"""The messages of a host that its signer sees."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.host import Host
from mailconf.model.requests.mta import Milter, WayIn
from mailconf.model.spec import Spec

SENT: tuple[WayIn, ...] = ("submission", "local")


def signer_milters(spec: Spec, host: Host, address: str, order: int) -> Iterator[Milter]:
    """Request a signer as the milter for messages that it verifies, and for those that it signs.

    It signs where mail leaves for the Internet. Programs of a send-only host may send by SMTP.
    """
    signs = spec.is_egress(host)
    for way in SENT if signs else ():
        yield Milter(host=host.key, way=way, address=address, order=order)
    if host.is_("mx", "backup-mx", "relay") or (signs and host.is_("send-only")):
        yield Milter(host=host.key, way="smtpd", address=address, order=order)
