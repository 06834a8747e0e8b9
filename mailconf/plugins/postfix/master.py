"""master.cf of a host: what listens, what each service insists on, and what Postfix always runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mailconf.formats.ciphers import CIPHER_LIST
from mailconf.formats.postfix import Daemon, MasterCf, Parameter
from mailconf.formats.postfix import Parameter as P
from mailconf.model.endpoint import Endpoint, Security
from mailconf.model.load import smtpd_processes
from mailconf.model.requests.mta import MasterCfEntry, SieveSubmission, StoreTransport
from mailconf.plugins.postfix.duty import Duty
from mailconf.plugins.postfix.options import Limits
from mailconf.plugins.postfix.sections.filters import whole_messages
from mailconf.plugins.postfix.sections.identity import client_protocols
from mailconf.plugins.postfix.sections.limits import at_mx, at_submission, client_limits
from mailconf.plugins.postfix.sections.refusal import recipients
from mailconf.plugins.postfix.tables import IMPLICIT_TLS_CLIENT, sender_transports

USERS_SEND_HERE = (
    "Submission: TLS and authentication required, sender address restricted",
    "(RFC 6409, RFC 8314).",
)
PRIVACY = "submission-cleanup"
# LMTP across a network: TLS from the first octet, and only with the store that was asked for.
TO_STORE = (
    "store unix - - y - - lmtp"
    " -o lmtp_tls_wrappermode=yes -o lmtp_tls_security_level=secure"
    " -o lmtp_tls_secure_cert_match=nexthop"
    " -o lmtp_tls_CAfile=/etc/ssl/certs/ca-certificates.crt"
)
# Debian's master.cf: what is always there. name, type, private, unprivileged, chroot, wakeup, processes.
# Debian's package keeps the chroot's files up to date up to 3.10; from 3.11 on it runs without.
WITHOUT_CHROOT = "3.11"
CLIENTS = ("smtp", "lmtp")
INTERNAL = """
pickup     unix n - y 60    1 pickup
cleanup    unix n - y -     0 cleanup
qmgr       unix n - n 300   1 qmgr
tlsmgr     unix - - y 1000? 1 tlsmgr
rewrite    unix - - y -     - trivial-rewrite
bounce     unix - - y -     0 bounce
defer      unix - - y -     0 bounce
trace      unix - - y -     0 bounce
verify     unix - - y -     1 verify
flush      unix n - y 1000? 0 flush
proxymap   unix - - n -     - proxymap
proxywrite unix - - n -     1 proxymap
smtp       unix - - y -     - smtp
relay      unix - - y -     - smtp
showq      unix n - y -     - showq
error      unix - - y -     - error
retry      unix - - y -     - error
discard    unix - - y -     - discard
local      unix - n n -     - local
virtual    unix - n n -     - virtual
lmtp       unix - - y -     - lmtp
anvil      unix - - y -     1 anvil
scache     unix - - y -     1 scache
postlog    unix-dgram n - n - 1 postlogd
"""


def master_cf(duty: Duty) -> MasterCf:
    """Return every service of a host, the operator's own last; raises PostfixSyntaxError."""
    return MasterCf((*built_in(duty), *additions(duty)))


def built_in(duty: Duty) -> tuple[Daemon, ...]:
    """Return the services that mailconf renders."""
    services = (*_network(duty), *_internal(), *_to_providers(duty), *_asked(duty))
    daemons = tuple(_within_families(duty, daemon) for daemon in services)
    if not duty.host.target.has("postfix", WITHOUT_CHROOT):
        return daemons
    return tuple(replace(d, chroot="n") if d.chroot == "y" else d for d in daemons)


def _within_families(duty: Duty, daemon: Daemon) -> Daemon:
    """Keep what leaves to the address families that the spec declares."""
    only = client_protocols(duty.host)
    if not only or daemon.command not in CLIENTS:
        return daemon
    return replace(daemon, settings=(*daemon.settings, P("inet_protocols", only)))


def _network(duty: Duty) -> Iterator[Daemon]:
    if duty.mx:
        yield from _mx(duty, duty.mx)
    elif duty.host.is_("relay"):
        yield _listener("smtp", (), "Outgoing mail from the other hosts of this spec.")
    elif duty.host.is_("send-only"):
        yield _listener("smtp", (), "SMTP for local programs, at localhost:25.")
    for point in duty.submissions:
        yield Daemon(
            _service(point), "inet", "smtpd", "n", "-", "y",
            processes=_processes(at_submission(duty)),
            settings=tuple(_submission(duty, point)), why=USERS_SEND_HERE,
        )  # fmt: skip
    yield from _sieve(duty)
    if duty.submissions and duty.options.hide_clients:
        yield Daemon(
            PRIVACY, "unix", "cleanup", "n", "-", "y", "-", "0",
            settings=(P("header_checks", f"regexp:/etc/postfix/{PRIVACY}"), *whole_messages()),
            why=("Remove client details from submitted mail.",),
        )  # fmt: skip


def _sieve(duty: Duty) -> Iterator[Daemon]:
    """Yield the service for what Sieve scripts send, where the mail store asks for it."""
    for asked in duty.requested(SieveSubmission):
        yield Daemon(
            asked.address, "inet", "smtpd", "n", "-", "y", settings=tuple(_from_sieve(duty)),
            why=("Mail from Sieve scripts: vacation notices and redirected messages.",),
        )  # fmt: skip


def _from_sieve(duty: Duty) -> Iterator[Parameter]:
    yield P("syslog_name", "postfix/sieve")
    yield P("smtpd_tls_security_level", "none")
    yield P("smtpd_sasl_auth_enable", "no")
    for stage in ("client", "relay", "recipient"):
        yield P(f"smtpd_{stage}_restrictions", "permit_mynetworks,reject")
    for stage in ("helo", "sender", "data"):
        yield P(f"smtpd_{stage}_restrictions", "")
    yield P("smtpd_milters", duty.milters("local"))
    yield P("milter_macro_daemon_name", "SIEVE")
    # They take results out of the header before the milter can read that DMARC failed.
    yield P("receive_override_options", "no_header_body_checks")


def _listener(
    service: str, settings: tuple[Parameter, ...], why: str, processes: str = "-"
) -> Daemon:
    return Daemon(
        service, "inet", "smtpd", "n", "-", "y",
        processes=processes, settings=settings, why=(why,),
    )  # fmt: skip


def _processes(limits: Limits) -> str:
    """Return maxproc: every connection has a process, and one client may not have them all."""
    return str(smtpd_processes(limits.connections or 0))


def _mx(duty: Duty, point: Endpoint) -> Iterator[Daemon]:
    """Port 25, with postscreen in front of it where the operator wants that."""
    if not duty.options.postscreen:
        settings = _proxied("smtpd_upstream_proxy_protocol", point)
        said = "Mail from other servers."
        yield _listener(_service(point), settings, said, _processes(at_mx(duty)))
        return
    waiting = _processes(at_mx(duty))
    settings = (
        *_proxied("postscreen_upstream_proxy_protocol", point),
        P("postscreen_pre_queue_limit", waiting),
        P("postscreen_post_queue_limit", waiting),
    )
    why = ("postscreen rejects spam bots and passes other clients to smtpd.",)
    yield Daemon(
        _service(point), "inet", "postscreen", "n", "-", "y", "-", "1", settings=settings, why=why
    )
    yield Daemon("smtpd", "pass", "smtpd", "-", "-", "y", processes=waiting)
    yield Daemon("dnsblog", "unix", "dnsblog", "-", "-", "y", "-", "0")
    yield Daemon("tlsproxy", "unix", "tlsproxy", "-", "-", "y", "-", "0")


def _proxied(name: str, point: Endpoint) -> tuple[Parameter, ...]:
    return (P(name, "haproxy"),) if point.proxies else ()


def _submission(duty: Duty, point: Endpoint) -> Iterator[Parameter]:
    """Yield what makes an smtpd a submission service; nothing is left to main.cf by chance."""
    name = point.protocol.name
    yield P("syslog_name", f"postfix/{name}")
    if point.security is Security.IMPLICIT_TLS:
        yield P("smtpd_tls_wrappermode", "yes")
    else:
        yield P("smtpd_tls_security_level", "encrypt")
    yield from _proxied("smtpd_upstream_proxy_protocol", point)
    # Only here: on port 25 an old server that finds no common cipher would fall back to plain text.
    yield P("tls_medium_cipherlist", CIPHER_LIST)
    yield P("smtpd_sasl_auth_enable", "yes")
    yield P("smtpd_discard_ehlo_keywords", "")
    yield P("smtpd_client_restrictions", "permit_sasl_authenticated,reject")
    yield P("smtpd_helo_restrictions", "")
    yield P("smtpd_sender_restrictions", "reject_sender_login_mismatch")
    yield P("smtpd_relay_restrictions", "permit_sasl_authenticated,reject")
    yield P("smtpd_recipient_restrictions", ", ".join(recipients(duty, "submission-recipient")))
    services = duty.policy_services("submission-data")
    yield P("smtpd_data_restrictions", ", ".join(f"check_policy_service {s}" for s in services))
    yield P("smtpd_milters", duty.milters("submission"))
    yield P("milter_macro_daemon_name", "ORIGINATING")
    yield from client_limits(at_submission(duty))
    if duty.options.hide_clients:
        yield P("cleanup_service_name", PRIVACY)
        yield from duty.where_known(P("smtpd_hide_client_session", "yes"))


def _service(point: Endpoint) -> str:
    """Return a port's name where it is the usual one, else its number."""
    usual = point.port == point.protocol.port
    return point.protocol.name if usual else str(point.port)


def _internal() -> Iterator[Daemon]:
    for number, line in enumerate(INTERNAL.strip().splitlines()):
        name, kind, private, unprivileged, chroot, wakeup, processes, command = line.split()
        why = ("Internal Postfix services.",) if not number else ()
        yield Daemon(name, kind, command, private, unprivileged, chroot, wakeup, processes, why=why)


def _to_providers(duty: Duty) -> Iterator[Daemon]:
    """Yield the client for providers that speak no word before TLS (TLS_README, wrappermode)."""
    if sender_transports(duty):
        yield Daemon(
            IMPLICIT_TLS_CLIENT, "unix", "smtp", "-", "-", "y",
            settings=(P("smtp_tls_wrappermode", "yes"), P("smtp_tls_security_level", "encrypt")),
            why=("Client for providers on port 465 with implicit TLS (RFC 8314).",),
        )  # fmt: skip


def _asked(duty: Duty) -> Iterator[Daemon]:
    """Yield the services that other plugins need."""
    for entry in duty.requested(MasterCfEntry):
        yield from MasterCf.parse(entry.line).daemons
    if any(way.server for way in duty.requested(StoreTransport)):
        yield from MasterCf.parse(TO_STORE).daemons


def additions(duty: Duty) -> Iterator[Daemon]:
    """Yield the operator's own services; raises PostfixSyntaxError for what is none."""
    for number, text in enumerate(duty.options.master_cf):
        for daemon in MasterCf.parse(text).daemons:
            why = ("Operator services: postfix.master_cf in the spec.",)
            yield replace(daemon, why=() if number else why)
