"""Options of the silent_names section."""

from __future__ import annotations

from mailconf.model.base import DomainName, Model


class SilentNamesOptions(Model):
    """Names that receive and send no mail."""

    names: tuple[DomainName, ...] = ()
    """Under a domain: relative to it, such as www or shop. Not for aliases (CNAME), which hold no more."""
