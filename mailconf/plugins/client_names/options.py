"""Options of the client_names section."""

from __future__ import annotations

from mailconf.model.base import HostName, Model


class ClientNamesOptions(Model):
    """Servers of yours that answer under a domain's well-known names; no record without."""

    autodiscover: HostName | None = None
    """Who speaks Autodiscover for Outlook: an alias and a service record lead there."""
    ua_auto_config: HostName | None = None
    """Who serves user-agent-configuration.json (draft-ietf-mailmaint-pacc); its digest is your part."""
