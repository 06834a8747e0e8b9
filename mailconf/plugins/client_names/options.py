"""Options of the client_names section."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from mailconf.model.base import HostName, Model

HttpsUrl = Annotated[str, StringConstraints(pattern=r"^https://[A-Za-z0-9.:-]+/[\x21-\x7e]*$")]


class ClientNamesOptions(Model):
    """Servers of yours that answer under a domain's well-known names; no record without."""

    autodiscover: HostName | None = None
    """Who speaks Autodiscover for Outlook: an alias and a service record lead there."""
    ua_auto_config: HostName | None = None
    """Who serves user-agent-configuration.json (draft-ietf-mailmaint-pacc); its digest is your part."""
    apple_profile: HttpsUrl | None = None
    """Where Apple's devices fetch a profile of yours (.mobileconfig), for `verify` to look at."""
