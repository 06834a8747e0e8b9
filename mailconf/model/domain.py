"""A domain as the operator describes it: who receives mail there, and how it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from mailconf.formats.address import without_extension
from mailconf.model.address import SenderAddress, TargetAddress
from mailconf.model.base import (
    SENDER_SELECTOR,
    AliasName,
    DomainName,
    HostKey,
    HostName,
    Kind,
    LocalPart,
    Model,
    Octets,
    Read,
)
from mailconf.model.endpoint import SpecNetwork
from mailconf.model.host import Tls
from mailconf.model.secret import SecretRef

NAME = "<name>"
"""How the parser hands a domain its own name."""


class Mailbox(Model):
    """An account that receives mail and can log in when it has a password."""

    password: SecretRef | None = None
    quota: Octets | None = None
    send_as: tuple[SenderAddress, ...] = ()
    """Addresses besides its own and its aliases' that it may send from; `@domain` is all there."""


def _full(name: str) -> str:
    if "." not in name:
        raise ValueError("a full name such as s1._domainkey.sender.example, this is one label")
    return name


FullName = Annotated[DomainName, AfterValidator(_full)]
"""A name in DNS of two labels at least."""


class Sender(Model):
    """A third party that sends in a domain's name: by address, or by the SPF record it publishes."""

    addresses: tuple[SpecNetwork, ...] = ()
    include: FullName | None = None
    dkim: dict[Annotated[str, Field(pattern=SENDER_SELECTOR)], FullName] = {}
    """Selectors here that are aliases of the sender's own keys."""


SUBMISSIONS_PORT = 465


class Smarthost(Model):
    """Provider that relays all mail of a domain; implicit TLS on port 465, STARTTLS on other ports."""

    host: HostName
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    username: str = Field(default="", pattern=r"^[^\s:]*$")
    password: SecretRef | None = None

    @property
    def next_hop(self) -> str:
        """The provider as Postfix names it: by its own address, not by its MX (transport(5))."""
        return f"[{self.host}]:{self.port}"

    @property
    def is_implicit_tls(self) -> bool:
        """Tell whether the provider waits for TLS before it says anything (RFC 8314 §3.3)."""
        return self.port == SUBMISSIONS_PORT


TENANT = r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*)?$"


class Provider(Model):
    """Where mail lives when it does not live here."""

    name: Literal["google-workspace", "microsoft-365"]
    tenant: Annotated[str, Field(pattern=TENANT)] = ""
    """Microsoft 365: `contoso` of contoso.onmicrosoft.com, or the whole name below which its keys are."""

    @property
    def spf(self) -> str:
        """The SPF record that covers the provider's own hosts."""
        return PROVIDERS[self.name].spf

    def dkim(self, domain: str) -> dict[str, str]:
        """Return the names of the provider's keys by selector, where they follow from the tenant."""
        below = self.tenant if "." in self.tenant else f"{self.tenant}.onmicrosoft.com"
        dashed = domain.replace(".", "-")
        selectors = PROVIDERS[self.name].selectors if self.tenant else ()
        return {name: f"{name}-{dashed}._domainkey.{below}" for name in selectors}

    def mx(self, domain: str) -> tuple[int, str]:
        """Return preference and host name of the MX that the provider gives a domain."""
        preset = PROVIDERS[self.name]
        return preset.preference, preset.mx.format(domain=domain.replace(".", "-"))


@dataclass(frozen=True, slots=True)
class Preset:
    """What a provider documents for the DNS of its customers."""

    spf: str
    preference: int
    mx: str
    selectors: tuple[str, ...] = ()
    """DKIM selectors at a customer's domain that are aliases of the provider's keys."""


# support.google.com/a/answer/174125 and learn.microsoft.com/microsoft-365/admin/dns, 2026.
PROVIDERS = {
    "google-workspace": Preset("_spf.google.com", 1, "smtp.google.com"),
    "microsoft-365": Preset(
        "spf.protection.outlook.com",
        0,
        "{domain}.mail.protection.outlook.com",
        ("selector1", "selector2"),
    ),
}


PROVIDER_SCHEMA = {
    "anyOf": [
        {"enum": sorted(PROVIDERS)},
        {
            "type": "object",
            "properties": {"name": {"enum": sorted(PROVIDERS)}, "tenant": {"type": "string"}},
            "required": ["name"],
            "additionalProperties": False,
        },
        {"type": "null"},
    ]
}


def _provider(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


TARGETS_SCHEMA = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}
Targets = Annotated[
    tuple[TargetAddress, ...],
    BeforeValidator(_one_or_many),
    Field(min_length=1),
    WithJsonSchema(TARGETS_SCHEMA),
]


OF_HOSTED = Read(of=("hosted",))
OF_SENDERS = Read(of=("hosted", "send-only"))


class Domain(Model):
    """A domain whose mail or DNS this spec manages."""

    name: str = Field(default="", alias=NAME, exclude=True)
    mail: Literal["hosted", "send-only", "none"] = "hosted"
    provider: Annotated[
        Provider | None, BeforeValidator(_provider), WithJsonSchema(PROVIDER_SCHEMA)
    ] = None
    """Mail lives with a hosted service; only DNS and client files are ours."""
    mx: Annotated[dict[HostKey, Annotated[int, Field(ge=0, le=65535)]], OF_SENDERS] = {}
    """Preference by host key; without it every MX host, equally, and backup hosts after them."""
    store: Annotated[HostKey | None, OF_HOSTED] = None
    """The mail store, where there are several; by default the first."""
    mailboxes: dict[LocalPart, Mailbox] = {}
    aliases: dict[AliasName, Targets] = {}
    catch_all: Annotated[Targets | None, OF_HOSTED] = None
    """Who gets mail to addresses that do not exist."""
    senders: tuple[Sender, ...] = ()
    smarthost: Annotated[Smarthost | None, Read(of=("hosted", "send-only"))] = None
    client_host: Annotated[HostName | None, OF_HOSTED] = None
    """The name that this domain's users give their mail program; by default the host's own."""
    tls: Annotated[Tls | None, OF_HOSTED] = None
    """The certificate for `client_host`, chosen by SNI; by default the host's covers it too."""

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> Kind:
        """What the domain is to this site: `none` is parked, whatever else is said of it."""
        return "provider" if self.provider and self.mail != "none" else self.mail

    @property
    def is_hosted(self) -> bool:
        """Tell whether the domain receives mail here."""
        return self.mail == "hosted" and not self.provider

    @property
    def sends(self) -> bool:
        """Tell whether our hosts send mail in the domain's name."""
        return self.mail != "none" and not self.provider

    def address(self, local: str) -> str:
        """Return a local part as a full address here; a whole address, or `@domain`, as it is."""
        return local if "@" in local else f"{local}@{self.name}"

    def found(self, local: str) -> str:
        """Return the name under which mail to `local` is looked up: its own, else less its extension."""
        return local if self.knows(local) else without_extension(local)

    def knows(self, local: str) -> bool:
        """Tell whether mail to `local` is delivered somewhere, the catch-all aside."""
        return local in self.mailboxes or local in self.aliases
