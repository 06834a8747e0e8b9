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
        ("Defaults of this level, so that an upgrade changes nothing by surprise.",),
        (P("compatibility_level", compatibility_level(duty.host)),),
    )
    yield Section(
        ("Who we are. Nothing is delivered to system users: every domain is virtual.",),
        (
            P("myhostname", duty.host.hostname),
            P("myorigin", "$myhostname"),
            P("mydestination", ""),
            P("alias_maps", ""),
            P("alias_database", ""),
            # Address literals of ours are local too: nobody is there but whom an alias names.
            P("local_recipient_maps", "$virtual_alias_maps"),
        ),
    )
    yield Section(
        (
            "Only this machine may send without logging in. Never a bridge or customer network.",
            *(("Our own hosts hand their outgoing mail to this relay.",) if _trusted(duty) else ()),
        ),
        (P("mynetworks", " ".join((*LOOPBACK, *_trusted(duty)))),),
    )
    envelope = duty.where_known(
        P("local_login_sender_maps", f"regexp:{DIRECTORY}/local_login_senders")
    )
    if envelope:
        yield Section(
            ("What programs on this machine may use as sender; From: is checked by a milter.",),
            envelope,
        )
    yield Section(
        ("Only address families that the spec declares: SPF and reverse names cover no other.",),
        (
            P("inet_interfaces", "all" if duty.listens else "loopback-only"),
            P("inet_protocols", inet_protocols(duty.host)),
        ),
    )


def compatibility_level(host: Host) -> str:
    """Return the level of the installed release (COMPATIBILITY_README)."""
    version = host.target.version("postfix").minor
    return str(version) if version.numbers >= FIRST_NAMED_LEVEL else OLD_LEVEL


def inet_protocols(host: Host) -> str:
    """Use only the families that the spec declares: any other would send from an unknown address."""
    families = {f"ipv{address.version}" for address in host.addresses}
    return families.pop() if len(families) == 1 else "all"


def _trusted(duty: Duty) -> tuple[str, ...]:
    """Return the addresses of the hosts that send through this one, as mynetworks writes them."""
    addresses = (address for host in duty.senders for address in host.addresses)
    return tuple(f"[{a}]/128" if a.version == 6 else f"{a}/32" for a in addresses)  # noqa: PLR2004
