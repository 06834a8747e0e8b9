"""The certificates that Postfix serves, each with a name that clients ask for."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.artifact import Certificate
from mailconf.plugins.postfix.duty import Duty
from mailconf.plugins.postfix.tables import sni_names


def certificates(duty: Duty) -> Iterator[Certificate]:
    """Yield the host's own, under its names, and those that domains bring; none without listeners."""
    if not duty.listens:
        return
    tls = duty.host.tls
    yield Certificate(tls.certificate, tls.private_key, duty.host.hostname)
    for own in sni_names(duty):
        yield Certificate(own.tls.certificate, own.tls.private_key, own.name)
    for domain in duty.spec.hosted:
        if domain.client_host and not domain.tls and duty.submissions:
            yield Certificate(tls.certificate, tls.private_key, domain.client_host)
