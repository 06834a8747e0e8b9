"""A hostile site, booted; run as the first process of a lab's namespaces.

`python -m tests.lab.breakout CELL RELEASE FILE DIRECTORY` prints as JSON what `escapes` got on a
machine, by how it was run there. CELL is `cell`, or `chroot` for a machine that has a root
directory of its own and nothing else.
"""

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from mailconf.engine.load import load, retargeted
from mailconf.engine.render import Renderer
from mailconf.lab import rootfs
from mailconf.lab.boot import boot
from mailconf.lab.config_checks import native_jobs
from mailconf.lab.image import image
from mailconf.lab.lab import Lab
from mailconf.lab.log import LabLog
from mailconf.lab.site import LabFile, Site
from tests.lab import escapes
from tests.lab.launching import QUICKSTART, ROOT

HOST = "mail"
PROGRAM, GOT = "/usr/local/bin/escapes", "/var/tmp/got"
PATIENCE = 20.0


def run(file: str, directory: str, into: str) -> str:
    """Return the shell command that tries to get out and leaves what it got in a file."""
    return f"python3 {PROGRAM} {file} {directory} > {into}.new && mv {into}.new {into}"


def hostile(file: str, directory: str) -> Any:
    def tamper(site: Site) -> None:
        host = site.hosts[HOST]
        host.files[PROGRAM] = LabFile((ROOT / "tests/lab/escapes.py").read_text(), mode=0o755)
        main, master = host.files["/etc/postfix/main.cf"], host.files["/etc/postfix/master.cf"]
        command = run(file, directory, f"{GOT}.debugger")
        main.text += f"\ndebugger_command = PATH=/usr/bin:/bin; {command}\n"
        assert " smtpd" in master.text
        master.text = master.text.replace(" smtpd", " smtpd -D", 1)
        host.prepare.append(("sh", "-c", run(file, directory, f"{GOT}.prepare")))

    return tamper


def in_a_cell(release: str, file: str, directory: str) -> dict[str, Any]:
    loaded = retargeted(load(QUICKSTART), release)
    lab = boot(loaded, Renderer(), lambda _step: None, LabLog(), hostile(file, directory))
    machine = lab.machines[HOST]
    got = {"command": json.loads(machine.run("python3", PROGRAM, file, directory).output)}
    end = time.monotonic() + PATIENCE
    for how in ("debugger", "prepare"):
        path = f"{GOT}.{how}"
        while machine.run("test", "-e", path).status and time.monotonic() < end:
            time.sleep(0.1)
        got[how] = json.loads(machine.run("cat", path).output)
    links(lab, directory)
    return got


def links(lab: Lab, directory: str) -> None:
    """Plant links where mailconf writes zones for their checker, then check them."""
    machine = lab.machines[HOST]
    for stem in lab.ours.zones:
        for kind in ("zone", "check"):
            machine.run("ln", "-sfn", f"{directory}/canary", f"/tmp/{stem}.{kind}")
    for job in native_jobs(lab.ours, {HOST: machine}):
        if job.check == "config.zone":
            _finished(job)


def _finished(job: Any) -> None:
    async def all_of(found: Any) -> None:
        async for _ in found:
            pass

    asyncio.run(all_of(job.run()))


def in_a_chroot(release: str, file: str, directory: str) -> dict[str, Any]:
    rootfs.leave_keyrings = lambda: None  # type: ignore[attr-defined]
    rootfs.mount_base()
    root = rootfs.mount_root(HOST, image(release).root)
    subprocess.run(["mount", "-t", "proc", "proc", str(root / "proc")], check=True)
    program = ["python3", "-", file, directory]
    done = subprocess.run(
        ["chroot", str(root), *program],
        input=Path(escapes.__file__).read_bytes(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return {"chroot": json.loads(done.stdout)}


def main(cell: str, release: str, file: str, directory: str) -> None:
    work = in_a_cell if cell == "cell" else in_a_chroot
    sys.stdout.write(json.dumps(work(release, file, directory)))


if __name__ == "__main__":
    main(*sys.argv[1:])
