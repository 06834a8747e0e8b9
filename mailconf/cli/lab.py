"""mailconf lab."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import typer

from mailconf.cli.finish import finish, publish, refuse, severity, unusable_is_reported
from mailconf.cli.progress import progress
from mailconf.cli.sources import usable
from mailconf.engine.load import load
from mailconf.engine.render import Renderer
from mailconf.engine.verdict import Exit
from mailconf.lab.faults import BootError, LabUnavailableError
from mailconf.lab.image import SUITES, ensure
from mailconf.lab.launch import check_machine, launch
from mailconf.lab.prove import Prover


def run(spec: Path, env: str, templates: Path | None, fail_on: str, reports: list[str]) -> NoReturn:
    """Start the lab's first process and hand on its exit status."""
    severity(fail_on)
    with unusable_is_reported("lab run", spec, reports):
        _, build = usable("lab run", spec, env, templates)
    try:
        check_machine()
        with progress("lab: building the image (once)"):
            for target in {host.target for host in build.spec.hosts.values()}:
                ensure(target)
    except LabUnavailableError as why:
        refuse(str(why))
    command = [sys.executable, "-m", "mailconf", "lab", "inside", str(spec), "--fail-on", fail_on]
    command += ["--env", env] if env else []
    command += ["--templates", str(templates)] if templates else []
    command += [word for wanted in reports for word in ("--report", wanted)]
    raise SystemExit(launch(command))


def inside(
    spec: Path, env: str, templates: Path | None, fail_on: str, reports: list[str]
) -> NoReturn:
    """Boot, prove, report. An interruption still reports what is known."""
    limit = severity(fail_on)
    with progress("lab") as say:
        prover = Prover(spec, say)
        try:
            with unusable_is_reported("lab run", spec, reports):
                report = prover.run(load(spec, env), Renderer(templates))
        except (BootError, LabUnavailableError) as why:
            publish(prover.report(), reports)
            refuse(str(why))
        except KeyboardInterrupt:
            publish(prover.report(), reports)
            raise SystemExit(Exit.INTERRUPTED) from None
    finish(report, reports, limit)


def build_image(target: str) -> None:
    """Build an image, so that the first lab does not have to."""
    if target not in SUITES:
        refuse(f"target {target}: wanted {', '.join(SUITES)}")
    try:
        check_machine()
        with progress(f"image of {target}"):
            typer.echo(ensure(target).root)
    except LabUnavailableError as why:
        refuse(str(why))
