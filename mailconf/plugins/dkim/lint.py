"""Every sending domain has exactly one usable signing key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.place import Path
from mailconf.model.plugin import View
from mailconf.model.sending import signing_hosts
from mailconf.plugins.dkim.keys import KeyTextError, check_key
from mailconf.plugins.dkim.options import DkimOptions, Selector

MINIMUM_BITS, USUAL_BITS = 1024, 2048

UNSIGNED = Rule(
    code="DKM020",
    name="dkim-no-active-key",
    severity=Severity.ERROR,
    message="{domain} has no active RSA key for DKIM; its mail would be sent unsigned",
    fix="run: mailconf keys new SPEC --domain {domain}",
    ref="RFC 9989 §7.4",
)
SEVERAL = Rule(
    code="DKM021",
    name="dkim-several-active-keys",
    severity=Severity.ERROR,
    message="{domain} has {count} active DKIM keys of type {type} ({names}); expected one",
    fix="set all but one to state: published or retiring",
)
UNREADABLE = Rule(
    code="DKM022",
    name="dkim-public-key-unreadable",
    severity=Severity.ERROR,
    message="selector {selector} has no usable public_key: {why}",
    fix="copy the public key from the key file that `mailconf keys new` wrote",
    ref="RFC 6376 §3.6.1",
)
NO_DUAL = Rule(
    code="DKM024",
    name="dkim-signer-without-ed25519",
    severity=Severity.ERROR,
    message="host {host} signs with OpenDKIM, which cannot sign with two key types",
    fix="set plugins: {{dkim: {{signer: rspamd}}}}, or retire the Ed25519 key",
    ref="RFC 8463 §3",
)
HALF = Rule(
    code="DKM023",
    name="dkim-private-key-missing",
    severity=Severity.ERROR,
    message="selector {selector} is active but has no private_key",
    fix="add private_key: ref+file://PATH",
)
LONG = Rule(
    code="DKM005",
    name="dkim-key-long",
    severity=Severity.NOTICE,
    message="selector {selector} has a {bits}-bit RSA key, which some verifiers and DNS panels do not support",
    fix="replace it with a 2048-bit key: mailconf keys rotate SPEC --begin",
    ref="RFC 8301 §3.2",
)
ALONE = Rule(
    code="DKM006",
    name="dkim-ed25519-alone",
    severity=Severity.ERROR,
    message="{domain} signs only with Ed25519, which large receivers do not verify",
    fix="also sign with an RSA key: mailconf keys new SPEC --domain {domain}",
    ref="RFC 8463 §3",
)
TOO_SHORT = Rule(
    code="DKM003",
    name="dkim-key-too-short",
    severity=Severity.ERROR,
    message="selector {selector} has a {bits}-bit RSA key; verifiers reject keys below 1024 bits",
    fix="replace it with a 2048-bit key: mailconf keys rotate SPEC --begin",
    ref="RFC 8301 §3.2",
)
SHORT = Rule(
    code="DKM004",
    name="dkim-key-short",
    severity=Severity.WARNING,
    message="selector {selector} has a {bits}-bit RSA key; expected 2048 bits",
    fix="replace it with a 2048-bit key: mailconf keys rotate SPEC --begin",
    ref="RFC 8301 §3.2",
)

UNALIGNED = Rule(
    code="DKM014",
    name="dkim-sender-not-aligned",
    severity=Severity.WARNING,
    message="{sender} has no DKIM key for {domain}; its mail passes DMARC only through SPF and fails when forwarded",
    fix="add the provider's DKIM selectors to this sender: dkim: {{SELECTOR: NAME}}",
    ref="RFC 9989 §4.4",
    bad="domains: {example.org: {senders: [{include: _spf.sender.example}]}}",
    good=(
        "domains: {example.org: {senders: [{include: _spf.sender.example, "
        "dkim: {s1: s1.dkim.sender.example}}]}}"
    ),
)


def mail_is_signed(view: View[DkimOptions], domain: Domain) -> Iterator[Finding]:
    """Yield what keeps mail in the domain's name from having its signature, ours or a sender's."""
    yield from keys_are_usable(view, domain)
    yield from _senders_sign(domain)


def _senders_sign(domain: Domain) -> Iterator[Finding]:
    """Yield senders without a key; what a smarthost passes on has our own signature."""
    if domain.mail == "none" or domain.smarthost:
        return
    for number, sender in enumerate(domain.senders):
        if sender.include and not sender.dkim:
            where = ("domains", domain.name, "senders", number)
            yield UNALIGNED.at(domain.name, where, sender=sender.include, domain=domain.name)


def keys_are_usable(view: View[DkimOptions], domain: Domain) -> Iterator[Finding]:
    """Yield what keeps a domain's mail from being signed and verified."""
    where = ("domains", domain.name, "dkim", "selectors")
    selectors = view.options.selectors
    if not domain.sends:
        yield from _provider_keys_are_keys(selectors, domain, where)
        return
    active = {name: s.type for name, s in selectors.items() if s.state == "active"}
    if "rsa" not in active.values():
        rule = ALONE if active else UNSIGNED
        yield rule.at(domain.name, ("domains", domain.name), domain=domain.name)
    for kind in ("rsa", "ed25519"):
        names = [name for name, found in active.items() if found == kind]
        if len(names) > 1:
            facts = {"domain": domain.name, "count": str(len(names)), "names": ", ".join(names)}
            yield SEVERAL.at(domain.name, (*where, names[1]), type=kind, **facts)
    yield from _signer_can(view, domain, active)
    for name, selector in selectors.items():
        if selector.state == "removed":
            continue
        yield from _key_is_usable(f"{name} of {domain.name}", selector, (*where, name))


def _provider_keys_are_keys(
    selectors: Mapping[str, Selector], domain: Domain, where: Path
) -> Iterator[Finding]:
    """Yield what is wrong with the public keys that a provider has given."""
    for name, selector in selectors.items() if domain.kind == "provider" else ():
        if selector.state != "removed":
            yield from _public_half_is_usable(f"{name} of {domain.name}", selector, (*where, name))


def _signer_can(
    view: View[DkimOptions], domain: Domain, active: Mapping[str, str]
) -> Iterator[Finding]:
    """OpenDKIM's release in Debian takes no Ed25519 keys for a second signature."""
    for host in signing_hosts(view.spec, domain) if "ed25519" in active.values() else ():
        if view.for_host(host).signer == "opendkim":
            where = ("domains", domain.name, "dkim", "selectors")
            yield NO_DUAL.at(domain.name, where, host=host.key)
            return


def _key_is_usable(name: str, selector: Selector, where: Path) -> Iterator[Finding]:
    if selector.state == "active" and not selector.private_key:
        yield HALF.at(name, where, selector=name)
    yield from _public_half_is_usable(name, selector, where)


def _public_half_is_usable(name: str, selector: Selector, where: Path) -> Iterator[Finding]:
    try:
        bits = check_key(selector)
    except KeyTextError as why:
        reason = why if selector.public_key else "it is missing"
        yield UNREADABLE.at(name, where, selector=name, why=reason)
        return
    if selector.type != "rsa":
        return
    if bits < MINIMUM_BITS:
        yield TOO_SHORT.at(name, where, selector=name, bits=bits)
    elif bits != USUAL_BITS:
        rule = SHORT if bits < USUAL_BITS else LONG
        yield rule.at(name, where, selector=name, bits=bits)
