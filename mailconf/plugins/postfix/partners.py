"""What Postfix needs of the program that does `access` where no plugin does."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import OTHER
from mailconf.plugins.postfix.duty import Duty

NO_STORE = Rule(
    code="PFX030",
    name="delivery-transport-missing",
    severity=Severity.ERROR,
    message="jobs.access is other, and main_cf has no virtual_transport: {host} cannot deliver mail for {domain}",
    fix="set postfix.main_cf: {{virtual_transport: 'lmtp:unix:private/lmtp'}} with the socket of your mail store",
    ref="postconf(5) virtual_transport",
    bad="jobs: {access: other}",
    good=(
        "jobs: {access: other}\n"
        "plugins: {postfix: {main_cf: {virtual_transport: 'lmtp:unix:private/lmtp'}}}"
    ),
)
LOGINS = Rule(
    code="PFX031",
    name="login-socket-expected",
    severity=Severity.NOTICE,
    message="jobs.access is other: on {host}, your mail store has to verify passwords at {socket}",
    fix="let it listen there (Dovecot: service auth, unix_listener), and waive this finding",
    ref="SASL_README",
    bad="jobs: {access: other}",
    good="jobs: {access: dovecot}",
)
TRANSPORTS = ("virtual_transport", "transport_maps")
SOCKET = "/var/spool/postfix/private/auth"


def partners_exist(duty: Duty) -> Iterator[Finding]:
    """Yield what another program has to provide, unless the operator has written where it is."""
    host, own = duty.host, duty.options.main_cf
    if duty.spec.doer_of("access", host) != OTHER:
        return
    where = ("hosts", host.key, "jobs") if host.jobs else ("jobs",)
    lost = [domain for domain in duty.domains if duty.is_edge and not duty.transport(domain)]
    if lost and not own.keys() & set(TRANSPORTS):
        yield NO_STORE.at(host.key, where, host=host.key, domain=lost[0].name)
    if duty.submissions and "smtpd_sasl_path" not in own:
        yield LOGINS.at(host.key, where, host=host.key, socket=SOCKET)
