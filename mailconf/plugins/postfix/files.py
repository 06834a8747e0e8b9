"""main.cf, master.cf and the lookup tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.model.artifact import Certificate, Need, Package, Render
from mailconf.model.plugin import View
from mailconf.model.spec import Domain, Host
from mailconf.plugins.postfix.master import Services, services
from mailconf.plugins.postfix.options import PostfixOptions
from mailconf.plugins.postfix.tables import Row, aliases, mailboxes, sender_logins

DIRECTORY = PurePosixPath("etc/postfix")
MILTER_KEYS = ("smtpd_milters", "submission_milters", "non_smtpd_milters")


@dataclass(frozen=True, slots=True)
class PostfixData:
    """What main.cf and master.cf print."""

    host: Host
    options: PostfixOptions
    protocols: str
    domains: tuple[Domain, ...]
    services: Services
    milters: dict[str, str]


def daemon_files(view: View[PostfixOptions], host: Host) -> Iterator[Render]:
    """Order everything that Postfix reads on one host."""
    data = PostfixData(
        host=host,
        options=view.options,
        protocols=inet_protocols(host),
        domains=view.spec.hosted,
        services=services(view.spec.endpoints_of(host)),
        milters=_milters(view, host),
    )
    yield _order(host, "main.cf", "main.cf.j2", data, *_needs(host))
    yield _order(host, "master.cf", "master.cf.j2", data)
    domains = tuple(Row(domain.name, ("OK",)) for domain in view.spec.hosted)
    for name, rows in (
        ("virtual_mailbox_domains", domains),
        ("virtual_mailboxes", mailboxes(view.spec)),
        ("virtual_aliases", aliases(view.spec, host)),
        ("sender_logins", sender_logins(view.spec)),
    ):
        yield _order(host, name, "table.j2", rows)


def _order(host: Host, name: str, template: str, data: object, *needs: Need) -> Render:
    return Render(host.key, DIRECTORY / name, template, data, "postfix", needs=needs)


def _needs(host: Host) -> tuple[Need, ...]:
    tls = host.tls
    return Package("postfix"), Certificate(tls.certificate, tls.private_key, host.hostname)


def inet_protocols(host: Host) -> str:
    """Use only the families that the spec declares: any other would send from an unknown address."""
    families = {f"ipv{address.version}" for address in host.addresses}
    return families.pop() if len(families) == 1 else "all"


def _milters(view: View[PostfixOptions], host: Host) -> dict[str, str]:
    asked = view.settings_of(host)
    return {key: ", ".join(s.value for s in asked if s.key == key) for key in MILTER_KEYS}
