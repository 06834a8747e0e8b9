"""What a target's Dovecot cannot do, what it must not run, and secrets that are no hashes."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.plugins.dovecot.duty import Duty
from mailconf.plugins.dovecot.options import DovecotOptions

TOO_OLD = Rule(
    code="DVC011",
    name="dovecot-too-old",
    severity=Severity.ERROR,
    message="{option} needs Dovecot {wanted}, and {target} has {version}",
    fix="choose a newer target such as debian-13, or leave the option out",
    ref="Dovecot 2.4 NEWS: fts-flatcurve",
    bad="plugins: {dovecot: {full_text_search: true}}",
    good=("plugins: {dovecot: {full_text_search: true}}\nhosts: {mail: {target: debian-13}}"),
)
VULNERABLE = Rule(
    code="DVC012",
    name="dovecot-vulnerable",
    severity=Severity.WARNING,
    message="Dovecot {version} has {names}, repaired in {repaired}",
    fix="update to {repaired} or newer, or name the release of a distribution that repaired it",
    ref="Dovecot security advisories",
    bad='hosts: {mail: {target: {postfix: "3.10.13", dovecot: "2.4.1"}}}',
    good='hosts: {mail: {target: {postfix: "3.10.13", dovecot: "2.4.5"}}}',
)
# Advisories that matter for what we render: from, up to (excluded), names.
ADVISORIES = (("2.4.0", "2.4.4", "CVE-2026-42006 (memory of imap-login)"),)
PATCH_LEVEL = 3


def target_fits(view: View[DovecotOptions], host: Host) -> Iterator[Finding]:
    """Yield what the host's Dovecot is too old for."""
    duty = Duty.of(view, host)
    if not duty.runs:
        return
    version = host.target.version("dovecot")
    if duty.options.full_text_search and not duty.is_2_4:
        where = ("hosts", host.key, "dovecot", "full_text_search")
        yield TOO_OLD.at(
            host.key, where, option="full_text_search", wanted="2.4",
            target=host.target, version=version,
        )  # fmt: skip
    # A distribution repairs without a new number, and 2.4 alone does not say which 2.4.
    if host.target.is_exact and len(version.numbers) >= PATCH_LEVEL:
        for since, repaired, names in ADVISORIES:
            if host.target.has("dovecot", since) and not host.target.has("dovecot", repaired):
                yield VULNERABLE.at(
                    host.key, ("hosts", host.key, "target"),
                    version=version, names=names, repaired=repaired,
                )  # fmt: skip
