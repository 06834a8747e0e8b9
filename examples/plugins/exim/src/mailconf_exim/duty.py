"""What Exim does on one host."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from mailconf.api import OVERSIGNED, Host, SignHostMail, Spec, UseSigningKey, View, owner_of
from mailconf_exim.options import EximOptions

LOOPBACK = ("127.0.0.1", "::1")
LOCAL_NAMES = ("localhost", "localhost.localdomain")


@dataclass(frozen=True)
class Sender:
    """A host that may hand over mail; `may` is what it is held to, empty where it holds its users itself."""

    name: str
    """Of its list in exim4.conf: a word."""
    addresses: tuple[str, ...]
    may: tuple[str, ...] = ()


@dataclass(frozen=True)
class Key:
    """A DKIM key: `path` is where its private half lies on the host."""

    domain: str
    selector: str
    reference: str

    @property
    def path(self) -> str:
        """The name that dkim_private_key makes of domain and selector."""
        return f"/etc/exim4/dkim/{self.domain}.{self.selector}.pem"


@dataclass(frozen=True)
class Duty:
    """A host, with what the templates print of it."""

    spec: Spec
    host: Host
    options: EximOptions
    view: View[EximOptions]
    oversigned: tuple[str, ...] = OVERSIGNED

    @classmethod
    def of(cls, view: View[EximOptions], host: Host) -> "Duty":
        """Return the duty of a host, with the options in force there."""
        return cls(view.spec, host, view.for_host(host), view)

    @property
    def is_relay(self) -> bool:
        """Tell whether other hosts connect."""
        return self.host.is_("relay")

    @property
    def next_hops(self) -> tuple[str, ...]:
        """The relays that take this host's mail; none where it sends to the Internet itself."""
        if self.spec.is_egress(self.host):
            return ()
        return tuple(relay.hostname for relay in self.spec.egress)

    @property
    def programs(self) -> Sender:
        """The host itself: its programs."""
        return Sender("programs", LOOPBACK, may_send_as(self.host))

    @cached_property
    def held(self) -> tuple[Sender, ...]:
        """The hosts that only send, each held to what its programs may send as; the own programs first."""
        senders = self.spec.senders_through(self.host) if self.is_relay else ()
        only_sending = [sender for sender in senders if sender.only_sends]
        named = enumerate(only_sending, 1)
        return (self.programs, *(_sender(f"host{n}", one, may_send_as(one)) for n, one in named))

    @property
    def trusted(self) -> tuple[str, ...]:
        """The addresses of hosts that have checked who sends: they have users."""
        senders = self.spec.senders_through(self.host) if self.is_relay else ()
        return tuple(str(a) for one in senders if not one.only_sends for a in one.addresses)

    @property
    def owners(self) -> dict[str, str]:
        """Who gets the mail of local users, by the names of hosts that take none themselves."""
        own = owner_of(self.spec, self.host)
        names = (self.host.hostname, self.host.hostname.partition(".")[0], *LOCAL_NAMES)
        found = dict.fromkeys(names, own)
        if self.is_relay and self.spec.is_egress(self.host):
            found |= {one.hostname: owner_of(self.spec, one) for one in self._unreachable()}
        return {name: owner for name, owner in found.items() if name not in self.spec.domains}

    def _unreachable(self) -> Iterator[Host]:
        """Yield the hosts that take no mail for their own names from a relay."""
        for one in self.spec.hosts.values():
            takes = one.is_("mx", "backup-mx") and self.spec.is_egress(one)
            if one is not self.host and one.is_mta and not takes:
                yield one

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """The DKIM keys that sign here."""
        asked = self.view.requests_on(self.host).of(UseSigningKey)
        return tuple(Key(one.domain, one.selector, one.reference) for one in asked)

    @property
    def signed_names(self) -> dict[str, str]:
        """Which domain signs, by the domain of the author: itself, or the one above a host's name."""
        hosts = self.view.requests_on(self.host).of(SignHostMail)
        found = {one.hostname: one.domain for one in hosts}
        return found | {key.domain: key.domain for key in self.keys}

    @property
    def selectors(self) -> dict[str, list[str]]:
        """The selectors of each domain that signs."""
        found: dict[str, list[str]] = {}
        for key in self.keys:
            found.setdefault(key.domain, []).append(key.selector)
        return found


def may_send_as(host: Host) -> tuple[str, ...]:
    """Return what programs on a host may send as: its own name, and what the spec gives it."""
    return (f"@{host.hostname}", *host.send_as)


def _sender(name: str, host: Host, may: tuple[str, ...]) -> Sender:
    return Sender(name, tuple(map(str, host.addresses)), may)
