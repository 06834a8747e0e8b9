"""Published SPF records that receivers cannot evaluate, whatever client they look at."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from mailconf.mailauth.evaluation import MOST_TERMS, MOST_VOID
from mailconf.mailauth.spf_tree import Branch, analyse
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Check, View
from mailconf.model.world import World
from mailconf.plugins.spf.options import SpfOptions

CLOSE = 8
TOO_MANY = Rule(
    code="SPF003",
    name="spf-too-many-lookups",
    severity=Severity.ERROR,
    found_by="verify",
    message="the SPF record of {domain} needs {count} DNS lookups; the limit is 10: {costly}",
    expected="10 or fewer",
    fix="remove senders that are no longer used, or replace an include with its addresses",
    ref="RFC 7208 §4.6.4",
)
MANY = Rule(
    code="SPF004",
    name="spf-lookups-near-limit",
    severity=Severity.WARNING,
    found_by="verify",
    message="the SPF record of {domain} needs {count} of at most 10 DNS lookups: {costly}",
    expected="7 or fewer",
    fix="reduce the number of lookups; a provider may add one at any time",
    ref="RFC 7208 §4.6.4",
)
VOID = Rule(
    code="SPF005",
    name="spf-void-lookups",
    severity=Severity.ERROR,
    found_by="verify",
    message="the SPF record of {domain} causes {count} void lookups; the limit is 2: {names}",
    expected="2 or fewer",
    fix="remove the terms that refer to these names",
    ref="RFC 7208 §4.6.4",
)
BROKEN = Rule(
    code="SPF006",
    name="spf-include-broken",
    severity=Severity.ERROR,
    found_by="verify",
    message="{term} refers to no valid SPF record: {why}",
    expected="a valid SPF record",
    fix="correct the name, or remove the term",
    ref="RFC 7208 §5.2, §6.1",
)
LOOP = Rule(
    code="SPF007",
    name="spf-loop",
    severity=Severity.ERROR,
    found_by="verify",
    message="{term} causes an endless evaluation: {why}",
    expected="no loop",
    fix="remove one of the terms in the loop",
    ref="RFC 7208 §4.6.4",
)
MANY_MX = Rule(
    code="SPF020",
    name="spf-too-many-mx",
    severity=Severity.WARNING,
    found_by="verify",
    message="{term} cannot be evaluated: {why}",
    expected="a term that can be evaluated",
    fix="name the addresses instead",
    ref="RFC 7208 §4.6.4",
)
PROBLEMS = {
    "no-record": BROKEN,
    "several-records": BROKEN,
    "syntax": BROKEN,
    "loop": LOOP,
    "too-deep": LOOP,
    "many-mx": MANY_MX,
}


def sending_domains(view: View[SpfOptions]) -> Iterator[Domain]:
    """Yield the domains in whose name somebody sends."""
    return (domain for domain in view.spec.domains.values() if domain.mail != "none")


async def record_can_be_evaluated(
    _view: View[SpfOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Follow every branch of the published record; that it is published is another check."""
    tree, where = await analyse(domain.name, world), ("domains", domain.name, "spf")
    for branch in tree.walk():
        if branch.problem in PROBLEMS and branch.term:
            rule = PROBLEMS[branch.problem]
            yield rule.at(domain.name, where, term=branch.term, why=branch.why)
    voids = [branch.domain for branch in tree.walk() if branch.problem == "void"]
    if len(voids) > MOST_VOID:
        facts = {"domain": domain.name, "count": len(voids), "names": ", ".join(voids)}
        yield VOID.at(domain.name, where, **facts)
    if tree.lookups >= CLOSE:
        rule = TOO_MANY if tree.lookups > MOST_TERMS else MANY
        facts = {"domain": domain.name, "count": tree.lookups, "costly": _costly(tree)}
        yield rule.at(domain.name, where, **facts)


def _costly(tree: Branch) -> str:
    """Return the terms of a record by what they cost, the dearest first."""
    ordered = sorted(tree.branches, key=lambda branch: -branch.lookups)
    return ", ".join(f"{branch.term} {branch.lookups}" for branch in ordered)


CHECKS = (
    Check(
        "spf.lookups",
        "Receivers can evaluate every branch of the SPF record.",
        sending_domains,
        record_can_be_evaluated,
    ),
)
