"""The rendered scripts of nsupdate, given to a BIND; the first process of a lab's namespaces.

`python -m tests.lab.updates RELEASE` prints, by example and zone, what is wanted there and what
there is, after the first time and after the second.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailconf.engine.build import build
from mailconf.engine.load import load
from mailconf.engine.parse import parse
from mailconf.engine.registry import discover
from mailconf.engine.render import Renderer
from mailconf.lab.boot import Setup, make_machine
from mailconf.lab.log import LabLog
from mailconf.lab.machine import Machine
from mailconf.lab.network import make_switch
from mailconf.lab.rootfs import install, mount_base
from mailconf.lab.site import LabFile
from mailconf.model.outcome import Build
from mailconf.model.target import RELEASES
from mailconf.model.zone import Zone, zones

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("quickstart", "protocols", "hosting", "university")
NAME_SERVER = "ns.mailconf-lab.example."
FIRST_PORT, SCRIPT = 5300, "/tmp/script"
CONFIGURATION = """
include "/etc/bind/lab.key";
controls { };
options {
  directory "/var/cache/bind"; pid-file none; session-keyfile none; recursion no; dnssec-validation no;
  listen-on port %d { 127.0.0.1; }; listen-on-v6 { none; };
  allow-transfer { 127.0.0.1; };
};
"""
ZONE = 'zone "%s" { type primary; file "%s"; allow-update { key lab; }; };\n'
# What is there before: of others, of ours as it was, and what stands where an alias is wanted.
FOREIGN = (
    ("www", "A", "203.0.113.80"),
    ("@", "TXT", '"site-verification=0815"'),
    ("_sip._tcp", "SRV", "0 5 5060 www"),
)
OLD = (
    ("@", "MX", "10 old-mx.example.net."),
    ("_dmarc", "TXT", '"v=DMARC1; p=none"'),
    ("autoconfig", "A", "203.0.113.81"),
    ("mta-sts", "CNAME", "www"),
)


@dataclass(frozen=True)
class Server:
    """BIND on the one machine of this lab."""

    machine: Machine
    port: int

    @property
    def configuration(self) -> str:
        return f"/etc/bind/named-{self.port}.conf"

    def start(self, wanted: list[Zone]) -> None:
        made = self.machine.run("tsig-keygen", "lab")
        install(self.machine.root, "/etc/bind/lab.key", LabFile(made.output + "\n"))
        text = CONFIGURATION % self.port
        for number, zone in enumerate(wanted):
            file = f"/var/cache/bind/{self.port}-{number}.zone"
            install(self.machine.root, file, LabFile(before(zone)))
            text += ZONE % (zone.apex, file)
        install(self.machine.root, self.configuration, LabFile(text))
        self.machine.spawn(self.port, "named", "-g", "-c", self.configuration)

    def update(self, script: str) -> str:
        """Run a script as its head says; return what nsupdate has to say."""
        text = f"server 127.0.0.1 {self.port}\n{script}"
        install(self.machine.root, SCRIPT, LabFile(text))
        done = self.machine.run("nsupdate", "-k", "/etc/bind/lab.key", SCRIPT)
        return f"{done.status} {done.output}{done.errors}".strip()

    def records(self, apex: str) -> list[str]:
        """Return a zone without its SOA and NS, spelled as BIND does."""
        command = (
            "dig",
            "@127.0.0.1",
            "-p",
            str(self.port),
            apex,
            "AXFR",
            "+noall",
            "+answer",
            "+onesoa",
        )
        return records(self.machine.run(*command).output)

    def spelled(self, zone: Zone) -> list[str]:
        """Return the wanted records as BIND spells them."""
        head = f"$ORIGIN {zone.apex}\n@ 300 IN SOA {NAME_SERVER} h.example.net. 1 2 3 4 5\n@ 300 IN NS {NAME_SERVER}\n"
        text = head + "".join(f"{record}\n" for record in zone.records)
        install(self.machine.root, SCRIPT, LabFile(text))
        done = self.machine.run(
            "named-checkzone",
            "-q",
            "-i",
            "none",
            "-k",
            "ignore",
            "-o",
            "-",
            "-D",
            zone.apex,
            SCRIPT,
        )
        return records(done.output)


def records(text: str) -> list[str]:
    """Return the records of a zone but SOA and NS, in one spelling."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    told = (line for line in lines if line and not line.startswith(";"))
    return sorted(line for line in told if line.split()[3] not in {"SOA", "NS"})


def before(zone: Zone) -> str:
    """Return a zone with other people's records and old ones of ours."""
    lines = [f"$ORIGIN {zone.apex}", "$TTL 300", f"@ SOA {NAME_SERVER} h.example.net. 1 2 3 4 5"]
    lines += [f"@ NS {NAME_SERVER}"]
    ours: dict[str, set[str]] = defaultdict(set)
    for record in zone.records:
        ours[zone.label_of(record)].add(record.type)
    # A name where we have nothing of the kind, and no alias, is nobody's to clean up.
    old = [r for r in OLD if ours[r[0]] & {r[1], "CNAME"} or (ours[r[0]] and r[1] == "CNAME")]
    others = [r for r in FOREIGN if not ours[r[0]] & {r[1], "CNAME"} or r[1] == "TXT"]
    lines += [" ".join(record) for record in (*old, *others)]
    return "\n".join(lines) + "\n"


def built(name: str) -> Build:
    loaded = load(EXAMPLES / name / "mailconf.yaml")
    loaded.data.setdefault("plugins", {})["nsupdate"] = {"enabled": True}
    return build(parse(loaded, discover(loaded.data["plugins"])), Renderer())


def machine(release: str) -> Machine:
    mount_base()
    make_switch()
    journal = LabLog()
    made = make_machine(journal, Setup("dns", "ns.example.net", (), RELEASES[release]))
    journal.start()
    return made


def observed(server: Server, found: Build, wanted: list[Zone]) -> Iterator[tuple[str, Any]]:
    scripts = {
        a.order.path.name: a.text for a in found.artifacts if "nsupdate" in a.order.path.parts
    }
    for zone in wanted:
        said, first = server.update(scripts[zone.name]), server.records(zone.apex)
        said += server.update(scripts[zone.name])
        seen = {"wanted": server.spelled(zone), "first": first, "second": server.records(zone.apex)}
        yield zone.name, {"said": said, **seen}


def main(release: str) -> None:
    builds = {name: built(name) for name in NAMES}
    wanted = {name: list(zones(one.spec, one.records)) for name, one in builds.items()}
    told, host = {}, machine(release)
    for port, (name, one) in enumerate(builds.items(), FIRST_PORT):
        server = Server(host, port)
        server.start(wanted[name])
        told[name] = dict(observed(server, one, wanted[name]))
    sys.stdout.write(json.dumps(told, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
