"""The jails of the daemons that accept passwords on a host."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.api import Checker, Host, Package, Render, Unit, View
from mailconf_fail2ban.options import Fail2banOptions

JAILS = PurePosixPath("etc/fail2ban/jail.d/mailconf.local")
NEEDS = (
    Package("fail2ban"),
    Package("nftables"),
    Package("python3-systemd"),
    Unit("fail2ban", "reload"),
    Checker(("fail2ban-client", "-t"), chatty=True),
)
# Debian runs Postfix as an instance of a template unit, fail2ban's own filter looks for postfix.service.
POSTFIX = "_SYSTEMD_UNIT=postfix@-.service + _SYSTEMD_UNIT=postfix.service"
DOVECOT = "_SYSTEMD_UNIT=dovecot.service"


@dataclass(frozen=True)
class Jail:
    """A filter of fail2ban, where it reads, and the ports that a blocked address cannot reach."""

    name: str
    filter: str
    unit: str
    ports: str


@dataclass(frozen=True)
class Jails:
    """What the template prints."""

    jails: tuple[Jail, ...]
    options: Fail2banOptions
    trusted: tuple[str, ...]


def jail_file(view: View[Fail2banOptions], host: Host) -> Iterator[Render]:
    """Render the jails of a host on which users log in.

    Hosts of the site are trusted: one that asks another for logins passes on its users' mistakes.
    """
    found = tuple(jails(view, host))
    if found:
        options = view.for_host(host)
        own = {str(one) for other in view.spec.hosts.values() for one in other.addresses}
        data = Jails(found, options, tuple(sorted(own.union(options.trusted))))
        yield Render(host.key, JAILS, "jail.local.j2", data, "fail2ban", needs=NEEDS)


def jails(view: View[Fail2banOptions], host: Host) -> Iterator[Jail]:
    """Yield the jails of a host; all block every port on which users log in."""
    points = view.spec.endpoints_of(host)
    ports = sorted({point.port for point in points if point.protocol.name != "smtp"})
    named = ",".join(map(str, ports))
    if ports and host.is_("submission"):
        yield Jail("postfix-sasl", "postfix[mode=auth]", POSTFIX, named)
    if ports and host.is_("mailstore"):
        yield Jail("dovecot", "dovecot", DOVECOT, named)
