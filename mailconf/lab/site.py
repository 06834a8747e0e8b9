"""What is put on the lab's hosts: the rendered files, and what production alone has."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path as File
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from mailconf.engine.build import UnusableSpecError, build
from mailconf.engine.keys import key_pair
from mailconf.engine.load import Loaded
from mailconf.engine.parse import Parsed, parse
from mailconf.engine.passwords import argon2id
from mailconf.engine.registry import discover
from mailconf.engine.render import Renderer
from mailconf.engine.secrets import Secrets
from mailconf.engine.waive import waive
from mailconf.formats.address import AddressError, MailAddress
from mailconf.lab.lab_ca import Authority, new_key
from mailconf.lab.wanted_images import packages_of
from mailconf.mailauth.tlsa import key_digest
from mailconf.model.artifact import Certificate, Checker, Directory, Prepare, User
from mailconf.model.endpoint import Endpoint
from mailconf.model.finding import Severity
from mailconf.model.host import EVERYTHING, Host
from mailconf.model.outcome import Build
from mailconf.model.secret import unmarked

CHEAP_KIB = 64
"""Memory for hashing passwords that are random and end with the lab: every login pays for it."""
HostKeys = tuple[ec.EllipticCurvePrivateKey, ec.EllipticCurvePrivateKey]
"""The key that a host uses, and the one that it will use next."""


@dataclass(slots=True)
class LabFile:
    """One file of a host, ready to be installed."""

    text: str
    owner: str = "root"
    group: str = "root"
    mode: int = 0o644


@dataclass(slots=True)
class LabHost:
    """One machine of the lab; files by absolute path."""

    host: Host
    files: dict[str, LabFile] = field(default_factory=dict)
    users: list[User] = field(default_factory=list)
    directories: list[Directory] = field(default_factory=list)
    packages: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    prepare: list[tuple[str, ...]] = field(default_factory=list)
    checkers: list[tuple[str, Checker]] = field(default_factory=list)
    """Each native checker, with the service whose files it reads."""


@dataclass(slots=True)
class Site:
    """A spec as the lab runs it: hosts by key, zone files by apex, passwords by address."""

    parsed: Parsed
    build: Build
    hosts: dict[str, LabHost]
    zones: dict[str, str]
    passwords: dict[str, str]
    logins: dict[str, str] = field(default_factory=dict)
    """Passwords by the references under which `verify` is to look them up."""

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The services that answer whoever connects; a load balancer's own are not among them."""
        return tuple(point for point in self.build.spec.endpoints if not point.proxies)

    def is_behind_proxy(self, subject: str) -> bool:
        """Tell whether a check's subject is a service that only a load balancer may reach."""
        proxied = (str(point) for point in self.build.spec.endpoints if point.proxies)
        return subject.startswith(tuple(proxied))


def make_site(loaded: Loaded, vault: File, authority: Authority, renderer: Renderer) -> Site:
    """Build a spec with throw-away passwords, DKIM keys and certificates in place of the real ones.

    Raises UnusableSpecError for a spec with errors. `vault` is a directory for the secrets.
    """
    passwords = _with_lab_secrets(loaded.data, vault)
    keys = _with_lab_keys(loaded.data)
    logins = _with_lab_logins(loaded.data, passwords)
    named = loaded.data.get("plugins")
    parsed = parse(loaded, discover(named if isinstance(named, dict) else (), loaded.folder))
    built = build(parsed, renderer)
    left = waive(built.findings, built.spec.waivers, authority.now.date())
    if any(finding.rule.severity is Severity.ERROR for finding in left):
        raise UnusableSpecError(left)
    built = replace(built, findings=left)
    hosts = {key: LabHost(host) for key, host in built.spec.hosts.items()}
    zones = place_files(built, hosts, LabSecrets(vault))
    _place_needs(built, hosts, authority, keys)
    return Site(parsed, built, hosts, zones, passwords, logins)


def _with_lab_secrets(data: dict[str, Any], vault: File) -> dict[str, str]:
    """Replace every secret in the data of a spec; return the passwords by address."""
    passwords: dict[str, str] = {}
    for name, body in data.get("domains", {}).items():
        for local in _mailboxes(data, name):
            address = _address(local, name)
            # No sign in it: one that begins with a dash is an option to some clients.
            passwords[address] = secrets.token_hex(12)
            hashed = argon2id(passwords[address], passes=1, memory=CHEAP_KIB)
            reference = _keep(vault, address, hashed)
            boxes = data["domains"][name]["mailboxes"]
            boxes[local] = (boxes.get(local) or {}) | {"password": reference}
        own = {} if (body or {}).get("provider") else (body or {}).get("dkim") or {}
        for selector, key in own.get("selectors", {}).items():
            pair = key_pair(key.get("type", "rsa"))
            key["public_key"] = pair.public_key
            key["private_key"] = _keep(vault, f"{selector}._domainkey.{name}", pair.private)
    return passwords


def _mailboxes(data: dict[str, Any], name: str) -> tuple[str, ...]:
    """Return the mailboxes of a domain as the spec spells them, those of `defaults` as well."""
    everywhere = (data.get("defaults") or {}).get("mailboxes") or {}
    body = data["domains"][name] = data["domains"][name] or {}
    own = body["mailboxes"] = body.get("mailboxes") or {}
    return tuple(dict.fromkeys((*everywhere, *own)))


def _address(local: str, name: str) -> str:
    """Return the address that a mailbox will have; what is none stays for the parser to report."""
    try:
        return str(MailAddress.parse(f"{local}@{name}").lowered)
    except AddressError:
        return f"{local}@{name}"


def _with_lab_logins(data: dict[str, Any], passwords: dict[str, str]) -> dict[str, str]:
    """Let the first mailbox of every domain log in; return the passwords by reference."""
    first: dict[str, str] = {}
    for address in passwords:
        first.setdefault(address.rpartition("@")[2], address)
    named = {address: f"ref+env://LAB_{number}" for number, address in enumerate(first.values())}
    if named:
        data.setdefault("plugins", {})["round_trip"] = {"logins": named, "within": "20s"}
    return {reference: passwords[address] for address, reference in named.items()}


def _with_lab_keys(data: dict[str, Any]) -> dict[str, HostKeys]:
    """Give every host a key for TLS and the next one, and publish both (DANE)."""
    hosts = data.get("hosts") or {}
    keys = {key: (new_key(), new_key()) for key in hosts}
    if (data.get("plugins") or {}).get("dane") != "off":
        for key, body in hosts.items():
            roles = body.get("roles") or EVERYTHING
            if {"mx", "backup-mx"} & set(roles):
                body["dane"] = {"keys": [key_digest(one.public_key()) for one in keys[key]]}
    return keys


class LabSecrets(Secrets):
    """Values of the vault, and throw-away ones for every other reference: none is looked up."""

    def __init__(self, vault: File) -> None:
        super().__init__(vault)
        self._prefix = f"ref+file://{vault}/"
        self._made: dict[str, str] = {}

    def _written(self, inner: str) -> str:
        form, reference = unmarked(inner)
        if form == "url" and not reference.startswith(self._prefix):
            url = f"https://localhost/{secrets.token_urlsafe(24)}"
            return self._made.setdefault(reference, url)
        if form == "key" and not reference.startswith(self._prefix):
            return self._made.setdefault(reference, key_pair().private.rstrip())
        return super()._written(inner)

    def fetch(self, reference: str) -> bytes:
        """Return a value; the same reference has the same one on every host."""
        name = reference.removeprefix(self._prefix)
        if re.fullmatch(r"[0-9a-f]{64}", name):
            return super().fetch(reference)
        return self._made.setdefault(reference, secrets.token_urlsafe(24)).encode()


def _keep(vault: File, name: str, value: str) -> str:
    file = vault / hashlib.sha256(name.encode()).hexdigest()
    file.write_text(value, encoding="utf-8")
    return f"ref+file://{file}"


def place_files(built: Build, hosts: dict[str, LabHost], vault: Secrets) -> dict[str, str]:
    """Put every rendered file on its host; return the zone files by apex."""
    zones = {}
    for artifact in built.artifacts:
        order, text = artifact.order, vault.reveal(artifact.text)
        if order.host:
            file = LabFile(text, order.owner, order.group, order.mode)
            hosts[order.host].files[f"/{order.path}"] = file
            services = hosts[order.host].services
            if order.service and order.service not in services:
                services.append(order.service)
        elif order.path.suffix == ".zone":
            zones[order.path.stem] = text
    return zones


def _place_needs(
    built: Build, hosts: dict[str, LabHost], authority: Authority, keys: dict[str, HostKeys]
) -> None:
    """Give each host the users, directories, packages and certificates that its files need."""
    packages = packages_of(built.artifacts)
    for key, host in hosts.items():
        needs = [n for a in built.artifacts if a.order.host == key for n in a.order.needs]
        host.users = sorted({need for need in needs if isinstance(need, User)})
        host.directories = sorted({need for need in needs if isinstance(need, Directory)})
        host.checkers = sorted(
            {
                (artifact.order.service, need)
                for artifact in built.artifacts
                if artifact.order.host == key
                for need in artifact.order.needs
                if isinstance(need, Checker)
            }
        )
        host.prepare = sorted({need.command for need in needs if isinstance(need, Prepare)})
        host.packages = sorted(packages.get(key, ()))
        certificates = {n for n in needs if isinstance(n, Certificate)}
        _place_certificates(host, certificates, authority, keys[key][0])


def _place_certificates(
    host: LabHost,
    needs: set[Certificate],
    authority: Authority,
    own: ec.EllipticCurvePrivateKey,
) -> None:
    names: dict[tuple[str, str], set[str]] = {}
    for need in needs:
        names.setdefault((need.certificate, need.private_key), set()).add(need.name)
    for (certificate, private_key), covered in names.items():
        # The host's own name first: some clients show only that one.
        ordered = sorted(covered, key=lambda name: (name != host.host.hostname, name))
        is_own = certificate == host.host.tls.certificate
        issued = authority.issue(ordered, key=own if is_own else None)
        host.files[certificate] = LabFile(issued.certificate)
        host.files[private_key] = LabFile(issued.private_key, mode=0o600)
