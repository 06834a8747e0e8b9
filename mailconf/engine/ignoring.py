"""Secret files of a tree in a git work tree: named in a .gitignore, so that `git add` leaves them out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path as File

from mailconf.engine.replacing import replace_file

IGNORE = ".gitignore"
BEGIN = "# Secret files, written by mailconf render --secrets."
END = "# End of secret files."
PUBLIC_MODE = 0o644
SIGNS = re.compile(r"[][*?!#\\ ]")


def is_in_git(root: File) -> bool:
    """Tell whether a folder lies in a git work tree."""
    where = root.absolute()
    return any((above / ".git").exists() for above in (where, *where.parents))


def ignore(root: File, secret: Iterable[str]) -> bool:
    """Name secret files in the tree's .gitignore; tell whether that has changed it.

    Lines of others stay, before and after those of mailconf.
    """
    file = root / IGNORE
    # A link may lead anywhere: it is neither read nor written through.
    is_ours = file.is_file() and not file.is_symlink()
    before = file.read_text(encoding="utf-8", errors="backslashreplace") if is_ours else ""
    wanted = "\n".join([BEGIN, *sorted(map(_pattern, secret)), END, ""])
    old = re.compile(rf"^{re.escape(BEGIN)}\n.*?^{re.escape(END)}\n", re.DOTALL | re.MULTILINE)
    if old.search(before):
        after = old.sub(lambda _: wanted, before, count=1)
    else:
        gap = "" if not before or before.endswith("\n") else "\n"
        after = f"{before}{gap}{wanted}"
    if after == before:
        return False
    replace_file(file, after, PUBLIC_MODE)
    return True


def _pattern(path: str) -> str:
    """Return a path as a pattern for itself alone (gitignore(5)), from the folder of the file on."""
    return "/" + SIGNS.sub(r"\\\g<0>", path)
