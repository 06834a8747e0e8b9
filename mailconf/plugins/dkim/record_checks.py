"""Published keys that verifiers cannot use, or that are not ours."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

from mailconf.formats.dkim import DkimKey
from mailconf.formats.error import FormatError
from mailconf.formats.tags import parse_tags
from mailconf.model.domain import Domain
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.place import Path
from mailconf.model.plugin import Check, View
from mailconf.model.questions.dns import DnsQuery
from mailconf.model.world import World
from mailconf.plugins.dkim.keys import KeyTextError, flags, has_keys, owner, public_key
from mailconf.plugins.dkim.options import DkimOptions

KEY = base64.b64encode(bytes(32)).decode()
GOOD = f's1._domainkey TXT "v=DKIM1; k=ed25519; t=s; p={KEY}"'
SPKI = base64.b64encode(bytes.fromhex("302a300506032b6570032100") + bytes(32)).decode()


ABSENT = Rule(
    code="DKM001",
    name="dkim-key-not-published",
    severity=Severity.ERROR,
    found_by="verify",
    message="{name} is not published; signatures made with this key cannot be verified",
    expected="the key record of the spec",
    fix="publish the record that mailconf renders",
    ref="RFC 6376 §3.6.2",
    bad='@ TXT "no key"',
    good=GOOD,
    language="zone",
)
OTHER = Rule(
    code="DKM002",
    name="dkim-key-differs",
    severity=Severity.ERROR,
    found_by="verify",
    message="the key published at {name} is not the signer's key",
    expected="the signer's public key",
    fix="publish the record that mailconf renders",
    ref="RFC 6376 §3.6.1",
    bad=f's1._domainkey TXT "v=DKIM1; k=ed25519; p={base64.b64encode(bytes([1] * 32)).decode()}"',
    good=GOOD,
    language="zone",
)
WRAPPED = Rule(
    code="DKM007",
    name="dkim-ed25519-encoding",
    severity=Severity.ERROR,
    found_by="verify",
    message="{name} contains an Ed25519 key as SubjectPublicKeyInfo; p= must be the raw 32-octet key",
    expected="the raw 32 octets of the key",
    fix="publish the record that mailconf renders",
    ref="RFC 8463 §4",
    bad=f's1._domainkey TXT "v=DKIM1; k=ed25519; p={SPKI}"',
    good=GOOD,
    language="zone",
)
TESTING = Rule(
    code="DKM008",
    name="dkim-key-in-test-mode",
    severity=Severity.WARNING,
    found_by="verify",
    message="{name} has the test flag (t=y); receivers may treat signed mail as unsigned",
    expected="no t=y",
    fix="remove t=y",
    ref="RFC 6376 §3.6.1",
    bad=f's1._domainkey TXT "v=DKIM1; k=ed25519; t=y; p={KEY}"',
    good=GOOD,
    language="zone",
)
NOT_STRICT = Rule(
    code="DKM009",
    name="dkim-key-not-strict",
    severity=Severity.NOTICE,
    found_by="verify",
    message="{name} has no t=s flag; the key is also valid for subdomain identities (i=)",
    expected="t=s",
    fix="publish the record that mailconf renders",
    ref="RFC 6376 §3.6.1",
    bad=f's1._domainkey TXT "v=DKIM1; k=ed25519; p={KEY}"',
    good=GOOD,
    language="zone",
)
MALFORMED = Rule(
    code="DKM010",
    name="dkim-record-malformed",
    severity=Severity.ERROR,
    found_by="verify",
    message="the DKIM key record {name} is malformed: {why}",
    expected="a valid DKIM key record",
    fix="publish the record that mailconf renders",
    ref="RFC 6376 §3.6.1",
    bad=f's1._domainkey TXT "k=ed25519; v=DKIM1; p={KEY}"',
    good=GOOD,
    language="zone",
)
SEVERAL = Rule(
    code="DKM011",
    name="dkim-several-records",
    severity=Severity.ERROR,
    found_by="verify",
    message="{name} has {count} TXT records; verifiers use any one of them",
    expected="one record",
    fix="keep one",
    ref="RFC 6376 §3.6.2.2",
    bad=GOOD + '\ns1._domainkey TXT "v=spf1 -all"',
    good=GOOD,
    language="zone",
)


def domains_with_keys(view: View[DkimOptions]) -> Iterator[Domain]:
    """Yield the domains in whose name mail is signed, here or by a provider."""
    return filter(has_keys, view.spec.domains.values())


async def keys_can_be_used(
    view: View[DkimOptions], domain: Domain, world: World
) -> AsyncIterator[Finding]:
    """Read every key in use as a verifier does."""
    for name, selector in view.for_domain(domain).selectors.items():
        if selector.state not in ("active", "retiring"):
            continue
        where = ("domains", domain.name, "dkim", "selectors", name)
        try:
            key = public_key(selector)
        except KeyTextError:
            continue
        ours = replace(key, flags=flags(view.for_domain(domain)))
        wanted, record = key if domain.provider else ours, owner(domain, name)
        for finding in _judged(
            record, wanted, (await world.ask(DnsQuery(record, "TXT"))).values, where
        ):
            yield finding


def _judged(name: str, wanted: DkimKey, texts: tuple[str, ...], where: Path) -> Iterator[Finding]:
    if not texts:
        yield ABSENT.at(name, where, name=name)
    elif len(texts) > 1:
        yield SEVERAL.at(name, where, name=name, count=str(len(texts)))
    else:
        yield from _of_text(name, wanted, texts[0], where)


def _of_text(name: str, wanted: DkimKey, text: str, where: Path) -> Iterator[Finding]:
    try:
        key = DkimKey.parse(text)
    except FormatError as why:
        if _is_wrapped(text):
            yield WRAPPED.at(name, where, name=name)
        else:
            yield MALFORMED.at(name, where, name=name, why=str(why))
        return
    if (key.key, key.type) != (wanted.key, wanted.type):
        yield OTHER.at(name, where, name=name)
    if "y" in key.flags:
        yield TESTING.at(name, where, name=name)
    if wanted.flags - key.flags:
        yield NOT_STRICT.at(name, where, name=name)


def _is_wrapped(text: str) -> bool:
    try:
        tags = parse_tags(text)
    except FormatError:
        return False
    return tags.get("k") == "ed25519" and "".join(tags.get("p", "").split()).startswith(
        "MCowBQYDK2Vw"
    )


PUBLISHED = (
    Check(
        "dkim.records",
        "Verifiers can use every DKIM key.",
        domains_with_keys,
        keys_can_be_used,
        former=("dkim.published",),
    ),
)
