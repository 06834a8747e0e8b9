"""The certificates that Dovecot serves, each with a name that clients ask for."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.artifact import Certificate
from mailconf.plugins.dovecot.duty import Duty


def certificates(duty: Duty) -> Iterator[Certificate]:
    """Yield a store's own, under its names, and those that domains bring."""
    if not duty.is_store:
        return
    tls = duty.host.tls
    yield Certificate(tls.certificate, tls.private_key, duty.host.hostname)
    for domain in duty.domains:
        if domain.client_host:
            shown = domain.tls or tls
            yield Certificate(shown.certificate, shown.private_key, domain.client_host)
