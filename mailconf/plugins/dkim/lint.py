"""Every sending domain has exactly one usable signing key."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.place import Path
from mailconf.model.plugin import View
from mailconf.model.spec import Domain
from mailconf.plugins.dkim.keys import KeyTextError, rsa_bits
from mailconf.plugins.dkim.options import DkimOptions, Selector

MINIMUM_BITS, USUAL_BITS = 1024, 2048

UNSIGNED = Rule(
    code="DKM020",
    name="dkim-no-active-key",
    severity=Severity.ERROR,
    message="mail from {domain} would go unsigned: it has no active DKIM key",
    fix="run: mailconf keys new SPEC --domain {domain}",
    ref="RFC 9989 §7.4",
)
SEVERAL = Rule(
    code="DKM021",
    name="dkim-several-active-keys",
    severity=Severity.ERROR,
    message="{domain} has {count} active DKIM keys ({names}), wanted one",
    fix="set all but one to state: published or retired",
)
UNREADABLE = Rule(
    code="DKM022",
    name="dkim-public-key-unreadable",
    severity=Severity.ERROR,
    message="selector {selector} has no usable public_key: {why}",
    fix="copy the public half from the key file that `mailconf keys new` wrote",
    ref="RFC 6376 §3.6.1",
)
HALF = Rule(
    code="DKM023",
    name="dkim-private-key-missing",
    severity=Severity.ERROR,
    message="selector {selector} is active but has no private_key",
    fix="add private_key: ref+file://PATH",
)
TOO_SHORT = Rule(
    code="DKM003",
    name="dkim-key-too-short",
    severity=Severity.ERROR,
    message="selector {selector} has an RSA key of {bits} bits; receivers ignore it below 1024",
    fix="make a new key of 2048 bits: mailconf keys new",
    ref="RFC 8301 §3.2",
)
SHORT = Rule(
    code="DKM004",
    name="dkim-key-short",
    severity=Severity.WARNING,
    message="selector {selector} has an RSA key of {bits} bits, wanted 2048",
    fix="make a new key of 2048 bits: mailconf keys new",
    ref="RFC 8301 §3.2",
)


def keys_are_usable(view: View[DkimOptions], domain: Domain) -> Iterator[Finding]:
    """Yield what keeps a domain's mail from being signed and verified."""
    if not domain.sends:
        return
    where = ("domains", domain.name, "dkim", "selectors")
    selectors = view.options.selectors
    active = [name for name, selector in selectors.items() if selector.state == "active"]
    if not active:
        yield UNSIGNED.at(domain.name, ("domains", domain.name), domain=domain.name)
    if len(active) > 1:
        names = ", ".join(active)
        facts = {"domain": domain.name, "count": str(len(active)), "names": names}
        yield SEVERAL.at(domain.name, (*where, active[1]), **facts)
    for name, selector in selectors.items():
        yield from _key_is_usable(f"{name} of {domain.name}", selector, (*where, name))


def _key_is_usable(name: str, selector: Selector, where: Path) -> Iterator[Finding]:
    if selector.state == "active" and not selector.private_key:
        yield HALF.at(name, where, selector=name)
    try:
        bits = rsa_bits(selector)
    except KeyTextError as why:
        reason = why if selector.public_key else "it is missing"
        yield UNREADABLE.at(name, where, selector=name, why=reason)
        return
    if bits < MINIMUM_BITS:
        yield TOO_SHORT.at(name, where, selector=name, bits=bits)
    elif bits < USUAL_BITS:
        yield SHORT.at(name, where, selector=name, bits=bits)
