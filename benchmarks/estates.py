"""Synthetic sites of any size: what the growth of cost is measured with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RSA = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA1QcHJMppHwsglj9xMC0UW40KF/UfFNnqKAukWa06TtEldHOOj3p1"
    "xpgt3XY6Km0SDhwie3e1rgSb2Whgy8zruS9H8o+WtIk9Xz+Nx2mCkH06YpjEFciNpa7650xUL5elEgnBT98DXvZKxQ1ZNlg+"
    "6qnL1aD0SV4RJmHNbiGed4zR70zHWLH8lgjm/RsuMU54+VtezCPZBNKvgCi7tpg9RgguKUlZmKpEi9H3kcbdd99k7dNrWpsW"
    "QKjKpCxFA1QL7y5hB40pUqHO5SEUw5aDFeInukDo0H6w/m3ItyQVmbooDw6ZZCcTp5AfuPEWsPhzZryNCdjkyXD5IdIyTyWY"
    "kwIDAQAB"
)


@dataclass(frozen=True, slots=True)
class Estate:
    """How many there are of each; a domain has 3 mailboxes, 4 aliases and 2 DKIM keys.

    What is more than that, all the first domain has.
    """

    domains: int = 10
    hosts: int = 4
    """Two MX hosts and more, a store with submission and web, a relay."""
    stores: int = 0
    """More stores."""
    includes: int = 0
    """Files that the domains are spread over; 0 is one file with everything."""
    mailboxes: int = 0
    """More mailboxes, that may all send as sales."""
    aliases: int = 0
    layers: int = 0
    """Layers of 6 aliases, each to one of the next layer: to several, recipients would multiply."""
    circle: int = 0
    """Aliases, each to the next, and the last to the first."""
    texts: int = 0
    """TXT records besides."""
    senders: int = 0
    """Others that send, each with a DKIM key of its own."""
    mail: str = ""
    """What the first domain's mail is, where it is not hosted."""
    busy: bool = False
    """Whether domains have client names of their own, and reports go to the first one."""
    plugins: str = ""

    def write(self, into: Path) -> Path:
        """Write the spec and its included files; returns the spec."""
        into.mkdir(parents=True, exist_ok=True)
        spec = into / "mailconf.yaml"
        bodies = [self._domain(number) for number in range(self.domains)]
        head = (
            f"version: 1\nsystem_mail: postmaster@d0.example\n{self.plugins}hosts:\n{self._hosts()}"
        )
        if not self.includes:
            spec.write_text(f"{head}domains:\n{''.join(bodies)}", encoding="utf-8")
            return spec
        spec.write_text(f"{head}include: ['domains.d/*.yaml']\n", encoding="utf-8")
        (into / "domains.d").mkdir(exist_ok=True)
        for number in range(self.includes):
            text = f"domains:\n{''.join(bodies[number :: self.includes])}"
            (into / "domains.d" / f"{number:05}.yaml").write_text(text, encoding="utf-8")
        return spec

    def _hosts(self) -> str:
        roles = ["mx"] * (self.hosts - 2)
        roles += ["mailstore, submission, web", "relay", *(["mailstore"] * self.stores)]
        return "".join(_host(number, role) for number, role in enumerate(roles))

    def _domain(self, number: int) -> str:
        name, is_first = f"d{number}.example", number == 0
        return DOMAIN.format(
            name=name,
            key=RSA,
            reports="d0.example" if self.busy else name,
            client=f"    client_host: imap.{name}\n" if self.busy else "",
            store=f"    mail: {self.mail}\n"
            if is_first and self.mail
            else f"    store: h{self.hosts - 2}\n",
            mailboxes="".join(self._mailboxes()) if is_first else "",
            aliases="".join(self._aliases()) if is_first else "",
            rest=f"{self._texts()}{self._senders()}" if is_first else "",
        )

    def _mailboxes(self) -> Iterator[str]:
        for number in range(self.mailboxes):
            yield f"      m{number}: {{password: ref+env://M, send_as: [sales]}}\n"

    def _aliases(self) -> Iterator[str]:
        for number in range(self.aliases):
            yield f"      a{number}: alice\n"
        for number in range(self.circle):
            yield f"      c{number}: c{(number + 1) % self.circle}\n"
        for layer in range(self.layers):
            for number in range(WIDTH):
                yield f"      l{layer}-{number}: [{_below(layer, self.layers, number)}]\n"

    def _texts(self) -> str:
        lines = "".join(f"        - word-{number}\n" for number in range(self.texts))
        return f"    texts:\n      values:\n{lines}" if lines else ""

    def _senders(self) -> str:
        lines = "".join(SENDER.format(number=number) for number in range(self.senders))
        return f"    senders:\n{lines}" if lines else ""


WIDTH = 6
NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
SENDER = "      - {{include: spf{number}.sender.example, dkim: {{x{number}: k{number}.sender.example}}}}\n"
DOMAIN = """\
  {name}:
{store}{client}    mailboxes:
      alice: {{password: ref+env://ALICE}}
      bob: {{password: ref+env://BOB, quota: 2G}}
      carol: {{password: ref+env://CAROL}}
{mailboxes}    aliases:
      postmaster: alice
      abuse: alice
      info: [alice, bob]
      sales: carol
{aliases}    dkim:
      selectors:
        s1: {{type: rsa, public_key: {key}, private_key: ref+file://keys/{name}.s1}}
        s2: {{type: rsa, state: published, public_key: {key}, private_key: ref+file://keys/{name}.s2}}
    dmarc: {{policy: quarantine, reports: ['mailto:dmarc@{reports}']}}
    mta_sts: {{mode: enforce}}
    tls_rpt: {{reports: ['mailto:tls@{name}']}}
{rest}"""


def _host(number: int, roles: str) -> str:
    address = f"{NETWORKS[number % 3]}.{1 + number // 3}"
    return f"  h{number}: {{hostname: h{number}.mail.example, addresses: [{address}], roles: [{roles}]}}\n"


def _below(layer: int, layers: int, number: int) -> str:
    return "alice" if layer + 1 == layers else f"l{layer + 1}-{number}"
