"""Published keys that verifiers cannot use, or that are not ours."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import partial

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


_rule = partial(Rule, good=GOOD, language="zone")


ABSENT = _rule(
    "DKM001", "dkim-key-not-published", Severity.ERROR,
    "{name} is not published: signatures with this key fail everywhere", "publish the record of the spec",
    "RFC 6376 §3.6.2", '@ TXT "no key"',
    expected="the key record of the spec",
)  # fmt: skip
OTHER = _rule(
    "DKM002", "dkim-key-differs", Severity.ERROR,
    "{name} holds another key than the signer's", "publish the record of the spec", "RFC 6376 §3.6.1",
    f's1._domainkey TXT "v=DKIM1; k=ed25519; p={base64.b64encode(bytes([1] * 32)).decode()}"',
    expected="the key of the signer",
)  # fmt: skip
WRAPPED = _rule(
    "DKM007", "dkim-ed25519-wrapped", Severity.ERROR,
    "{name} holds an Ed25519 key in a wrapper: p= must be the raw 32 octets", "publish the record of the spec",
    "RFC 8463 §4", f's1._domainkey TXT "v=DKIM1; k=ed25519; p={SPKI}"',
    expected="the raw 32 octets of the key",
)  # fmt: skip
TESTING = _rule(
    "DKM008", "dkim-key-in-test-mode", Severity.WARNING,
    "{name} is in test mode (t=y): receivers may treat its mail as unsigned", "remove t=y",
    "RFC 6376 §3.6.1", f's1._domainkey TXT "v=DKIM1; k=ed25519; t=y; p={KEY}"',
    expected="no t=y",
)  # fmt: skip
NOT_STRICT = _rule(
    "DKM009", "dkim-key-not-strict", Severity.NOTICE,
    "{name} lacks t=s: whoever has the key may sign for names below the domain too",
    "publish the record of the spec", "RFC 6376 §3.6.1",
    f's1._domainkey TXT "v=DKIM1; k=ed25519; p={KEY}"',
    expected="t=s",
)  # fmt: skip
MALFORMED = _rule(
    "DKM010", "dkim-record-malformed", Severity.ERROR,
    "verifiers cannot read {name}: {why}", "publish the record of the spec", "RFC 6376 §3.6.1",
    f's1._domainkey TXT "k=ed25519; v=DKIM1; p={KEY}"',
    expected="a key record that verifiers can read",
)  # fmt: skip
SEVERAL = _rule(
    "DKM011", "dkim-several-records", Severity.ERROR,
    "{name} holds {count} records: verifiers take any of them", "keep one", "RFC 6376 §3.6.2.2",
    GOOD + '\ns1._domainkey TXT "v=spf1 -all"',
    expected="one record",
)  # fmt: skip


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
    Check("dkim.published", "Verifiers can use every key.", domains_with_keys, keys_can_be_used),
)
