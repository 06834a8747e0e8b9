"""dovecot.conf read back, in either dialect: settings and blocks in blocks."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from mailconf.model.artifact import Package
from tests.plugins.rendering import Site

CONF = "etc/dovecot/dovecot.conf"
OLD, NEW = "debian-12", "debian-13"
BOTH = pytest.mark.parametrize("target", [OLD, NEW])


@dataclass
class Block:
    """What stands between braces, or the whole file."""

    head: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)

    def all(self, head: str) -> list[Block]:
        """Return the blocks whose head starts with these words."""
        return [b for b in self.blocks if b.head == head or b.head.startswith(f"{head} ")]

    def one(self, head: str) -> Block:
        """Return the block of a head, which must be there; Dovecot merges those of one head."""
        found = [block for block in self.blocks if block.head == head] or self.all(head)
        (name,) = {block.head for block in found}
        settings = {key: value for block in found for key, value in block.settings.items()}
        return Block(name, settings, [inner for block in found for inner in block.blocks])

    def plugin(self) -> dict[str, str]:
        """Return what all `plugin` blocks of 2.3 say together."""
        return {k: v for block in self.all("plugin") for k, v in block.settings.items()}


def parsed(text: str) -> Block:
    """Read a dovecot.conf in which every brace stands at the end of a line or alone."""
    stack = [Block()]
    for line in map(str.strip, text.splitlines()):
        if line == "}":
            stack.pop()
        elif line.endswith("{"):
            block = Block(line.removesuffix("{").strip())
            stack[-1].blocks.append(block)
            stack.append(block)
        elif line and not line.startswith("#"):
            name, _, value = line.partition("=")
            stack[-1].settings[name.strip()] = value.strip()
    (whole,) = stack
    return whole


def conf(site: Site, host: str = "mail") -> Block:
    """Return the dovecot.conf of a host."""
    return parsed(site.text(CONF, host))


def listeners(whole: Block) -> dict[str, dict[str, dict[str, str]]]:
    """Return the settings of every listener of every login service that clients reach."""
    heads = {block.head for block in whole.all("service") if block.head.endswith("-login")}
    return {
        head.removeprefix("service "): {
            inet.head.removeprefix("inet_listener "): inet.settings
            for inet in whole.one(head).blocks
        }
        for head in sorted(heads - {"service imap-urlauth-login"})
    }


def packages(site: Site, host: str = "mail") -> list[str]:
    """Return the packages that a host's Dovecot needs."""
    needs = site.file(CONF, host).order.needs
    return sorted(need.name for need in needs if isinstance(need, Package))
