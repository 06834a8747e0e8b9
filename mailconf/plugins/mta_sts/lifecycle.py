"""The life of a policy: tried, enforced, and taken back before it goes (RFC 8461 §8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from mailconf.model.domain import Domain
from mailconf.model.finding import Rule, Severity
from mailconf.model.place import Path
from mailconf.model.plugin import View
from mailconf.model.step import NOW, Step, said
from mailconf.plugins.mta_sts.options import MtaStsOptions

TRIAL = timedelta(days=14)
LONG_TRIAL = timedelta(days=30)
EARLY = Rule(
    code="STS012",
    name="mta-sts-step-too-early",
    severity=Severity.NOTICE,
    found_by="keys",
    message="the policy of {domain} must not be {next} before {earliest}: {why}",
    fix="read the TLSRPT reports until then",
    ref="RFC 8461 §8.3",
)
TRIED_LONG = Rule(
    code="STS008",
    name="mta-sts-testing-long",
    severity=Severity.NOTICE,
    found_by="keys",
    message="the policy of {domain} has been in mode testing since {since}; it does not protect mail",
    fix="read the TLSRPT reports, then enforce the policy: mailconf keys rotate SPEC --domain {domain}",
    ref="RFC 8461 §5",
)
ORDER = "deploy the web server's files first, then publish the record with its new id"


def steps(view: View[MtaStsOptions], domain: Domain) -> Iterator[Step]:
    """Yield what may come next for a domain's policy."""
    options = view.for_domain(domain)
    if not domain.is_hosted or not view.spec.web or options.mode == "enforce":
        return
    if options.since is None:
        yield _begin(domain, options)
    elif options.mode == "testing":
        yield _enforce(domain, options)
    else:
        yield _remove(domain, options)


def _begin(domain: Domain, options: MtaStsOptions) -> Step:
    """Write down when the mode began, so that its end can be told."""
    edit = {"domains": {domain.name: {"mta_sts": {"since": NOW}}}}
    return Step(
        f"{domain.name} MTA-STS",
        f"mode {options.mode}",
        f"record the start of mode {options.mode}",
        _where(domain),
        edit=edit,
        begins=True,
    )


def _enforce(domain: Domain, options: MtaStsOptions) -> Step:
    facts = {"domain": domain.name, "since": said(options.since)}
    late = TRIED_LONG.at(domain.name, _where(domain), **facts)
    sts = {"mode": "enforce", "since": NOW}
    edit = {"domains": {domain.name: {"mta_sts": sts}}}
    due = options.since + LONG_TRIAL if options.since else None
    why = "it needs two weeks of reports without failures"
    step = _step(domain, options, "enforced", TRIAL, why)
    return replace(step, after=ORDER, edit=edit, due=due, late=late)


def _remove(domain: Domain, options: MtaStsOptions) -> Step:
    """Taking it away is up to the operator: there is no value for it in the key file."""
    wait = timedelta(seconds=options.max_age)
    why = "senders may still have the previous policy cached"
    after = f"set mta_sts: off under plugins, or keep mode none for {domain.name}"
    return replace(_step(domain, options, "removed", wait, why), after=after)


VERBS = {"enforced": "enforce", "removed": "remove"}


def _step(domain: Domain, options: MtaStsOptions, then: str, wait: timedelta, why: str) -> Step:
    earliest = options.since + wait if options.since else None
    facts = {"domain": domain.name, "next": then, "why": why}
    return Step(
        f"{domain.name} MTA-STS",
        f"mode {options.mode} since {said(options.since)}",
        f"{VERBS[then]} the policy",
        _where(domain),
        earliest=earliest,
        early=EARLY.at(domain.name, _where(domain), earliest=said(earliest), **facts),
    )


def _where(domain: Domain) -> Path:
    return ("domains", domain.name, "mta_sts", "mode")
