"""What the target's Postfix does not know, warns about, or has lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailconf.formats import postfix_parameters as known
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.plugins.postfix.reviews.reading import Reading

BERKELEY = re.compile(r"\b(hash|btree):")
# Postfix's own default is no Berkeley DB from here on (NON_BERKELEYDB_README).
WITHOUT_BERKELEY = (3, 11)

UNKNOWN = Rule(
    code="PFX003",
    name="postfix-parameter-unknown",
    severity=Severity.ERROR,
    message="Postfix {version} has no parameter {name}{since}",
    fix="remove it, or set target: to a release that has it",
    ref="postconf(5), RELEASE_NOTES",
    bad="smtpd_hello_required = yes",
    good="smtpd_helo_required = yes",
    language="main.cf",
)
DEPRECATED = Rule(
    code="PFX004",
    name="postfix-parameter-deprecated",
    severity=Severity.WARNING,
    message="{name} is deprecated in Postfix {version}{instead}",
    fix="remove {name}",
    ref="DEPRECATION_README",
    bad="smtpd_use_tls = yes",
    good="smtpd_tls_security_level = may",
    language="main.cf",
)
NO_BERKELEY = Rule(
    code="PFX005",
    name="postfix-berkeley-db",
    severity=Severity.WARNING,
    message="{name} is {value!r}; Postfix {version} may be built without Berkeley DB",
    fix="use texthash:, lmdb: or cdb:",
    ref="NON_BERKELEYDB_README",
    bad="transport_maps = hash:/etc/postfix/transport",
    good="transport_maps = texthash:/etc/postfix/transport",
    language="main.cf",
)
LEVEL = Rule(
    code="PFX006",
    name="postfix-compatibility-level",
    severity=Severity.WARNING,
    message="compatibility_level is {value}; the target supports at most {version}",
    fix="set compatibility_level = {version}",
    ref="COMPATIBILITY_README",
    bad="compatibility_level = 3.99",
    good="compatibility_level = 3.6",
    language="main.cf",
)


def versions(seen: Reading) -> Iterator[Finding]:
    """Yield parameters and table types that do not fit the target, in either file."""
    version = seen.target.version("postfix")
    own = seen.references | set(seen.words("smtpd_restriction_classes"))
    for name, value in seen.values.items():
        if not known.is_known(name, seen.version) and name not in own:
            since = f"; it exists in {known.first_version(name)}" if known.exists(name) else ""
            yield seen.found(UNKNOWN, name=name, version=version, since=since)
        elif known.is_deprecated(name, seen.version):
            better = known.replacement(name)
            instead = f", in favour of {better}" if better else ""
            yield seen.found(DEPRECATED, name=name, version=version, instead=instead)
        if BERKELEY.search(value) and seen.version >= WITHOUT_BERKELEY:
            yield seen.found(NO_BERKELEY, name=name, value=value, version=version)


def level(seen: Reading) -> Iterator[Finding]:
    """Yield a compatibility level that the target has not reached, in main.cf."""
    value, version = seen.values.get("compatibility_level", "0"), seen.target.version("postfix")
    numbers = tuple(int(part) for part in value.split(".") if part.isdigit())
    if not any(numbers) or numbers[:2] > version.numbers[:2]:
        yield seen.found(LEVEL, value=value, version=version.minor)
