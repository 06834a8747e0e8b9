"""Synthetic sites of any size: what the growth of cost is measured with."""

from __future__ import annotations

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
    """How many there are of each; a domain has 3 mailboxes, 4 aliases and 2 DKIM keys."""

    domains: int = 10
    hosts: int = 4
    includes: int = 0
    """Files that the domains are spread over; 0 is one file with everything."""
    aliases: int = 0
    """More aliases, all in the first domain."""
    layers: int = 0
    """Layers of 6 aliases, each to the whole next layer."""
    texts: int = 0
    """TXT records besides, all in the first domain."""
    plugins: str = ""

    def write(self, into: Path) -> Path:
        """Write the spec and its included files; returns the spec."""
        into.mkdir(parents=True, exist_ok=True)
        spec = into / "mailconf.yaml"
        bodies = [self._domain(number) for number in range(self.domains)]
        head = f"version: 1\n{self.plugins}hosts:\n{self._hosts()}"
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
        mx = "".join(_host(number, "mx") for number in range(self.hosts - 2))
        store = _host(self.hosts - 2, "mailstore, submission, web")
        return mx + store + _host(self.hosts - 1, "relay")

    def _domain(self, number: int) -> str:
        name = f"d{number}.example"
        first = number == 0
        return DOMAIN.format(
            name=name,
            key=RSA,
            aliases="".join(self._aliases()) if first else "",
            texts=self._texts() if first else "",
        )

    def _aliases(self) -> list[str]:
        plain = [f"      a{number}: alice\n" for number in range(self.aliases)]
        layered = [
            f"      l{layer}-{number}: [{', '.join(_below(layer, self.layers))}]\n"
            for layer in range(self.layers)
            for number in range(WIDTH)
        ]
        return plain + layered

    def _texts(self) -> str:
        if not self.texts:
            return ""
        lines = [f"        - word-{number}\n" for number in range(self.texts)]
        return f"    texts:\n      values:\n{''.join(lines)}"


WIDTH = 6
NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
DOMAIN = """\
  {name}:
    mailboxes:
      alice: {{password: ref+env://ALICE}}
      bob: {{password: ref+env://BOB, quota: 2G}}
      carol: {{password: ref+env://CAROL}}
    aliases:
      postmaster: alice
      abuse: alice
      info: [alice, bob]
      sales: carol
{aliases}    dkim:
      selectors:
        s1: {{type: rsa, public_key: {key}, private_key: ref+file://keys/{name}.s1}}
        s2: {{type: rsa, state: published, public_key: {key}, private_key: ref+file://keys/{name}.s2}}
    dmarc: {{policy: quarantine, reports: ['mailto:dmarc@{name}']}}
    mta_sts: {{mode: enforce}}
    tls_rpt: {{reports: ['mailto:tls@{name}']}}
{texts}"""


def _host(number: int, roles: str) -> str:
    address = f"{NETWORKS[number % 3]}.{1 + number // 3}"
    return f"  h{number}: {{hostname: h{number}.mail.example, addresses: [{address}], roles: [{roles}]}}\n"


def _below(layer: int, layers: int) -> list[str]:
    if layer + 1 == layers:
        return ["alice"]
    return [f"l{layer + 1}-{number}" for number in range(WIDTH)]
