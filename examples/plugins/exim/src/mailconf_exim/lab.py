"""How the lab starts Exim, and what exim4 -bP says of its file."""

import re
from collections.abc import Iterator

from mailconf.api import EffectiveConfig, LabMachine, LabService, LabSupport
from mailconf_exim.checks import CHECKS
from mailconf_exim.files import CONFIG, DROP_IN

PREPARE = re.compile(r"^ExecStartPre=(.+)$", re.MULTILINE)
SETTING = re.compile(r"^([a-z_0-9]+)(?: = (.*))?$", re.MULTILINE)
MAIN = re.compile(r"^begin ", re.MULTILINE)
INTERVAL = "-q30m"
"""Between queue runs, as Debian's unit has it."""


def _start(machine: LabMachine) -> None:
    if machine.run("test", "-e", f"/{DROP_IN}").status == 0:
        for command in PREPARE.findall(machine.read(f"/{DROP_IN}")):
            machine.start(*command.split())
    machine.start("exim4", "-bd", INTERVAL)


def _differences(machine: LabMachine, text: str) -> Iterator[tuple[str, str, str]]:
    """Compare the main section; lists that the file names itself are no settings."""
    main = MAIN.split(text.replace("\\\n", ""))[0]
    used = dict(SETTING.findall(machine.run("exim4", "-bP").output))
    for name, meant in SETTING.findall(main):
        found = used.get(name, "nothing")
        if " ".join(found.split()) != " ".join(meant.split()):
            yield name, meant, found


LAB = LabSupport(
    services=(LabService("exim4", _start, "mta"),),
    effective_configs=(EffectiveConfig(f"/{CONFIG}", _differences),),
    checks=CHECKS,
)
