"""Put a packed image into the cache, as a build does; the first process of namespaces.

`python -m tests.lab.unpacked RELEASE PACKED`: an ordinary user's build takes minutes, this a moment.
"""

import os
import sys
from pathlib import Path

from mailconf.lab.confine import start_cell
from mailconf.lab.ids import machine_ids
from mailconf.lab.image import image

SHOWN = "/srv"


def pack(root: Path, packed: Path) -> None:
    """Pack an image with the ids that its machines see."""
    with packed.open("wb") as archive:
        cell = start_cell(
            "image",
            SHOWN,
            *("tar", "--warning=none", "-C", SHOWN, "-c", "."),
            cwd=root,
            errors=archive,
        )
        assert cell.wait() == 0
        cell.communicate()


def main(release: str, packed: Path) -> int:
    wanted, first = image(release), machine_ids().first
    root = wanted.staged / "root"
    root.mkdir(parents=True)
    os.chown(root, first, first)
    packed.rename(wanted.staged / "packed.tar")
    command = ("tar", "-C", f"{SHOWN}/root", "-xpf", f"{SHOWN}/packed.tar")
    status = start_cell("image", SHOWN, *command, cwd=wanted.staged, errors=2).wait()
    root.rename(wanted.root)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
