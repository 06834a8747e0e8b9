"""The life of DKIM keys: what comes next, and from when on nobody is harmed by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import get_args

from mailconf.formats.dkim import KeyType
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import View
from mailconf.model.step import NOW, NewKey, Step, Tree, said
from mailconf.plugins.dkim.options import DkimOptions, Selector, State

NEGATIVE_TTL = 3600
"""For how many seconds caches may remember that there was no key (RFC 2308 §5: an SOA's minimum)."""
EARLY = Rule(
    code="DKM025",
    name="dkim-step-too-early",
    severity=Severity.NOTICE,
    found_by="keys",
    message="selector {selector} of {domain} must not become {next} before {earliest}: {why}",
    fix="run mailconf keys rotate again then",
    ref="RFC 6376 §3.6.1, RFC 5863 §3.6",
)
OLD = Rule(
    code="DKM015",
    name="dkim-key-old",
    severity=Severity.WARNING,
    found_by="keys",
    message="selector {selector} of {domain} has been signing since {since}; rotate_after is {days} days",
    fix="begin a rotation: mailconf keys rotate SPEC --domain {domain}",
    ref="M3AAWG DKIM Key Rotation Best Common Practices §5",
)
FORGOTTEN = Rule(
    code="DKM017",
    name="dkim-retired-key-not-removed",
    severity=Severity.NOTICE,
    found_by="keys",
    message="selector {selector} of {domain} has been {state} since {since}; its next state, {next}, is overdue",
    fix="run mailconf keys rotate SPEC",
    ref="RFC 6376 §3.6.1",
)
UNDATED = "its start time is unknown; set `since` in the key file"
FORGOTTEN_AFTER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Keys:
    """All keys of one type of a domain that are not removed yet."""

    view: View[DkimOptions]
    domain: Domain
    kind: KeyType
    selectors: Mapping[str, Selector]

    def named(self, state: State) -> list[str]:
        """Return the selectors in a state."""
        return [name for name, selector in self.selectors.items() if selector.state == state]

    @property
    def subject(self) -> str:
        """What the steps are about."""
        return f"{self.domain.name} DKIM {self.kind}"

    @property
    def state(self) -> str:
        """Which keys there are, and since when."""
        told = (
            f"{name} {selector.state}"
            + (f" since {said(begun)}" if (begun := _since(selector)) else "")
            for name, selector in self.selectors.items()
        )
        return ", ".join(told) or "no key"

    @property
    def ttl(self) -> int:
        """For how many seconds caches may hold a key, or that there is none."""
        return max(self.view.spec.dns.ttl_of("dkim"), NEGATIVE_TTL)


def steps(view: View[DkimOptions], domain: Domain) -> Iterator[Step]:
    """Yield what may come next for the keys of a domain, oldest business first."""
    for kind in get_args(KeyType) if domain.sends else ():
        selectors = {
            name: selector
            for name, selector in view.options.selectors.items()
            if selector.type == kind and selector.state != "removed"
        }
        if selectors or kind == "rsa":
            yield from _steps(Keys(view, domain, kind, selectors))


def _steps(keys: Keys) -> Iterator[Step]:
    keep = timedelta(seconds=keys.view.options.keep_retired + keys.ttl)
    for name in keys.named("retiring"):
        yield _later(keys, name, "revoked", keep, "mail signed with it may still be in transit")
    for name in keys.named("revoked"):
        yield _later(
            keys, name, "removed", keep, "verifiers must still be able to see that it is revoked"
        )
    for name in keys.named("created"):
        edit: dict[str, State] = {name: "published"}
        yield _step(
            keys, name, "published", edit, after="publish the records: mailconf plan --wait"
        )
    for name in keys.named("published"):
        yield _activation(keys, name)
    if not keys.named("created") and not keys.named("published"):
        yield _beginning(keys)


def _activation(keys: Keys, name: str) -> Step:
    """The waiting key signs from now on, the one before it retires; both at once."""
    edit: dict[str, State] = dict.fromkeys(keys.named("active"), "retiring")
    edit[name] = "active"
    why = "caches may still contain a negative answer for the key"
    return _step(
        keys,
        name,
        "active",
        edit,
        wait=timedelta(seconds=keys.ttl),
        why=why,
        after="check with mailconf plan that it is in sync, then render and deploy the signing hosts",
    )


def _later(keys: Keys, name: str, then: State, wait: timedelta, why: str) -> Step:
    """A step that tidies up: it is late when it was forgotten."""
    begun = _since(keys.selectors[name])
    facts = {"selector": name, "domain": keys.domain.name, "state": keys.selectors[name].state}
    where = _where(keys, name)
    late = FORGOTTEN.at(keys.domain.name, where, since=said(begun), next=then, **facts)
    due = begun + wait + FORGOTTEN_AFTER if begun else None
    after = "publish the records"
    if then == "removed":
        after += f", and delete the private key of {name}"
    return _step(
        keys, name, then, {name: then}, wait=wait, why=why, after=after, due=due, late=late
    )


def _beginning(keys: Keys) -> Step:
    """The first step of a rotation: a new key, which changes nothing in DNS yet."""
    active = keys.named("active")
    begun = _since(keys.selectors[active[0]]) if active else None
    age = timedelta(seconds=keys.view.options.rotate_after)
    name, domain = (active or [""])[0], keys.domain.name
    facts = {"selector": name, "domain": domain, "since": said(begun), "days": age.days}
    return Step(
        keys.subject,
        keys.state,
        "create a new key",
        _where(keys, name),
        after="do not commit the private key; the next step publishes the public key",
        key=NewKey(domain, keys.kind),
        due=begun + age if begun else None,
        late=OLD.at(domain, _where(keys, name), **facts) if begun else None,
        begins=True,
    )


def _step(
    keys: Keys,
    name: str,
    then: State,
    edit: Mapping[str, State],
    *,
    wait: timedelta = timedelta(),
    why: str = "",
    after: str = "",
    due: datetime | None = None,
    late: Finding | None = None,
) -> Step:
    begun = _since(keys.selectors[name])
    earliest = begun + wait if begun and wait else None
    if wait and not begun:
        earliest, why = datetime.max.replace(tzinfo=UTC), UNDATED
    facts = {"selector": name, "domain": keys.domain.name, "next": then, "why": why}
    early = EARLY.at(keys.domain.name, _where(keys, name), earliest=said(earliest), **facts)
    others = ", ".join(f"{other} {state}" for other, state in edit.items() if other != name)
    return Step(
        keys.subject,
        keys.state,
        f"{name} becomes {then}" + (f", {others}" if others else ""),
        _where(keys, name),
        after=after,
        edit=_tree(keys, edit),
        earliest=earliest,
        early=early if earliest else None,
        due=due,
        late=late,
    )


def _tree(keys: Keys, states: Mapping[str, State]) -> Tree:
    selectors = {name: {"state": state, "since": NOW} for name, state in states.items()}
    return {"domains": {keys.domain.name: {"dkim": {"selectors": selectors}}}}


def _where(keys: Keys, name: str) -> tuple[str, ...]:
    base = ("domains", keys.domain.name)
    return (*base, "dkim", "selectors", name) if name else base


def _since(selector: Selector) -> datetime | None:
    """Return when the state began; of a key that has signed until now the day of its making will do."""
    if selector.since or not selector.created or selector.state in ("retiring", "revoked"):
        return selector.since
    day = selector.created
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
