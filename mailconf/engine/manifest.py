"""manifest.json: every rendered file with host, owner, mode and digest, and what each host needs."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from mailconf.model.artifact import (
    Artifact,
    Certificate,
    Checker,
    Directory,
    Issue,
    Need,
    Package,
    Port,
    Prepare,
    Render,
    Unit,
    User,
)
from mailconf.model.outcome import Build

MANIFEST = "manifest.json"
SCHEMA = "mailconf.manifest/3"
SYSTEMD = PurePosixPath("etc/systemd/system")


def digest(text: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def manifest(build: Build) -> str:
    """Return the manifest of a build, as JSON text with sorted keys."""
    body = {
        "schema": SCHEMA,
        "files": [_file(artifact) for artifact in build.artifacts],
        "hosts": _hosts(build),
    }
    return json.dumps(body, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _file(artifact: Artifact) -> dict[str, Any]:
    order = artifact.order
    return {
        "path": str(artifact.path),
        "host": order.host,
        "target": f"/{order.path}" if order.host else "",
        "owner": order.owner,
        "group": order.group,
        "mode": f"{order.mode:04o}",
        "service": order.service,
        "secret": artifact.is_secret,
        # A digest of a secret would let anybody try guesses against it.
        "sha256": "" if artifact.is_secret else digest(artifact.text),
        "plugin": artifact.source,
        "restart_on": _restart_on(artifact),
    }


def _restart_on(artifact: Artifact) -> dict[str, str]:
    """Return what a running service keeps of a file; of a unit of systemd that is nearly all.

    Read from the text in which references stand, so that no value can be a secret.
    """
    order = artifact.order
    if order.restart_on:
        return dict(artifact.kept)
    return unit_settings(artifact.text) if order.path.is_relative_to(SYSTEMD) else {}


def unit_settings(text: str) -> dict[str, str]:
    """Return the settings of a unit that its processes are started with; empty when there are none.

    [Unit] and [Install] are about other units: systemd takes them over by itself.
    """
    found, section = [], ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("[") and line.endswith("]"):
            section = line
        elif line and line[0] not in "#;" and section not in ("", "[Unit]", "[Install]"):
            found.append(f"{section} {line}")
    return {"unit": "; ".join(found)}


def _hosts(build: Build) -> dict[str, Any]:
    orders: dict[str, list[Render]] = defaultdict(list)
    for artifact in build.artifacts:
        orders[artifact.order.host].append(artifact.order)
    return {key: _host(build, key, orders[key]) for key in sorted(build.spec.hosts)}


def _host(build: Build, key: str, orders: list[Render]) -> dict[str, Any]:
    needs = sorted({need for order in orders for need in order.needs}, key=repr)
    return {
        "hostname": build.spec.hosts[key].hostname,
        "target": str(build.spec.hosts[key].target),
        "services": {need.name: _unit(need) for need in needs if isinstance(need, Unit)},
        "prepare": [list(need.command) for need in needs if isinstance(need, Prepare)],
        "daemon_reload": _daemon_reload(orders),
        "checks": [_check(need) for need in needs if isinstance(need, Checker)],
        "ports": [_port(need) for need in sorted(n for n in needs if isinstance(n, Port))],
        "packages": [need.name for need in needs if isinstance(need, Package)],
        "users": [_fields(need) for need in needs if isinstance(need, User)],
        "directories": [_directory(need) for need in needs if isinstance(need, Directory)],
        "certificates": _certificates(needs),
    }


def _unit(need: Unit) -> dict[str, Any]:
    """Return the commands that a change of the unit's files calls for, and the one for a new start."""
    return {
        "on_change": ["systemctl", need.on_change, need.name],
        "restart": ["systemctl", need.restart, need.name],
        "enable": ["systemctl", "enable", "--now", need.name],
    }


def _daemon_reload(orders: Iterable[Render]) -> list[str]:
    """Return the command after which systemd knows changed units; nothing where there are none."""
    has_units = any(order.path.is_relative_to(SYSTEMD) for order in orders)
    return ["systemctl", "daemon-reload"] if has_units else []


def _check(need: Checker) -> dict[str, Any]:
    return {"command": list(need.command), "silent_stderr": not need.chatty}


def _port(need: Port) -> dict[str, Any]:
    first, last = need.numbers[0], need.numbers[-1]
    return {"port": first, "last": last, "protocol": need.protocol, "from": list(need.sources)}


def _fields(need: User) -> dict[str, Any]:
    return {"name": need.name, "uid": need.uid, "home": need.home}


def _directory(need: Directory) -> dict[str, Any]:
    return {
        "path": need.path,
        "owner": need.owner,
        "group": need.group,
        "mode": f"{need.mode:04o}",
    }


def _certificates(needs: Iterable[Need]) -> list[dict[str, Any]]:
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    issued: dict[str, Issue] = {}
    for need in needs:
        if isinstance(need, Certificate):
            names[need.certificate, need.private_key].add(need.name)
        elif isinstance(need, Issue):
            issued[need.certificate] = need
    return [
        {
            "certificate": certificate,
            "private_key": key,
            **_issue(issued.get(certificate) or Issue(certificate, tuple(sorted(covered)), "")),
        }
        for (certificate, key), covered in sorted(names.items())
    ]


def _issue(issue: Issue) -> dict[str, Any]:
    """Return how a certificate is issued, its main name first."""
    return {
        "names": list(issue.names),
        "challenge": {
            "type": issue.challenge or "none",
            "webroot": issue.webroot,
            "files": list(issue.files),
        },
        "command": list(issue.command),
        "packages": list(issue.packages),
    }
