"""TLSRPT records (RFC 8460 §3): where reports on TLS failures go."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailconf.formats.error import FormatError
from mailconf.formats.tags import EXTENSION_NAME, Field, Grammar, fields, print_tags
from mailconf.formats.uris import is_uri

GRAMMAR = Grammar("RFC 8460 §3 tlsrpt-record", EXTENSION_NAME, tight=True)
EXTENSION_VALUE = re.compile(r"[\x21-\x3a\x3c\x3e-\x7e]+")
# §3: what separates URIs and fields must be encoded in them.
SEPARATORS = re.compile(r"[,!;]")
SCHEMES = ("mailto", "https")


@dataclass(frozen=True, slots=True)
class TlsRptRecord:
    """The record at _smtp._tls.<domain>; `rua` are mailto: and https: URIs."""

    rua: tuple[str, ...]

    def __str__(self) -> str:
        return print_tags({"v": "TLSRPTv1", "rua": ",".join(self.rua)})

    @classmethod
    def parse(cls, text: str) -> TlsRptRecord:
        """Read a record; extensions are ignored, several rua fields count together."""
        found = list(fields(text, GRAMMAR))
        if found[0].name != "v" or found[0].value != "TLSRPTv1" or found[0].start:
            raise FormatError("must start with v=TLSRPTv1", 0, "RFC 8460 §3 tlsrpt-version")
        for field in found[1:]:
            if field.name != "rua" and not EXTENSION_VALUE.fullmatch(field.value):
                message = f"{field.name}={field.value} is not an extension"
                raise FormatError(message, field.position, "RFC 8460 §3 tlsrpt-extension")
        uris = [uri for field in found[1:] if field.name == "rua" for uri in _uris(field)]
        if not uris:
            raise FormatError(
                "rua is missing, so no reports are sent", len(text), "RFC 8460 §3 tlsrpt-rua"
            )
        return cls(tuple(uris))


def _uris(field: Field) -> list[str]:
    uris = [part.strip(GRAMMAR.space) for part in field.value.split(",")]
    for uri in uris:
        if not is_uri(uri, *SCHEMES) or SEPARATORS.search(uri):
            message = f"{uri!r} is no mailto: or https: URI"
            raise FormatError(message, field.position, "RFC 8460 §3 tlsrpt-uri")
    return uris
