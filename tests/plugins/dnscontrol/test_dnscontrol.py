"""DNSControl's functions are called with what we mean, as node sees it."""

import json
import subprocess
from pathlib import Path
from typing import Any

from mailconf.plugins.dnscontrol import plugin
from tests.plugins.publishing import EVERY, ZONES, published

(PATH, SCRIPT), *_ = published(plugin, enabled=True).items()
# Each function returns its own call; TTL and CAA_CRITICAL are modifiers.
FUNCTIONS = """
const record = (type) => (...given) => ({type, given});
const [A, AAAA, CAA, CNAME, MX, PTR, SRV, TLSA, TXT] =
    ["A", "AAAA", "CAA", "CNAME", "MX", "PTR", "SRV", "TLSA", "TXT"].map(record);
const TTL = (seconds) => ({ttl: seconds});
const CAA_CRITICAL = {flags: 128};
"""


def evaluated(directory: Path) -> dict[str, list[dict[str, Any]]]:
    file = directory / "evaluate.js"
    file.write_text(FUNCTIONS + SCRIPT + "console.log(JSON.stringify(MAILCONF));\n")
    done = subprocess.run(["node", file], capture_output=True, text=True, check=True)
    found: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)
    return found


def test_it_is_javascript(tmp_path: Path) -> None:
    file = tmp_path / "mailconf.js"
    file.write_text(SCRIPT)
    done = subprocess.run(["node", "--check", file], capture_output=True, text=True, check=False)
    assert (PATH, done.returncode, done.stderr) == ("dnscontrol/mailconf.js", 0, "")


def test_every_record_is_a_call(tmp_path: Path) -> None:
    found = set()
    for name, calls in evaluated(tmp_path).items():
        for call in calls:
            label, *words, ttl = call["given"]
            owner = f"{name}." if label == "@" else f"{label}.{name}."
            found.add((owner, call["type"], as_rdata(call["type"], words), ttl["ttl"]))
    assert found == EVERY


def as_rdata(rtype: str, words: list[Any]) -> str:
    if rtype == "CAA":
        tag, value = words
        return f'0 {tag} "{value}"'
    return " ".join(map(str, words))


def test_every_zone_is_an_array(tmp_path: Path) -> None:
    assert list(evaluated(tmp_path)) == [zone.name for zone in ZONES]


def test_nothing_is_written_unless_it_is_wanted() -> None:
    assert published(plugin) == {}
