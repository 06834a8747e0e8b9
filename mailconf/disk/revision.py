"""Files of a folder as they were at a git revision, read by git without running anything of the folder's.

Git takes a folder for a repository when it looks like one (gitrepository-layout(5)): a stranger's
branch can bring such a folder, with a configuration that names programs. So the repository is the
one above the folder by its `.git`, which no commit can hold, and objects are read as they are:
without filters (gitattributes(5)), links or submodules.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from mailconf.disk.child import ending_with_us

GIT_NEEDS = re.compile(r"PATH|HOME|XDG_CONFIG_HOME|LANG|LC_.*|TMPDIR|GIT_(?!EXTERNAL_DIFF).*")
"""Of the environment: secrets lie there, which git has no use for."""
ENTRY = re.compile(
    r"(?P<mode>\d+) (?P<type>\w+) (?P<oid>[0-9a-f]+) +(?P<size>\d+|-)\t(?P<path>.*)", re.DOTALL
)
REGULAR = ("100644", "100755")
MOST = 256 * 2**20
"""Octets of all files together."""


class RevisionError(Exception):
    """A revision cannot be read; the message says why."""


def files_at(folder: Path, revision: str) -> Iterator[tuple[str, bytes]]:
    """Yield the regular files below a folder with their contents, by path relative to it.

    Raises RevisionError where there is no repository or revision, or more than MOST octets.
    """
    top = _work_tree(folder)
    within = folder.relative_to(top).as_posix()
    prefix = "" if within == "." else f"{within}/"
    listed = _git(
        top, "ls-tree", "-r", "-z", "-l", "--full-tree", revision, *filter(None, [prefix])
    )
    rows = (ENTRY.fullmatch(row.decode("utf-8", "surrogateescape")) for row in listed.split(b"\0"))
    entries = [row for row in rows if row and row["mode"] in REGULAR]
    size = sum(int(row["size"]) for row in entries)
    if size > MOST:
        raise RevisionError(f"{revision} has {size} octets below {folder}; the limit is {MOST}")
    contents = _contents(top, [(row["oid"], int(row["size"])) for row in entries])
    for row, content in zip(entries, contents, strict=True):
        yield row["path"].removeprefix(prefix), content


def _work_tree(folder: Path) -> Path:
    for one in (folder, *folder.parents):
        if (one / ".git").exists():
            return one
    raise RevisionError(f"{folder} is in no git work tree")


def _contents(top: Path, wanted: list[tuple[str, int]]) -> Iterator[bytes]:
    """Yield objects by their ids, in turn."""
    given = "".join(f"{oid}\n" for oid, _ in wanted).encode()
    octets, at = _git(top, "cat-file", "--batch", given=given), 0
    for _, size in wanted:
        begin = octets.index(b"\n", at) + 1
        yield octets[begin : begin + size]
        at = begin + size + 1


def _git(top: Path, *arguments: str, given: bytes = b"") -> bytes:
    own = {name: value for name, value in os.environ.items() if GIT_NEEDS.fullmatch(name)}
    where = {"GIT_DIR": str(top / ".git"), "GIT_WORK_TREE": str(top)}
    try:
        done = subprocess.run(
            ["git", "-C", str(top), *arguments],
            input=given,
            capture_output=True,
            check=False,
            env=own | where,
            preexec_fn=ending_with_us(),
        )
    except OSError as why:
        raise RevisionError(f"git: {why.strerror}") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").splitlines()
        raise RevisionError(f"git: {'; '.join(said)}")
    return done.stdout
