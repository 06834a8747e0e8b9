"""What plugins bring to the lab."""

from dataclasses import dataclass, field

import pytest

from mailconf.model.lab import Done, port_in
from mailconf.model.target import RELEASES, Target


@dataclass
class Machine:
    """A machine with files, on which nothing runs."""

    files: dict[str, str]
    target: Target = RELEASES["debian-12"]
    commands: list[tuple[str, ...]] = field(default_factory=list)

    def start(self, *command: str, changes_network: bool = False) -> None:
        self.commands.append(command)

    def spawn(self, port: int, *command: str) -> None:
        self.commands.append((str(port), *command))

    def run(self, *command: str) -> Done:
        self.commands.append(command)
        return Done(0, "")

    def write(self, path: str, text: str) -> None:
        self.files[path] = text

    def copy_log(self, path: str) -> None:
        self.files[path] = ""

    def read(self, path: str) -> str:
        return self.files[path]

    def make_directory(self, path: str, owner: str = "root") -> None:
        self.commands.append(("mkdir", path, owner))


def test_the_port_of_a_daemon_is_read_from_its_rendered_file() -> None:
    machine = Machine({"/etc/d.conf": "listen 127.0.0.1:8893\n"})
    assert port_in(machine, "/etc/d.conf", r"127\.0\.0\.1:([0-9]+)") == 8893


def test_a_file_without_a_port_is_named() -> None:
    with pytest.raises(ValueError, match=r"/etc/d\.conf has no port"):
        port_in(Machine({"/etc/d.conf": ""}), "/etc/d.conf", r"127\.0\.0\.1:([0-9]+)")
