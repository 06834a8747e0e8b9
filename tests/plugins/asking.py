"""Facets run as the engine runs them, on small specs."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from mailconf.engine.run import Job, attempt
from mailconf.model.finding import Finding
from mailconf.model.outcome import Outcome, Verdict
from mailconf.model.plugin import Check, Facet, Plugin, Scopes, View
from mailconf.model.request import PluginRequest, Requested, Requests
from mailconf.model.spec import Spec
from mailconf.model.world import World


def view(plugin: Plugin[Any], spec: Spec, **parts: Any) -> View[Any]:
    options = parts.pop("options", {})
    chosen = plugin.options.model_validate(options)
    made: Iterable[PluginRequest] = parts.pop("requests", ())
    requested = Requests(Requested(request, "test") for request in made)
    return View(spec, chosen, Scopes(chosen), requested, **parts)


def yielded(facet: Facet[Any, Any], seen: View[Any]) -> list[Any]:
    """Return what a facet yields for the site, every host and every domain."""
    found = list(facet.site(seen))
    for host in seen.spec.hosts.values():
        found += facet.host(seen, host)
    for domain in seen.spec.domains.values():
        found += facet.domain(seen, domain)
    return found


def codes(findings: Iterable[Finding]) -> list[str]:
    return sorted(finding.rule.code for finding in findings)


def check_of(plugin: Plugin[Any], name: str) -> Check[Any]:
    return next(check for check in plugin.checks if check.id == name)


async def plan_checks(plugin: Plugin[Any], seen: View[Any], world: World) -> list[str]:
    """Return the codes of every danger that a plugin sees, in its own order."""
    found = []
    for danger in plugin.plan_checks:
        for subject in danger.subjects(seen):
            one = await attempt(
                Job(danger.id, str(subject), partial(danger.run, seen, subject, world))
            )
            assert one.verdict in (Verdict.PASSED, Verdict.FAILED), one
            found += [finding.rule.code for finding in one.findings]
    return found


async def outcome(check: Check[Any], seen: View[Any], subject: Any, world: World) -> Outcome:
    return await attempt(Job(check.id, str(subject), lambda: check.run(seen, subject, world)))
