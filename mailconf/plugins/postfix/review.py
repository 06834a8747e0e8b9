"""Rendered files under review: what Postfix's own checkers let pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address

from mailconf.formats.postfix import MainCf, MasterCf, PostfixSyntaxError
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.place import Path
from mailconf.model.spec import Spec
from mailconf.plugins.postfix.reviews import encryption, protections, relaying, traps, versions
from mailconf.plugins.postfix.reviews.reading import Reading, Review, references

UNREADABLE = Rule(
    code="PFX021",
    name="postfix-file-unreadable",
    severity=Severity.ERROR,
    message="{file}: {why}",
    fix="correct the template or the custom setting",
    ref="postconf(5), master(5)",
    bad="smtpd_banner",
    good="smtpd_banner = $myhostname ESMTP",
    language="main.cf",
)
OF_MAIN: tuple[Review, ...] = (
    relaying.relaying,
    protections.protections,
    versions.versions,
    versions.level,
    encryption.encryption,
    traps.traps,
)
OF_SERVICE: tuple[Review, ...] = (
    relaying.users,
    versions.versions,
    encryption.on_mx,
    traps.anywhere,
)


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Reads the files of one host."""

    spec: Spec
    host: Host
    files: str = ""
    """Both files as rendered: what one of them defines may be used in the other."""
    written: Mapping[str, Path] = field(default_factory=dict)
    """Where the operator wrote those parameters of main.cf that are his own."""
    main: str = ""
    """main.cf as rendered, whose values are those of every service that does not set its own."""
    services: Path = ()
    """Where the operator writes services."""

    def main_cf(self, text: str) -> Iterator[Finding]:
        """Yield what is wrong with a main.cf."""
        try:
            values = MainCf.parse(text).values
        except PostfixSyntaxError as why:
            yield self._unreadable("main.cf", why)
            return
        base = self._reading(f"main.cf of {self.host}")
        seen = replace(base, written=self.written).of(values)
        for review in OF_MAIN:
            yield from review(seen)

    def master_cf(self, text: str) -> Iterator[Finding]:
        """Yield what is wrong with a master.cf, service by service."""
        try:
            daemons = MasterCf.parse(text).daemons
        except PostfixSyntaxError as why:
            yield self._unreadable("master.cf", why)
            return
        base = self._reading("")
        shared = MainCf.parse(self.main).values
        for daemon in daemons:
            values = {setting.name: setting.value for setting in daemon.settings}
            subject = f"master.cf of {self.host}, {daemon.name}"
            seen = replace(base, subject=subject, service=daemon).of(values)
            for review in OF_SERVICE:
                yield from review(seen)
            if daemon.command == "smtpd":
                where = self.services or seen.where
                yield from _opened(replace(seen, where=where), shared)

    def _reading(self, subject: str) -> Reading:
        return Reading(
            values={},
            target=self.host.target,
            addresses=self.spec.networks,
            domains=self.spec.hosted_names,
            references=references(self.files),
            where=("hosts", self.host.key),
            subject=subject,
        )

    def _unreadable(self, file: str, why: Exception) -> Finding:
        return UNREADABLE.at(f"{file} of {self.host}", ("hosts", self.host.key), file=file, why=why)


def _opened(seen: Reading, shared: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what a service's own settings open, together with those that it shares with all."""
    merged = replace(seen, values={**shared, **seen.values})
    before = {found.message for found in _openings(replace(seen, values=shared, service=None))}
    yield from (found for found in _openings(merged) if found.message not in before)


def _openings(seen: Reading) -> Iterator[Finding]:
    yield from relaying.relaying(seen)
    # Content filters hand mail back to a service at a loopback address, which no milter sees again.
    if not seen.service or not is_loopback(seen.service.name):
        yield from protections.protections(seen)


def is_loopback(service: str) -> bool:
    """Tell whether a service listens at a loopback address alone (master(5), `host:port`)."""
    host = service.rpartition(":")[0].strip("[]")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
