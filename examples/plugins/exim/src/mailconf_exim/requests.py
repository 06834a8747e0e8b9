"""What Exim needs of others: an open port on relays, a certificate, and no milter."""

from collections.abc import Iterator

from mailconf.api import (
    AuthorsHeld,
    CertificateUse,
    Host,
    MailClient,
    OpenPort,
    PluginRequest,
    View,
)
from mailconf_exim.duty import Duty
from mailconf_exim.options import EximOptions

USER, PORT = "Debian-exim", 25


def ports_and_duties(view: View[EximOptions], host: Host) -> Iterator[PluginRequest]:
    """Let the hosts of the site connect to a relay, and say that Exim checks authors itself."""
    if not host.is_mta:
        return
    duty = Duty.of(view, host)
    yield AuthorsHeld(host=host.key)
    yield MailClient(host=host.key, user=USER)
    sources = (*duty.trusted, *(a for one in duty.held[1:] for a in one.addresses))
    if sources:  # no source at all would mean everybody
        yield OpenPort(host=host.key, port=PORT, sources=sources)
    if duty.is_relay:
        yield CertificateUse(
            host=host.key, path=host.tls.certificate, service="exim4", name=host.hostname
        )
