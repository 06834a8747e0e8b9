"""A process that has imported mailconf, and forks for each command: importing takes most of their time.

`python -m tests.cli.warm` reads requests, one JSON text a line, and answers each with an exit status.
A command runs in a process of its own, with the environment, folder and files of its request.
"""

import importlib
import json
import os
import pkgutil
import sys
from typing import Any

import mailconf.app
import mailconf.cli
import mailconf.report
from mailconf.engine import registry

STANDARD = ("stdin", "stdout", "stderr")


def main() -> None:
    for package in (mailconf.app, mailconf.cli, mailconf.report):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    registry.builtin()
    _answer("ready")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _become(json.loads(line))
        _, status = os.waitpid(child, 0)
        _answer(os.waitstatus_to_exitcode(status))


def _answer(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def _become(asked: dict[str, Any]) -> None:
    """Run a command in this process, as an interpreter of its own would; never returns."""
    modes = (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY)
    for number, (name, mode) in enumerate(zip(STANDARD, modes, strict=True)):
        os.dup2(os.open(asked[name], mode), number)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.path[:0] = [path for path in os.environ.get("PYTHONPATH", "").split(":") if path]
    sys.argv = ["mailconf", *asked["arguments"]]
    status: object = 1
    try:
        mailconf.cli.main()
        status = 0
    except SystemExit as end:
        status = end.code
    finally:
        for stream in (sys.stdout, sys.stderr):
            if stream:  # A plugin may have taken it away.
                stream.flush()
        os._exit(status if isinstance(status, int) else 0 if status is None else 1)


if __name__ == "__main__":
    main()
