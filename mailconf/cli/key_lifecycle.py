"""mailconf keys status, rotate and tls: what comes next, and taking the step."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import typer

from mailconf.app.errors import refuse
from mailconf.app.loading import at, trust_in
from mailconf.cli.keys import known
from mailconf.cli.reporting import claimed, finish, severity, unusable_is_reported
from mailconf.cli.say import say, show
from mailconf.disk.folder import read_named
from mailconf.engine.build import UnusableSpecError, read
from mailconf.engine.digests import MAX_PEM, NoKeyError, digest_of
from mailconf.engine.exit_codes import ExitCode
from mailconf.engine.keys import KeyExistsError, add_key, write_key_file
from mailconf.engine.lifecycle import by_hand, difference, due, edited, overdue, steps, too_early
from mailconf.engine.load import key_file
from mailconf.engine.parse import Parsed
from mailconf.formats.paths import PathRefusedError
from mailconf.model.finding import Finding
from mailconf.model.outcome import Report
from mailconf.model.spec import Spec
from mailconf.model.step import NOW, NewKey, Step
from mailconf.report.text import render as as_text

DANE = "dane"


@dataclass(frozen=True, slots=True)
class Wish:
    """The arguments of status, rotate and tls."""

    spec: Path
    env: str = ""
    domain: str = ""
    host: str = ""
    now: str = ""
    begin: bool = False
    check: bool = False
    fail_on: str = "error"
    reports: tuple[str, ...] = ()
    untrusted: bool = False


def status(wish: Wish) -> NoReturn:
    """Say of every key and policy how it is, what may come next, and from when on."""
    limit, now = severity(wish.fail_on), at(wish.now)
    with unusable_is_reported("keys status", wish.spec, list(wish.reports)):
        parsed, spec = _parsed(wish)
        found = _chosen(wish, spec, steps(parsed, spec))
    late = tuple(_placed(parsed, finding) for finding in overdue(found, now))
    report = Report("keys status", str(wish.spec), late, steps=tuple(found))
    finish(report, list(wish.reports), limit)


def rotate(wish: Wish) -> NoReturn:
    """Take one step for each subject that may take one."""
    now = at(wish.now)
    with unusable_is_reported("keys rotate", wish.spec, []), _claimed(wish):
        parsed, spec = _parsed(wish)
        found = _chosen(wish, spec, steps(parsed, spec))
        wanted = list(due(found, now, wish.begin))
        refusals = [by_hand(step, parsed.places, wish.spec) for step in wanted]
        taken = [step for step, why in zip(wanted, refusals, strict=True) if why is None]
        _take(wish, taken, now)
    refused = [finding for finding in refusals if finding]
    waiting = [] if wanted else [*too_early(found, now)]
    told = tuple(_placed(parsed, finding) for finding in (*refused, *waiting))
    if told:
        _report("keys rotate", wish.spec, told)
    elif not taken:
        say("no step is due; see mailconf keys status", err=True)
    was_asked = bool(wish.domain or wish.host)
    differs = wish.check and bool(taken)
    is_wanting = bool(refused) or (was_asked and bool(told)) or differs
    raise typer.Exit(ExitCode.FINDINGS if is_wanting else ExitCode.DONE)


def tls(wish: Wish, file: Path) -> NoReturn:
    """Add the TLS key of a file to a host's: the one in use, or the next one when there is one."""
    now, digest = at(wish.now), _digest(file)
    with unusable_is_reported("keys tls", wish.spec, []), _claimed(wish):
        parsed, _ = _parsed(wish)
        if DANE not in parsed.scopes:
            refuse("the dane plugin is off, so no TLSA record would be published")
        options = parsed.scopes[DANE].hosts.get(wish.host)
        keys = [k.model_dump(mode="json", exclude_none=True) for k in getattr(options, "keys", ())]
        if digest in [key["sha256"] for key in keys]:
            refuse(f"{wish.host} has the key {digest} already")
        step = _tls_step(wish.host, keys, digest)
        finding = by_hand(step, parsed.places, wish.spec)
        if finding:
            _report("keys tls", wish.spec, (finding,))
            raise typer.Exit(ExitCode.FINDINGS)
        _take(wish, [step], now)
    raise typer.Exit(ExitCode.FINDINGS if wish.check else ExitCode.DONE)


def _claimed(wish: Wish) -> AbstractContextManager[None]:
    """Nobody else may change the key file between reading and writing; --check writes nothing."""
    return nullcontext() if wish.check else claimed(wish.spec.parent)


def _tls_step(host: str, keys: list[dict[str, Any]], digest: str) -> Step:
    state = "next" if any(key["state"] == "current" for key in keys) else "current"
    new = {"sha256": digest, "state": state, "since": NOW}
    edit = {"hosts": {host: {DANE: {"keys": [*keys, new]}}}}
    told = f"{digest[:8]}… is the {state} key"
    return Step(
        f"{host} TLSA", "", told, (), after="publish the records: mailconf plan --wait", edit=edit
    )


def _digest(file: Path) -> str:
    try:
        return digest_of(read_named(file, MAX_PEM))
    except OSError as why:
        refuse(f"{file}: {why.strerror}")
    except (NoKeyError, PathRefusedError) as why:
        refuse(f"{file}: {why}")


def _take(wish: Wish, taken: list[Step], now: datetime) -> None:
    """Show the difference and write it; keys are made last, into the file as it is then."""
    edits = [step.edit for step in taken if step.edit]
    before, after = edited(wish.spec, edits, now)
    for step in taken:
        say(f"{step.subject}: {step.next}")
        if step.after:
            say(f"  then {step.after}")
    if edits:
        show(difference(wish.spec, before, after))
    if wish.check:
        return
    try:
        if edits:
            write_key_file(key_file(wish.spec), after)
        for key in (step.key for step in taken if step.key):
            _make(wish.spec, key, now)
    except KeyExistsError as why:
        refuse(str(why))


def _make(spec: Path, key: NewKey, now: datetime) -> None:
    made = add_key(spec, key.domain, "", now, kind=key.kind, state="created")
    say(f"  selector {made.selector}, created")
    say(f"  private key (do not commit): {made.private}")
    say(f"  public key (commit this file): {made.public}")


def _parsed(wish: Wish) -> tuple[Parsed, Spec]:
    parsed = read(wish.spec, wish.env, trust=trust_in(wish.untrusted))
    if parsed.spec is None:
        raise UnusableSpecError(parsed.findings)
    if wish.host and wish.host not in parsed.spec.hosts:
        refuse(f"--host {wish.host}: expected one of {', '.join(parsed.spec.hosts)}")
    return parsed, parsed.spec


def _chosen(wish: Wish, spec: Spec, found: Iterable[Step]) -> list[Step]:
    """Return the steps of one domain and host, or all of them."""
    names = [("domains", known(spec, wish.domain))] if wish.domain else []
    names += [("hosts", wish.host)] if wish.host else []
    return [step for step in found if not names or step.where[:2] in names]


def _placed(parsed: Parsed, finding: Finding) -> Finding:
    return finding if finding.place else finding.placed(parsed.places.of(finding.where))


def _report(command: str, spec: Path, findings: tuple[Finding, ...]) -> None:
    show(as_text(Report(command, str(spec), findings)), err=True)
