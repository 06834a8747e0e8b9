"""TLS towards us and towards others (Mozilla server-side TLS 6.0, intermediate)."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.postfix import Parameter as P
from mailconf.formats.postfix import Section
from mailconf.model.host import Host
from mailconf.model.requests.mta import TlsPolicyMap
from mailconf.plugins.postfix.duty import Duty
from mailconf.plugins.postfix.tables import sni_names, table, tls_policies

# Postfix 3.6 learned `>=`; an older one takes it for nonsense and switches TLS off.
SINCE_36 = ">=TLSv1.2"
BEFORE_36 = "!SSLv2, !SSLv3, !TLSv1, !TLSv1.1"
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"


def protocols(host: Host) -> str:
    """Return TLS 1.2 and newer (RFC 8996), in the words of the target."""
    return SINCE_36 if host.target.has("postfix", "3.6") else BEFORE_36


def tls(duty: Duty) -> Iterator[Section]:
    """Yield the server side, where somebody connects, and the client side."""
    if duty.listens:
        yield _server(duty)
    yield _client(duty)


def _server(duty: Duty) -> Section:
    files, modern = duty.host.tls, protocols(duty.host)
    names = (P("tls_server_sni_maps", table("sni")),) if sni_names(duty) else ()
    return Section(
        ("Incoming TLS. The key comes before the certificate.",),
        (
            P("smtpd_tls_chain_files", f"{files.private_key}, {files.certificate}"),
            *names,
            P("smtpd_tls_security_level", "may"),
            P("smtpd_tls_auth_only", "yes"),
            P("smtpd_tls_received_header", "yes"),
            P("smtpd_tls_loglevel", "1"),
            P("smtpd_tls_protocols", modern),
            P("smtpd_tls_mandatory_protocols", modern),
            P("tls_preempt_cipherlist", "no"),
            P("tls_ssl_options", "NO_RENEGOTIATION"),
        ),
    )


def _client(duty: Duty) -> Section:
    modern = protocols(duty.host)
    policies = tuple(asked.table for asked in duty.requested(TlsPolicyMap))
    own = (table("tls_policy"),) if tls_policies(duty) else ()
    maps = (P("smtp_tls_policy_maps", ", ".join((*own, *policies))),) if own or policies else ()
    return Section(
        (
            "Outgoing TLS: DANE where published (RFC 7672), otherwise opportunistic.",
            "Requires a validating resolver on this host.",
        ),
        (
            P("smtp_tls_security_level", "dane"),
            P("smtp_dns_support_level", "dnssec"),
            *maps,
            P("smtp_tls_CAfile", AUTHORITIES),
            P("smtp_tls_protocols", modern),
            P("smtp_tls_mandatory_protocols", modern),
            P("smtp_tls_loglevel", "1"),
            *_reports(duty),
        ),
    )


def _reports(duty: Duty) -> tuple[P, ...]:
    """Return what sends TLS results to a collector (RFC 8460, TLSRPT_README)."""
    if not duty.options.tlsrpt_socket:
        return ()
    return duty.where_known(
        P("smtp_tlsrpt_enable", "yes"),
        P("smtp_tlsrpt_socket_name", duty.options.tlsrpt_socket),
    )
