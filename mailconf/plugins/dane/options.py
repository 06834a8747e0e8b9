"""Options of the dane section."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from mailconf.model.base import Model

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$", to_lower=True)]
"""SHA-256 of a public key (SubjectPublicKeyInfo), 64 hexadecimal digits."""


class DaneOptions(Model):
    """DANE for SMTP; the zones of hosts and domains must be signed with DNSSEC."""

    keys: tuple[Digest, ...] = ()
    """Under a host: the key in use and the next one, as `mailconf keys digest FILE` prints them."""

    @property
    def digests(self) -> tuple[str, ...]:
        """What TLSA records name, whatever the state of the key."""
        return self.keys
