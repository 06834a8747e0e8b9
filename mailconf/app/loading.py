"""From a spec file to a build that is worth acting on: waivers applied, errors refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from mailconf.app.errors import refuse, stop_at_errors
from mailconf.engine.build import Trust, build, loaded_with_plugins, read
from mailconf.engine.gc_tuning import collecting_rarely
from mailconf.engine.parse import Parsed
from mailconf.engine.registry import Discovered, discover
from mailconf.engine.render import Renderer
from mailconf.engine.untrusted import checkout
from mailconf.engine.waive import waive
from mailconf.model.base import FIRST_YEAR, LAST_YEAR, seconds
from mailconf.model.outcome import Build


def built(
    spec: Path, env: str, templates: Path | None, target: str = "", trust: Trust = "trusted"
) -> tuple[Parsed, Build]:
    """Return what a spec means, its waived findings left out."""
    own = renderer(templates, spec, trust)
    with collecting_rarely():
        return _built(read(spec, env, target, trust), own)


def declared(spec: Path, env: str, trust: Trust = "trusted") -> tuple[Parsed, Build]:
    """Return what a spec declares, without files: for commands that look at records and services."""
    with collecting_rarely():
        return _built(read(spec, env, trust=trust), None)


def _built(parsed: Parsed, renderer: Renderer | None) -> tuple[Parsed, Build]:
    result = build(parsed, renderer)
    left = waive(result.findings, result.spec.waivers, today())
    return parsed, replace(result, findings=left)


def with_plugins(spec: Path | None, env: str, trust: Trust) -> Discovered:
    """Return the built-in plugins and those that a spec names; raises SpecErrorsError for a broken one."""
    if not spec:
        return discover(())
    found = loaded_with_plugins(spec, env, "", trust)[1]
    stop_at_errors(found.findings)
    return found


def trust_in(untrusted: bool) -> Trust:
    """Read --untrusted."""
    return "untrusted" if untrusted else "trusted"


def renderer(templates: Path | None, spec: Path, trust: Trust) -> Renderer:
    """Return what renders; a spec that is not trusted brings no templates along."""
    if templates and trust == "untrusted" and _is_in(templates, checkout(spec)):
        refuse(
            f"--templates {templates} is in the spec's checkout; --untrusted allows none of there"
        )
    try:
        return Renderer(templates)
    except OSError as why:
        refuse(f"--templates {templates}: {why.strerror}; expected a folder")


def _is_in(templates: Path, root: Path) -> bool:
    """Tell whether a folder is below another, by its name or by what that leads to."""
    names = (templates.absolute(), templates.resolve())
    return any(name.is_relative_to(one) for name in names for one in (root, root.resolve()))


def at(now: str) -> datetime:
    """Read --now, a day or a time with its zone; without it this moment, UTC."""
    if not now:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        found = datetime.fromisoformat(now)
        if not FIRST_YEAR < found.year < LAST_YEAR:
            refuse(f"--now {now}: expected a day from {FIRST_YEAR + 1} to {LAST_YEAR - 1}")
    except ValueError:
        refuse(f"--now {now}: expected 2026-11-24 or 2026-11-24T10:00:00Z")
    if found.tzinfo is None and len(now) != len("2026-11-24"):
        refuse(f"--now {now}: expected a time with its zone, such as {now}Z")
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def today() -> date:
    """Return the day by which waivers are judged, the same everywhere on Earth: UTC."""
    return datetime.now(UTC).date()


def usable(
    spec: Path,
    env: str,
    templates: Path | None,
    target: str = "",
    trust: Trust = "trusted",
) -> tuple[Parsed, Build]:
    """Return what a spec means; raises SpecErrorsError when it has errors."""
    parsed, result = built(spec, env, templates, target, trust)
    stop_at_errors(result.findings)
    return parsed, result


def patience(text: str) -> float:
    """Read --wait, a span of time; none without it."""
    try:
        return float(str(seconds(text))) if text else 0.0
    except ValueError as why:
        refuse(f"--wait {text}: expected {why}")
