"""A site with a fault, booted and proved; run as the first process of a lab's namespaces.

`python -m tests.lab.broken FAULT SPEC` prints the report as JSON, or what the boot said.
"""

import sys
from pathlib import Path

from mailconf.engine.load import load, retargeted
from mailconf.engine.render import Renderer
from mailconf.lab.faults import BootError
from mailconf.lab.prove import Prover
from mailconf.report.json import render
from tests.lab.faults import FAULTS, FLEET_FAULTS, NEW_DIALECT, NEW_DIALECT_FAULTS


def main(fault: str, spec: Path) -> None:
    prover = Prover(spec, lambda _step: None)
    loaded = load(spec)
    if fault in NEW_DIALECT_FAULTS:
        loaded = retargeted(loaded, NEW_DIALECT)
    try:
        report = prover.run(loaded, Renderer(), (FAULTS | FLEET_FAULTS | NEW_DIALECT_FAULTS)[fault])
    except BootError as why:
        sys.exit(f"boot: {why}")
    sys.stdout.write(render(report))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
