"""Findings about the options."""

from collections.abc import Iterator

from mailconf.api import Finding, Rule, Severity, View
from mailconf_fail2ban.options import Fail2banOptions

SHORT_SECONDS, FEW_RETRIES = 60, 5
SHORT = Rule(
    code="F2B001",
    name="fail2ban-ban-too-short",
    severity=Severity.WARNING,
    message="fail2ban blocks addresses for {seconds} s; the minimum is 60 s",
    fix="set fail2ban: {{ban_seconds: 3600}}",
)
FEW = Rule(
    code="F2B002",
    name="fail2ban-blocks-users",
    severity=Severity.WARNING,
    message="fail2ban blocks an address after {retries} failed logins; the minimum is 5",
    fix="set fail2ban: {{retries: 20}}",
    why="users behind one address share it, and a client with an old password tries often",
)


def options_are_sensible(view: View[Fail2banOptions]) -> Iterator[Finding]:
    """Yield what would block nobody, or users."""
    where = ("plugins", "fail2ban")
    if view.options.ban_seconds < SHORT_SECONDS:
        yield SHORT.at("fail2ban", where, seconds=view.options.ban_seconds)
    if view.options.retries < FEW_RETRIES:
        yield FEW.at("fail2ban", where, retries=view.options.retries)
