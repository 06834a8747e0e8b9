"""Specs on disk, and what the engine makes of them."""

from pathlib import Path

from mailconf.engine.build import build, read
from mailconf.engine.parse import Parsed
from mailconf.engine.render import Renderer
from mailconf.model.finding import Finding
from mailconf.model.outcome import Build

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.parent for path in ROOT.glob("examples/*/mailconf.yaml"))
GOOD = """\
version: 1
hosts:
  mail: {hostname: mail.example.org, addresses: [192.0.2.25]}
domains:
  example.org:
    mailboxes: {alice: {}}
    aliases: {postmaster: alice, abuse: alice}
"""


def written(directory: Path, text: str = GOOD, name: str = "mailconf.yaml") -> Path:
    file = directory / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def parsed(directory: Path, text: str = GOOD) -> Parsed:
    return read(written(directory, text))


def built(directory: Path, text: str = GOOD) -> Build:
    return build(parsed(directory, text), Renderer())


def told(finding: Finding) -> str:
    """Return line, column and code of a finding."""
    place = finding.place
    return f"{place.line}:{place.column} {finding.rule.code}" if place else finding.rule.code


def codes(findings: tuple[Finding, ...] | list[Finding]) -> list[str]:
    return sorted(finding.rule.code for finding in findings)
