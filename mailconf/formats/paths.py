"""Relative paths: below a folder, in one spelling, printable."""

from __future__ import annotations

MAX_PARTS, MAX_OCTETS, MAX_PART_OCTETS = 64, 4096, 255
RELATIVE = "a relative path below the folder, without . and .. segments"
REGULAR = "a regular file; links are not followed"
NAMED = "a regular file"
FOLDER = "a folder; links are not followed"
BY_KIND = {
    RELATIVE: "give a path below the folder",
    REGULAR: "replace it by a regular file, or remove it",
    NAMED: "give the path of a regular file",
    FOLDER: "replace it by a folder, or remove it",
}


class PathRefusedError(ValueError):
    """A path that may not be used; `path` is as much of it as is at fault, from the folder on."""

    def __init__(self, path: str, found: str, expected: str = RELATIVE, fix: str = "") -> None:
        super().__init__(f"{path!r} is {found}; expected {expected}")
        self.path, self.found, self.expected = path, found, expected
        self.fix = fix or BY_KIND.get(expected, BY_KIND[RELATIVE])


def relative_parts(path: str) -> tuple[str, ...]:
    """Return the segments of a relative path; raises PathRefusedError for one that could leave."""
    if not path:
        raise PathRefusedError(path, "empty")
    if path.startswith("/"):
        raise PathRefusedError(path, "an absolute path")
    if not path.isprintable():
        raise PathRefusedError(path, "a path with a control character")
    parts = tuple(path.split("/"))
    odd = next((part for part in parts if part in ("", ".", "..")), None)
    if odd is not None:
        raise PathRefusedError(path, f"a path with the segment {odd!r}")
    sizes = [len(part.encode()) for part in parts]
    if len(parts) > MAX_PARTS or max(sizes) > MAX_PART_OCTETS or sum(sizes) > MAX_OCTETS:
        limit = f"{MAX_PARTS} segments of {MAX_PART_OCTETS} octets, {MAX_OCTETS} octets in all"
        raise PathRefusedError(path[:MAX_PART_OCTETS], "too long", f"at most {limit}")
    return parts
