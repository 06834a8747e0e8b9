"""Who the host is, and from where it listens."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.formats.postfix import Parameter as P
from mailconf.formats.postfix import Section
from mailconf.model.host import Host
from mailconf.plugins.postfix.duty import Duty
from mailconf.plugins.postfix.tables import DIRECTORY

LOOPBACK = ("127.0.0.0/8", "[::1]/128")
# Before 3.6 levels were whole numbers; 2 has all the safe defaults of that time.
OLD_LEVEL, FIRST_NAMED_LEVEL = "2", (3, 6)


def identity(duty: Duty) -> Iterator[Section]:
    """Yield the sections that every host has."""
    yield Section(
        ("Default values of this level, independent of the installed version.",),
        (P("compatibility_level", compatibility_level(duty.host)),),
    )
    yield Section(
        ("Identity. No local delivery: all domains are virtual.",),
        (
            P("myhostname", duty.host.hostname),
            P("myorigin", "$myhostname"),
            P("mydestination", ""),
            P("alias_maps", ""),
            P("alias_database", ""),
            P("local_recipient_maps", ""),
            P("local_transport", "error:5.1.1 no mail is delivered to system users"),
        ),
    )
    if duty.machine_mail:
        yield _machine_mail(duty)
    yield Section(
        (
            "Only this host may relay without authentication. Never add bridge or customer networks.",
            *(("Outgoing mail from the other hosts of this spec.",) if _trusted(duty) else ()),
        ),
        (P("mynetworks", " ".join((*LOOPBACK, *_trusted(duty)))),),
    )
    yield from _local_programs(duty)
    yield Section(
        ("Outgoing mail uses only the address families of the spec: SPF covers no other.",),
        (
            P("inet_interfaces", "all" if duty.listens else "loopback-only"),
            P("inet_protocols", inet_protocols(duty.host)),
        ),
    )


def _local_programs(duty: Duty) -> Iterator[Section]:
    maps = P("local_login_sender_maps", f"regexp:{DIRECTORY}/local_login_senders")
    envelope = duty.where_known(maps)
    if envelope:
        yield Section(
            ("Permitted envelope senders of local programs; a milter checks From:.",),
            envelope,
        )


def _machine_mail(duty: Duty) -> Section:
    names = ", ".join(name for name, _ in duty.machine_mail)
    return Section(
        (
            "Mail to local users goes to the host's owner (virtual_alias_maps). From other hosts,",
            "only postmaster and abuse are accepted (RFC 5321 section 4.5.1): see own_names.",
        ),
        (P("virtual_alias_domains", names),),
    )


def compatibility_level(host: Host) -> str:
    """Return the level of the installed release (COMPATIBILITY_README)."""
    version = host.target.version("postfix").minor
    return str(version) if version.numbers >= FIRST_NAMED_LEVEL else OLD_LEVEL


def inet_protocols(host: Host) -> str:
    """Use only the families that the spec declares: any other would send from an unknown address.

    Milters, policy services and tables are at 127.0.0.1 even where no address is IPv4: there it is
    the clients alone that keep to IPv6 (master.cf).
    """
    return "ipv4" if host.families == {4} else "all"


def client_protocols(host: Host) -> str:
    """Return what clients on the network must not go beyond, where main.cf allows more; or nothing."""
    return "ipv6" if host.families == {6} else ""


def _trusted(duty: Duty) -> tuple[str, ...]:
    """Return the addresses of the hosts that send through this one, as mynetworks writes them."""
    addresses = (address for host in duty.senders for address in host.addresses)
    return tuple(f"[{a}]/128" if a.version == 6 else f"{a}/32" for a in addresses)  # noqa: PLR2004
