"""What a finished opendkim.conf must not say, whoever changed the template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mailconf.formats.dkim_signature import OVERSIGNED
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host

# `*` is OpenDKIM's own list; what is oversigned and not signed makes every signature fail.
ADDED = ("MIME-Version", "Content-Type", "Content-Transfer-Encoding", "List-Unsubscribe-Post")
SIGNED = ("*", *(f"+{name}" for name in ADDED))
GOOD = (
    "Canonicalization relaxed/relaxed\nSignatureAlgorithm rsa-sha256\n"
    f"OversignHeaders {', '.join(OVERSIGNED)}\nSignHeaders {','.join(SIGNED)}\n"
)
WEAK = Rule(
    code="DKM012",
    name="dkim-signer-weak",
    severity=Severity.WARNING,
    message="{host} signs with {what}: {why}",
    fix="set SignatureAlgorithm rsa-sha256 and Canonicalization relaxed/relaxed, and remove BodyLengths",
    ref="RFC 8301 §3.1, RFC 6376 §8.2",
    bad=GOOD.replace("rsa-sha256", "rsa-sha1"),
    good=GOOD,
    language="opendkim.conf",
)
FIELDS = Rule(
    code="DKM013",
    name="dkim-fields-unprotected",
    severity=Severity.WARNING,
    message="signatures of {host} do not protect {field} against {what}",
    fix=f"set OversignHeaders {', '.join(OVERSIGNED)}, and SignHeaders {','.join(SIGNED)}",
    ref="RFC 6376 §8.15, RFC 8058 §4",
    bad=GOOD.replace("OversignHeaders From, ", "OversignHeaders "),
    good=GOOD,
    language="opendkim.conf",
)


class Reviewer:
    """Reads a host's opendkim.conf back."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def opendkim_conf(self, text: str) -> Iterator[Finding]:
        """Yield what weakens signatures (opendkim.conf(5))."""
        said = _read(text)
        where = ("hosts", self._host.key, "opendkim")
        for what, why in _weak(said):
            yield WEAK.at(self._host.key, where, host=self._host.key, what=what, why=why)
        for field, what in _open(said):
            yield FIELDS.at(self._host.key, where, host=self._host.key, field=field, what=what)


def _read(text: str) -> Mapping[str, str]:
    lines = (line.partition("#")[0].split(None, 1) for line in text.splitlines())
    return {words[0].lower(): words[1].strip() for words in lines if len(words) > 1}


def _weak(said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    algorithm = said.get("signaturealgorithm", "rsa-sha256")
    if algorithm == "rsa-sha1":
        yield algorithm, "verifiers ignore such signatures"
    if said.get("canonicalization", "simple/simple").startswith("simple"):
        yield "canonicalization simple", "relays that refold header fields break the signature"
    if said.get("bodylengths", said.get("bodylengthdb", "no")).lower() not in ("no", "false"):
        yield "a body length (l=)", "text can be appended to signed mail"


def _open(said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    over = {name.strip().lower() for name in said.get("oversignheaders", "").split(",")}
    for field in OVERSIGNED:
        if field.lower() not in over:
            yield field, "a second header field"
    signed = said.get("signheaders", "").lower()
    for field in ADDED:
        if f"+{field.lower()}" not in signed:
            yield field, "modification"
