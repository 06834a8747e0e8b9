"""The life of TLS keys that senders insist on: published before they are used, and after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.step import NOW, Step, said
from mailconf.plugins.dane.options import DaneOptions, Key

EARLY = Rule(
    code="DAN008",
    name="dane-step-too-early",
    severity=Severity.NOTICE,
    found_by="keys",
    message='{host}: the step "{next}" is not safe before {earliest}: {why}',
    fix="run mailconf keys rotate again then",
    ref="RFC 7671 §8.1, RFC 7672 §8.1",
)
UNDATED = "its start time is unknown; set `since` in the key file"


def steps(view: View[DaneOptions], host: Host) -> Iterator[Step]:
    """Yield what may come next for the keys of a host."""
    keys, ttl = view.for_host(host).keys, view.spec.dns.ttl_of("tlsa")
    for key in keys:
        if key.state == "past":
            # A cache that took the records just before the change has the old ones for one TTL.
            why = "caches may still contain the old records"
            left = tuple(other for other in keys if other is not key)
            told = f"remove the TLSA record of {key.sha256[:8]}…"
            yield _step(host, keys, key, left, told, 2 * ttl, why, "publish the records")
        elif key.state == "next":
            why = "caches may not have its TLSA record yet"
            told = f"activate key {key.sha256[:8]}…"
            after = (
                "install its certificate on the servers; mailconf plan checks that they present it"
            )
            yield _step(host, keys, key, _used(keys, key), told, 2 * ttl, why, after)


def _used(keys: tuple[Key, ...], next_one: Key) -> tuple[Key, ...]:
    """Mark the next key as current, and the current one as past."""
    moved = {"next": "current", "current": "past", "past": "past"}
    return tuple(
        key.model_copy(update={"state": moved[key.state], "since": None})
        if key is next_one or key.state == "current"
        else key
        for key in keys
    )


def _step(  # noqa: PLR0917, one line a fact
    host: Host,
    keys: tuple[Key, ...],
    key: Key,
    left: tuple[Key, ...],
    told: str,
    wait: int,
    why: str,
    after: str,
) -> Step:
    unknown = datetime.max.replace(tzinfo=UTC)
    earliest = key.since + timedelta(seconds=wait) if key.since else unknown
    return Step(
        f"{host.hostname} TLSA",
        ", ".join(
            f"{k.sha256[:8]}… {k.state}" + (f" since {said(k.since)}" * bool(k.since)) for k in keys
        ),
        told,
        ("hosts", host.key, "dane", "keys"),
        after=after,
        edit={"hosts": {host.key: {"dane": {"keys": [_written(k) for k in left]}}}},
        earliest=earliest,
        early=_early(host, told, earliest, why if key.since else UNDATED),
    )


def _early(host: Host, told: str, earliest: datetime, why: str) -> Finding:
    where = ("hosts", host.key, "dane", "keys")
    facts = {"next": told, "host": host.hostname, "why": why}
    return EARLY.at(host.key, where, earliest=said(earliest), **facts)


def _written(key: Key) -> dict[str, Any]:
    """Return a key as the key file has it; a state that begins now gets its moment."""
    since = f"{key.since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if key.since else NOW
    return {"sha256": key.sha256, "state": key.state, "since": since}
