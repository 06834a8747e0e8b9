"""Options of the dkim section."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from mailconf.formats.dkim import KeyType
from mailconf.model.base import SELECTOR, Model
from mailconf.model.secret import SecretRef

SelectorName = Annotated[str, Field(pattern=SELECTOR)]


class Selector(Model):
    """One key: `active` signs, `published` waits in DNS, `retired` stays for mail under way."""

    state: Literal["published", "active", "retired"] = "active"
    created: date | None = None
    type: KeyType = "rsa"
    """An Ed25519 key signs besides an RSA key, never alone: not everybody verifies it (RFC 8463)."""
    public_key: str = ""
    """Base64 of the record's p=; `mailconf keys new` writes it into the key file."""
    private_key: SecretRef | None = None


class DkimOptions(Model):
    """DKIM: keys by selector, and which daemon signs."""

    signer: Literal["opendkim", "rspamd"] = "opendkim"
    selectors: dict[SelectorName, Selector] = {}
