"""Options of the client_names section."""

from __future__ import annotations

from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, StringConstraints

from mailconf.model.base import HostName, Model, Read

URL = r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[\x21-\x7e]*$"


def _reachable(url: str) -> str:
    try:
        urlsplit(url).port  # noqa: B018, it is the reading that fails
    except ValueError:
        raise ValueError("an https URL with a port up to 65535") from None
    return url


HttpsUrl = Annotated[str, StringConstraints(pattern=URL), AfterValidator(_reachable)]


class ClientNamesOptions(Model):
    """Servers of yours that answer under a domain's well-known names; no record without."""

    READ: ClassVar = Read(at=("domains",), of=("hosted", "provider"))
    autodiscover: HostName | None = None
    """Who speaks Autodiscover for Outlook: an alias and a service record lead there."""
    ua_auto_config: HostName | None = None
    """Who serves user-agent-configuration.json (draft-ietf-mailmaint-pacc); its digest is your part."""
    apple_profile: Annotated[HttpsUrl | None, Read(at=("domains",), of=("hosted",))] = None
    """Where Apple's devices fetch a profile of yours (.mobileconfig), for `verify` to look at."""
