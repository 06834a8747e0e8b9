"""mailconf keys."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import typer

from mailconf.cli.finish import refuse, unusable_is_reported
from mailconf.engine.build import UnusableSpecError, read
from mailconf.engine.keys import KeyExistsError, add_key
from mailconf.formats.names import DomainNameError, a_labels
from mailconf.model.spec import Spec

DKIM = "dkim"


def new(spec: Path, domain: str, selector: str, now: str) -> None:
    """Make a key for one domain, or for every sending domain that has none."""
    today = _day(now)
    with unusable_is_reported("keys new", spec, []):
        parsed = read(spec)
        if parsed.spec is None:
            raise UnusableSpecError(parsed.findings)
        scopes = parsed.scopes[DKIM].domains
        keyed = {name for name, options in scopes.items() if getattr(options, "selectors", {})}
        names = [_known(parsed.spec, domain)] if domain else _without_key(parsed.spec, keyed)
        try:
            for name in names:
                made = add_key(spec, name, selector, today)
                typer.echo(f"{name}: selector {made.selector}, {made.state}")
                typer.echo(f"  private half, keep it out of git: {made.private}")
                typer.echo(f"  public half, commit it: {made.public}")
        except (KeyExistsError, OSError) as why:
            refuse(str(why))
    if not names:
        typer.echo("every sending domain has a key already", err=True)


def _day(now: str) -> date:
    try:
        return date.fromisoformat(now) if now else datetime.now(UTC).date()
    except ValueError:
        refuse(f"--now {now}: wanted a date such as 2026-11-24")


def _known(spec: Spec, domain: str) -> str:
    try:
        name = a_labels(domain)
    except DomainNameError as why:
        refuse(f"--domain: {why}")
    if name not in spec.domains:
        refuse(f"--domain {domain}: wanted one of {', '.join(spec.domains)}")
    return name


def _without_key(spec: Spec, keyed: set[str]) -> list[str]:
    return [d.name for d in spec.domains.values() if d.sends and d.name not in keyed]
