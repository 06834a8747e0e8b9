"""Plugins in files beside a spec, plugins/NAME.py: loaded only where the operator allows it.

A spec may be a stranger's: reading it must not run code that lies beside it.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path as File
from typing import Any

from mailconf.disk.folder import PLAIN, Folder

VARIABLE, FOLDER = "MAILCONF_LOCAL_PLUGINS", "plugins"
MODULE = "mailconf_local_"
NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class LocalPlugin:
    """A file that defines `plugin`; `value` is how messages call it."""

    name: str
    file: File

    @property
    def value(self) -> str:
        """The path, relative to the spec."""
        return f"{FOLDER}/{self.name}.py"

    def load(self) -> Any:
        """Import the file anew and return its plugin; raises whatever its code raises."""
        module_name = f"{MODULE}{self.name}"
        found = spec_from_file_location(module_name, self.file)
        if not found or not found.loader:
            raise ImportError(f"{self.value} cannot be imported")
        module = module_from_spec(found)
        sys.modules[module_name] = module
        found.loader.exec_module(module)
        return module.plugin


def local_plugin(name: str, beside: File) -> LocalPlugin | None:
    """Return the plugin of a name beside a spec, where it may be loaded.

    Raises PathRefusedError for a file that is a link or no regular file.
    """
    if os.environ.get(VARIABLE) != "1" or not NAME.fullmatch(name):
        return None
    found = LocalPlugin(name, beside / FOLDER / f"{name}.py")
    with Folder(beside) as folder:
        try:
            kind = folder.kind(found.value)
        except FileNotFoundError:
            return None
        if kind != PLAIN:
            folder.read(found.value)  # says what it is
    return found
