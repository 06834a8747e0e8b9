"""Where mail goes: to a mail store, to the MX hosts, to a relay or a provider."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.postfix import Parameter as P
from mailconf.formats.postfix import Section
from mailconf.model.requests.mta import SrsDomain
from mailconf.plugins.postfix.duty import Duty
from mailconf.plugins.postfix.tables import (
    DIRECTORY,
    sasl_passwords,
    sender_relayhosts,
    sender_transports,
    table,
    transport_to,
)

# The default less relay_domains (postconf(5)): the names of hosts below a domain are not relayed.
WITH_SUBDOMAINS = (
    *("debug_peer_list", "fast_flush_domains", "mynetworks", "permit_mx_backup_networks"),
    *("qmqpd_authorized_clients", "smtpd_access_maps"),
)
USUAL_ALIAS_LIMIT = 1000


def routing(duty: Duty) -> Iterator[Section]:
    """Yield the way of incoming mail, then that of outgoing mail."""
    if duty.is_edge:
        yield _to_stores(duty)
    elif duty.is_backup:
        yield _to_mx(duty)
    else:
        yield _to_nobody_here()
    if duty.next_hops:
        yield Section(
            ("Outgoing mail is sent through the relay: only its addresses are in SPF.",),
            (P("relayhost", ", ".join(duty.next_hops)),),
        )
    if duty.smarthosts:
        yield _to_providers(duty)
    if sasl_passwords(duty):
        yield _logged_in()


def _to_stores(duty: Duty) -> Section:
    return Section(
        ("Delivery: recipients are verified during the SMTP session.",),
        (
            P("virtual_mailbox_domains", table("virtual_mailbox_domains")),
            P("virtual_mailbox_maps", ", ".join(_known(duty, "virtual_mailboxes"))),
            P("virtual_alias_maps", table("virtual_aliases")),
            *_large_aliases(duty),
            *_transports(duty),
        ),
    )


def _large_aliases(duty: Duty) -> Iterator[P]:
    """Yield the limits that the largest alias needs: over them its mail waits until it bounces."""
    aliases = duty.spec.aliases
    caught = (aliases.size(domain.catch_all or (), domain) for domain in duty.domains)
    needed = {
        "virtual_alias_expansion_limit": max((*aliases.sizes.values(), *caught), default=0),
        "virtual_alias_recursion_limit": max(aliases.depths.values(), default=0),
    }
    for name, count in needed.items():
        if count >= USUAL_ALIAS_LIMIT:
            yield P(name, str(count + 1))


def stores(duty: Duty) -> tuple[str, ...]:
    """Return the transports to all stores that this host delivers to, each once."""
    ways = map(duty.transport, duty.domains)
    return tuple(dict.fromkeys(transport_to(way) for way in ways if way))


def _transports(duty: Duty) -> Iterator[P]:
    """One store is the transport of all virtual domains; several need a table."""
    ways = stores(duty)
    if len(ways) == 1:
        yield P("virtual_transport", ways[0])
    elif ways:
        yield P("transport_maps", table("transport"))


def _to_mx(duty: Duty) -> Section:
    return Section(
        (
            "Backup MX: mail is queued until an MX host with a better preference accepts it.",
            "Unknown recipients are rejected, to avoid backscatter (BACKSCATTER_README).",
        ),
        (
            P("relay_domains", table("relay_domains")),
            P("parent_domain_matches_subdomains", ", ".join(WITH_SUBDOMAINS)),
            P("relay_recipient_maps", ", ".join(_known(duty, "relay_recipients"))),
            P("transport_maps", table("transport")),
            P("virtual_alias_maps", table("virtual_aliases")),
        ),
    )


def _known(duty: Duty, name: str) -> Iterator[str]:
    """Yield the table of recipients, and that of domains whose recipients the store alone knows."""
    yield table(name)
    if duty.external:
        yield table("external_domains")
    if duty.requested(SrsDomain):
        yield f"regexp:{DIRECTORY}/srs_recipients"


def _to_nobody_here() -> Section:
    return Section(
        ("No local delivery; system mail goes to the host's owner.",),
        (P("virtual_alias_maps", table("virtual_aliases")),),
    )


def _to_providers(duty: Duty) -> Section:
    maps = []
    if sender_relayhosts(duty):
        maps.append(P("sender_dependent_relayhost_maps", table("sender_relayhosts")))
    if sender_transports(duty):
        maps.append(P("sender_dependent_default_transport_maps", table("sender_transports")))
    return Section(
        ("Domains that send through a provider: by sender address, with verified TLS.",),
        tuple(maps),
    )


def _logged_in() -> Section:
    return Section(
        ("The provider asks for a login: each domain's own, and never in clear.",),
        (
            P("smtp_sender_dependent_authentication", "yes"),
            P("smtp_sasl_auth_enable", "yes"),
            P("smtp_sasl_password_maps", table("sasl_passwords")),
            P("smtp_sasl_security_options", "noanonymous, noplaintext"),
            P("smtp_sasl_tls_security_options", "noanonymous"),
        ),
    )
