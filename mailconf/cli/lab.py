"""mailconf lab."""

from __future__ import annotations

import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from mailconf.app.errors import refuse
from mailconf.app.files import put
from mailconf.app.loading import renderer, trust_in, usable
from mailconf.cli.progress import announced, progress
from mailconf.cli.reporting import finish, publish, severity, unusable_is_reported
from mailconf.cli.say import say
from mailconf.cli.streams import output
from mailconf.engine.build import loaded_with_plugins
from mailconf.engine.exit_codes import ExitCode
from mailconf.lab.errors import BootError, LabUnavailableError
from mailconf.lab.image import SUITES, Image, ensure
from mailconf.lab.lab_run import LabRun
from mailconf.lab.launch import check_machine, launch
from mailconf.lab.log import LabLog
from mailconf.lab.wanted_images import Wanted, wanted_images
from mailconf.model.hiding import SECRETS
from mailconf.report.foreign import one_line


@dataclass(frozen=True, slots=True)
class Wish:
    """The command's arguments."""

    spec: Path
    env: str
    target: str
    templates: Path | None
    log: Path | None
    fail_on: str
    reports: list[str]
    untrusted: bool = False

    def words(self) -> list[str]:
        """Return the arguments as the command line that gives them."""
        words = [str(self.spec), "--fail-on", self.fail_on]
        words += ["--env", self.env] if self.env else []
        words += ["--target", self.target] if self.target else []
        words += ["--templates", str(self.templates)] if self.templates else []
        words += ["--log", str(self.log)] if self.log else []
        words += ["--untrusted"] if self.untrusted else []
        return words + [word for report in self.reports for word in ("--report", report)]


def run(wish: Wish) -> NoReturn:
    """Start the lab's first process and hand on its exit status."""
    severity(wish.fail_on)
    with unusable_is_reported("lab run", wish.spec, wish.reports):
        trust = trust_in(wish.untrusted)
        _, build = usable(wish.spec, wish.env, wish.templates, wish.target, trust)
    if not build.spec.hosts:
        refuse("the spec has no hosts to boot; verify --offline DIR checks its records")
    try:
        check_machine()
        wanted = wanted_images(build)
    except LabUnavailableError as why:
        refuse(str(why))
    _images(wanted)
    first = [sys.executable, "-m", "mailconf", "lab", "inside", *wish.words()]
    raise SystemExit(launch(first, output=output()))


def inside(wish: Wish) -> NoReturn:
    """Boot, prove, report. An interruption still reports what is known."""
    limit = severity(wish.fail_on)
    # Whoever started us may ignore the signal, as shells do for background jobs; `run` forwards it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with progress("lab") as step:
        prover = LabRun(wish.spec, step)
        try:
            with unusable_is_reported("lab run", wish.spec, wish.reports):
                trust = trust_in(wish.untrusted)
                loaded, _ = loaded_with_plugins(wish.spec, wish.env, wish.target, trust)
                report = prover.run(loaded, renderer(wish.templates, wish.spec, trust))
        except (BootError, LabUnavailableError) as why:
            publish(prover.report(), wish.reports)
            refuse(str(why))
        except KeyboardInterrupt:
            publish(prover.report(), wish.reports)
            raise SystemExit(ExitCode.INTERRUPTED) from None
        finally:
            _hide_passwords(prover)
            _keep(prover.journal, wish.log)
    finish(report, wish.reports, limit)


def _hide_passwords(prover: LabRun) -> None:
    """The passwords of a lab end with it, and are in no report all the same."""
    for site in (prover.lab.ours, prover.lab.theirs) if prover.lab else ():
        for password in site.passwords.values():
            SECRETS.add(password)


def _keep(journal: LabLog, file: Path | None) -> None:
    if file:
        log = SECRETS.lines(map(str, journal.since(0)))
        put(f"the log {file}", file, "".join(f"{one_line(line)}\n" for line in log))


def build_image(target: str) -> None:
    """Build an image, so that the first lab does not have to."""
    if target not in SUITES:
        refuse(f"target {target}: expected {', '.join(SUITES)}")
    try:
        check_machine()
    except LabUnavailableError as why:
        refuse(str(why))
    say(str(_images([(target, ())])[0].root))


def _images(wanted: list[Wanted]) -> list[Image]:
    """Return images, building those that the cache does not have; a signal ends that."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with announced("lab") as step:
            return [ensure(release, step, packages) for release, packages in wanted]
    except LabUnavailableError as why:
        refuse(str(why))
    except KeyboardInterrupt:
        say("mailconf: interrupted while an image was built", err=True)
        raise SystemExit(ExitCode.INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGTERM, before)
