"""mailconf keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from mailconf.app.errors import refuse
from mailconf.app.loading import at, trust_in
from mailconf.cli.reporting import claimed, unusable_is_reported
from mailconf.cli.say import say
from mailconf.disk.folder import read_named
from mailconf.engine.build import UnusableSpecError, read
from mailconf.engine.digests import MAX_PEM, NoKeyError, digest_of
from mailconf.engine.keys import KeyExistsError, add_key
from mailconf.engine.parse import Parsed
from mailconf.formats.dkim import KeyType
from mailconf.formats.names import DomainNameError, a_labels
from mailconf.formats.paths import PathRefusedError
from mailconf.model.base import IN_WORDS, SELECTOR
from mailconf.model.spec import Spec
from mailconf.plugins.dkim.options import Selector

DKIM = "dkim"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key to make; `declared` is the state of a selector that the spec names without a key."""

    domain: str
    selector: str
    kind: KeyType
    declared: str = ""
    signs: bool = False
    """A key signs for the domain already."""


def new(
    spec: Path, domain: str, selector: str, kind: str, now: str, *, untrusted: bool = False
) -> None:
    """Make a key for one domain, or for every sending domain that lacks one."""
    if kind not in get_args(KeyType):
        refuse(f"--type {kind}: expected {' or '.join(get_args(KeyType))}")
    if selector and not re.fullmatch(SELECTOR, selector):
        refuse(f"--selector {selector}: expected {IN_WORDS[SELECTOR]}")
    moment = at(now)
    with unusable_is_reported("keys new", spec, []), claimed(spec.parent):
        parsed = read(spec, trust=trust_in(untrusted))
        if parsed.spec is None:
            raise UnusableSpecError(parsed.findings)
        wanted = list(_wanted(parsed, domain, selector, cast(KeyType, kind)))
        try:
            for one in wanted:
                made = add_key(
                    spec, one.domain, one.selector, moment,
                    kind=one.kind, declared=one.declared, signs=one.signs,
                )  # fmt: skip
                say(f"{one.domain}: selector {made.selector}, {made.state}")
                say(f"  private key (do not commit): {made.private}")
                say(f"  public key (commit this file): {made.public}")
        except KeyExistsError as why:
            refuse(str(why))
    if not wanted:
        say("every sending domain already has a key; use --domain to add another", err=True)


def digest(files: list[Path]) -> None:
    """Print what TLSA records hold of each file's key."""
    for file in files:
        try:
            say(f"{digest_of(read_named(file, MAX_PEM))}  {file}")
        except OSError as why:
            refuse(f"{file}: {why.strerror}")
        except (NoKeyError, PathRefusedError) as why:
            refuse(f"{file}: {why}")


def known(spec: Spec, domain: str) -> str:
    """Return a domain of the spec by whatever spelling, or end."""
    try:
        name = a_labels(domain)
    except DomainNameError as why:
        refuse(f"--domain: {why}")
    if name not in spec.domains:
        refuse(f"--domain {domain}: expected one of {', '.join(spec.domains)}")
    return name


def _wanted(parsed: Parsed, domain: str, selector: str, kind: KeyType) -> Iterator[Wanted]:
    """Yield keys for selectors that the spec names without one, and for domains that lack one.

    A domain or selector that was asked for by name gets a key in any case.
    """
    if DKIM not in parsed.scopes:
        refuse("the dkim plugin is off, so no key would be used")
    spec = cast(Spec, parsed.spec)
    names = [known(spec, domain)] if domain else [d.name for d in spec.domains.values() if d.sends]
    for name in names:
        options = parsed.scopes[DKIM].domains.get(name)
        selectors: dict[str, Selector] = getattr(options, "selectors", {})
        empty = [s for s, body in selectors.items() if not body.public_key]
        for found in [s for s in empty if selector in ("", s)]:
            yield Wanted(name, found, selectors[found].type, selectors[found].state)
        same = [body for body in selectors.values() if body.type == kind]
        asked = selector not in empty if selector else bool(domain) and not empty
        if asked or not same:
            # A domain that signs already has its receivers told of a key before it is used.
            signs = any(body.state == "active" for body in selectors.values())
            yield Wanted(name, selector, kind, signs=signs)
