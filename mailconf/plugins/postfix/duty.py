"""What Postfix does on one host; every file and every check starts from here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from mailconf.formats import postfix_parameters
from mailconf.formats.postfix import Parameter
from mailconf.model.domain import Domain
from mailconf.model.endpoint import Endpoint
from mailconf.model.host import Host
from mailconf.model.machine_mail import LOCAL_NAMES, owner_of
from mailconf.model.place import Path
from mailconf.model.plugin import View
from mailconf.model.request import R, Requests
from mailconf.model.requests.accounts import ExternalAccounts
from mailconf.model.requests.mta import Milter, PolicyService, Stage, StoreTransport, WayIn
from mailconf.model.spec import Spec
from mailconf.plugins.postfix.options import PostfixOptions

RELAY_PORT = 25
"""What local programs call the host they run on."""


@dataclass(frozen=True)
class Duty:
    """A host, its roles, and what other plugins ask of its Postfix."""

    spec: Spec
    host: Host
    options: PostfixOptions
    requests: Requests

    @classmethod
    def of(cls, view: View[PostfixOptions], host: Host) -> Duty:
        """Return the duty of `host`, with the options in force there."""
        return cls(view.spec, host, view.for_host(host), view.requests_on(host))

    def requested(self, kind: type[R]) -> tuple[R, ...]:
        """Return what other plugins request of a type, in order."""
        return self.requests.of(kind)

    def milters(self, way: WayIn) -> str:
        """Return the milters of a way in, as smtpd_milters has them (postconf(5))."""
        return ", ".join(milter.address for milter in self.requested(Milter) if milter.way == way)

    def policy_services(self, stage: Stage) -> tuple[str, ...]:
        """Return the services that are asked at a stage, as check_policy_service has them."""
        asked = self.requested(PolicyService)
        return tuple(_service(one) for one in asked if one.stage == stage)

    @cached_property
    def quota_services(self) -> tuple[str, ...]:
        """The services that know whether there is room in a mailbox."""
        return self.policy_services("quota")

    def transport(self, domain: Domain) -> StoreTransport | None:
        """Return the way to the store of a domain."""
        return next(iter(self.requests.about(StoreTransport, domain.name)), None)

    def knows(self, name: str) -> bool:
        """Tell whether the target's Postfix has a parameter."""
        return postfix_parameters.is_known(name, self.host.target.version("postfix").numbers)

    def where_known(self, *parameters: Parameter) -> tuple[Parameter, ...]:
        """Return those parameters that the target's Postfix has."""
        return tuple(parameter for parameter in parameters if self.knows(parameter.name))

    @property
    def is_edge(self) -> bool:
        """Tell whether the host takes mail for our own domains and hands it to their stores."""
        return self.host.is_("mx", "submission")

    @property
    def is_backup(self) -> bool:
        """Tell whether the host only keeps mail until the MX hosts take it."""
        return self.host.is_("backup-mx")

    @property
    def is_egress(self) -> bool:
        """Tell whether mail leaves for the Internet from here."""
        return self.spec.is_egress(self.host)

    @property
    def listens(self) -> bool:
        """Tell whether other machines connect here."""
        return self.host.is_("mx", "submission", "backup-mx", "relay")

    @cached_property
    def points(self) -> tuple[Endpoint, ...]:
        """The SMTP services that the host offers."""
        points = self.spec.endpoints_of(self.host)
        return tuple(point for point in points if point.protocol.family == "smtp")

    @property
    def submissions(self) -> tuple[Endpoint, ...]:
        """The services through which users send."""
        return tuple(point for point in self.points if point.protocol.is_submission)

    @property
    def mx(self) -> Endpoint | None:
        """The service to which other servers deliver, or None."""
        return next((point for point in self.points if not point.protocol.is_submission), None)

    @cached_property
    def domains(self) -> tuple[Domain, ...]:
        """The domains whose mail the host takes."""
        return self.spec.hosted if self.is_edge or self.is_backup else ()

    @cached_property
    def external(self) -> tuple[Domain, ...]:
        """The domains of which the spec does not know all users: the store is asked for each."""
        return tuple(d for d in self.domains if self.requests.about(ExternalAccounts, d.name))

    @cached_property
    def external_names(self) -> frozenset[str]:
        """The names of those."""
        return frozenset(domain.name for domain in self.external)

    @cached_property
    def next_hops(self) -> tuple[str, ...]:
        """The relays that carry this host's mail to the Internet; none where it does so itself."""
        if self.is_egress:
            return ()
        return tuple(f"[{relay.hostname}]:{RELAY_PORT}" for relay in self.spec.egress)

    @cached_property
    def machine_mail(self) -> tuple[tuple[str, str], ...]:
        """The names of machines whose local users' mail stops here, each with who gets it.

        That is the host by all its names, and, where mail leaves and others deliver, every host that
        could not take back a bounce itself. A name that is a mail domain has recipients of its own,
        but for one that only sends.
        """
        own = owner_of(self.spec, self.host)
        names = (self.host.hostname, self.host.hostname.partition(".")[0], *LOCAL_NAMES)
        found = dict.fromkeys(names, own)
        if self.listens and self.spec.is_egress(self.host):
            found |= {h.hostname: owner_of(self.spec, h) for h in self._unreachable}
        hosts = [(n, o) for n, o in found.items() if o and n not in self.spec.domains]
        return (*hosts, *((name, own) for name in self.only_sending if own))

    @cached_property
    def only_sending(self) -> tuple[str, ...]:
        """The domains that only send, where the host is their MX: postmaster and abuse are reached."""
        domains = self.spec.domains.values() if self.host.is_("mx") else ()
        return tuple(d.name for d in domains if d.kind == "send-only" and self.host.key in d.mx)

    @property
    def _unreachable(self) -> Iterator[Host]:
        """Yield the hosts that take no mail for their own names from here."""
        for host in self.spec.hosts.values():
            takes = host.is_("mx", "backup-mx") and self.spec.is_egress(host)
            if host is not self.host and host.is_mta and not takes:
                yield host

    @property
    def senders(self) -> tuple[Host, ...]:
        """The hosts that send through this relay."""
        return self.spec.senders_through(self.host)

    @cached_property
    def smarthosts(self) -> tuple[Domain, ...]:
        """The domains whose mail goes from here through a provider."""
        if not self.is_egress:
            return ()
        return tuple(d for d in self.spec.domains.values() if d.sends and d.smarthost)


def _service(asked: PolicyService) -> str:
    """Where no answer comes, better a message too many than none (SMTPD_POLICY_README)."""
    if not asked.timeout:
        return asked.address
    return f"{{ {asked.address}, default_action=DUNNO, try_limit=1, timeout={asked.timeout} }}"


def written_at(view: View[PostfixOptions], host: Host) -> Path:
    """Return where the options in force on a host are written."""
    own = host.key in view.scopes.hosts
    return ("hosts", host.key, "postfix") if own else ("plugins", "postfix")
