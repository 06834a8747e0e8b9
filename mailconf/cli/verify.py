"""mailconf verify."""

from __future__ import annotations

from functools import partial

from mailconf.app.errors import Interrupted
from mailconf.app.loading import trust_in
from mailconf.app.verify import VerifyOptions, verify
from mailconf.cli.progress import counted
from mailconf.cli.reporting import finish, publish, severity, unusable_is_reported
from mailconf.cli.say import say
from mailconf.engine.build import UnusableSpecError, read
from mailconf.engine.exit_codes import ExitCode
from mailconf.engine.record_check import RECORD_CHECK
from mailconf.engine.renamed_checks import former_ids
from mailconf.engine.selection import Selection


def list_checks(options: VerifyOptions) -> None:
    """Print the checks that --only and --skip select, with what each verifies."""
    with unusable_is_reported("verify", options.spec, []):
        parsed = read(options.spec, options.env, trust=trust_in(options.untrusted))
        if parsed.spec is None:
            raise UnusableSpecError(parsed.findings)
    checks = {RECORD_CHECK: "The records are published as the spec declares them."}
    for check in (check for plugin in parsed.plugins.values() for check in plugin.checks):
        checks[check.id] = check.summary + (" (--intrusive)" if check.intrusive else "")
    former = former_ids(parsed.plugins.values())
    selected = Selection(options.only, options.skip, checks, former)
    rows = [(name, checks[name]) for name in sorted(checks) if selected.has(name)]
    width = max((len(name) for name, _ in rows), default=0)
    for name, summary in rows:
        say(f"{name.ljust(width)}  {summary}")


def run(options: VerifyOptions, fail_on: str, reports: list[str]) -> None:
    """Check the world against the spec."""
    limit = severity(fail_on)
    try:
        with unusable_is_reported("verify", options.spec, reports):
            report = verify(options, partial(counted, "verify"))
    except Interrupted as stopped:
        publish(stopped.report, reports)
        raise SystemExit(ExitCode.INTERRUPTED) from None
    finish(report, reports, limit)
