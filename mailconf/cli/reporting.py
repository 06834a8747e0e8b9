"""How every command ends: reports written, one exit status, never a traceback for bad input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import typer

from mailconf.app.errors import SpecErrorsError, refuse
from mailconf.app.files import put
from mailconf.cli.say import say, show
from mailconf.cli.streams import keep_reports_apart, output
from mailconf.disk.claim import FolderBusyError
from mailconf.disk.folder import Folder
from mailconf.engine.build import UnusableSpecError
from mailconf.engine.exit_codes import ExitCode, exit_code
from mailconf.engine.manifest import MANIFEST
from mailconf.engine.references import UnusableSecretsError
from mailconf.engine.restarting import due
from mailconf.engine.texts import SpecFileError
from mailconf.engine.write import Change
from mailconf.formats.paths import PathRefusedError
from mailconf.model.finding import Finding, Severity
from mailconf.model.hiding import SECRETS
from mailconf.model.outcome import Report
from mailconf.report.formats import FORMATS, IN_ASCII
from mailconf.report.text import render as as_text

STANDARD_OUTPUT = ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")


def severity(text: str) -> Severity:
    """Read --fail-on."""
    try:
        return Severity[text.upper()]
    except KeyError:
        refuse(f"--fail-on {text}: expected notice, warning or error")


def targets(wanted: list[str]) -> list[tuple[Callable[[Report], str], Path | None]]:
    """Read --report FORMAT[=PATH]; without a path the report goes to stdout."""
    found: list[tuple[Callable[[Report], str], Path | None]] = []
    for text in wanted or ["text"]:
        name, _, path = text.partition("=")
        if name not in FORMATS:
            refuse(f"--report {text}: expected {', '.join(FORMATS)}, as FORMAT or FORMAT=PATH")
        target = Path(path) if path and path not in STANDARD_OUTPUT else None
        if target in [other for _, other in found]:
            refuse(f"--report {text}: another report goes to {path or 'standard output'}")
        found.append((FORMATS[name], target))
    if all(path for _, path in found):
        found.insert(0, (FORMATS["text"], None))
    return found


def finish(report: Report, wanted: list[str], fail_on: Severity) -> NoReturn:
    """Write all reports, also of a failure, and end with the status that they add up to."""
    publish(report, wanted)
    raise typer.Exit(exit_code(report, fail_on))


def publish(report: Report, wanted: list[str]) -> None:
    """Write a report in every format that was asked for."""
    shown = SECRETS.within(report)
    for write, path in targets(wanted):
        if path is None:
            output().write(for_stream(write, write(shown)))
        else:
            put(f"the report {path}", path, write(shown))
    output().flush()


def for_stream(write: Callable[[Report], str], text: str) -> str:
    """Return a document for stdout: those for programs are in UTF-8, or in ASCII where that is not spoken."""
    if (output().encoding or "").lower().replace("-", "") == "utf8" or write not in IN_ASCII:
        return text
    return IN_ASCII[write](text)


def say_what_is_due(differing: Iterable[Change], manifest: str) -> None:
    """Name on stderr the services that a deployment of these changes reloads or restarts."""
    by_path = {change.path: change for change in differing}
    before = by_path[MANIFEST].old if MANIFEST in by_path else manifest
    for one in due(before, manifest, by_path.keys()):
        say(str(one), err=True)


@contextmanager
def unusable_is_reported(command: str, spec: Path, wanted: list[str]) -> Iterator[None]:
    """Turn what makes a spec or its folder unusable into a report or a sentence, and exit 2.

    A spec with errors is named on stderr, and the status is that of its findings.
    """
    keep_reports_apart()
    targets(wanted)  # A report that cannot be written is refused before anything is done.
    try:
        with disk_is_reported():
            yield
    except SpecFileError as why:
        _report_unusable(command, spec, wanted, (why.finding,))
    except UnusableSpecError as why:
        _report_unusable(command, spec, wanted, why.findings)
    except SpecErrorsError as why:
        found = Report(command, str(spec), why.findings)
        show(as_text(found), err=True)
        raise typer.Exit(exit_code(found, Severity.ERROR)) from None
    except UnusableSecretsError as why:
        show(as_text(Report(command, str(spec), why.findings)), err=True)
        raise typer.Exit(ExitCode.COULD_NOT_RUN) from None


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Keep other commands that write into a folder out; one that does not exist is reported later."""
    with Folder(folder) as held:
        with suppress(FileNotFoundError):
            held.claim()
        yield


@contextmanager
def disk_is_reported() -> Iterator[None]:
    """Turn a disk that is full, or a path that leads elsewhere by now, into a sentence and exit 2."""
    try:
        yield
    except (PathRefusedError, FolderBusyError) as why:
        refuse(str(why))
    except OSError as why:
        refuse(f"cannot read or write {why.filename or 'the files'}: {why.strerror}")


def _report_unusable(
    command: str, spec: Path, wanted: list[str], findings: tuple[Finding, ...]
) -> NoReturn:
    publish(Report(command, str(spec), findings), wanted)
    raise typer.Exit(ExitCode.COULD_NOT_RUN)
