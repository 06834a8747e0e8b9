"""octoDNS takes the files as they are, and reads from them what we mean."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from octodns.provider.yaml import YamlProvider
from octodns.zone import Zone

from mailconf.plugins.octodns import plugin
from tests.plugins.publishing import EVERY, published

FILES = published(plugin, enabled=True)
NAMES = [path.removeprefix("octodns/").removesuffix(".yaml") for path in FILES]


def laid_out(directory: Path) -> Path:
    """Lay the files out for octoDNS, with the configuration that the documentation shows."""
    for path, text in FILES.items():
        file = directory / path
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    config = {
        "providers": {
            "mailconf": {
                "class": "octodns.provider.yaml.YamlProvider",
                "directory": str(directory / "octodns"),
                "escaped_semicolons": True,
            },
            "out": {
                "class": "octodns.provider.yaml.YamlProvider",
                "directory": str(directory / "out"),
                "escaped_semicolons": True,
            },
        },
        "zones": {f"{name}.": {"sources": ["mailconf"], "targets": ["out"]} for name in NAMES},
    }
    (directory / "config.yaml").write_text(yaml.safe_dump(config))
    return directory / "config.yaml"


def test_octodns_validates_them(tmp_path: Path) -> None:
    config = laid_out(tmp_path)
    command = [sys.executable, "-m", "octodns.cmds.validate", "--config-file", str(config)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_octodns_reads_what_we_mean(tmp_path: Path) -> None:
    laid_out(tmp_path)
    provider = YamlProvider("mailconf", str(tmp_path / "octodns"), escaped_semicolons=True)
    found = set()
    for name in NAMES:
        zone = Zone(f"{name}.", [])
        provider.populate(zone)
        for record in zone.records:
            values = getattr(record, "values", None) or [record.value]
            found |= {(record.fqdn, record._type, said(value), record.ttl) for value in values}
    plain = {(name, rtype, text.replace('"', ""), ttl) for name, rtype, text, ttl in EVERY}
    assert found == plain


def said(value: Any) -> str:
    """Return a value as octoDNS would hand it to a provider, without quotes and escapes."""
    text: str = value.to_rdata_text()
    return text.replace('" "', "").replace('\\"', "").replace('"', "")


def test_nothing_is_written_unless_it_is_wanted() -> None:
    assert published(plugin) == {}
