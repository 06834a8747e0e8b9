"""A folder, and what lies below it: opened step by step, so that no link leads elsewhere."""

from __future__ import annotations

import errno
import os
import stat
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from pathlib import Path as File
from types import TracebackType

from mailconf.disk.claim import claim
from mailconf.disk.read_now import read_now
from mailconf.formats.paths import FOLDER, NAMED, REGULAR, PathRefusedError, relative_parts

MOST_OPEN = 128
"""Folders that are kept open at the same time; a process may have 1024 files as a rule."""
MAX_FILE = 256 * 2**20
"""Octets that a file may have which the caller sets no limit for."""
# O_NONBLOCK: a FIFO that takes the place of a file must not make the reader wait.
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
STEP = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
KINDS = {
    stat.S_IFREG: "a regular file",
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    **dict.fromkeys((stat.S_IFBLK, stat.S_IFCHR), "a device"),
}
LINK, DIRECTORY, PLAIN = KINDS[stat.S_IFLNK], KINDS[stat.S_IFDIR], KINDS[stat.S_IFREG]


class Folder:
    """A folder that stays the same one until it is closed, whatever its name leads to later.

    `root` itself may be a link: the operator names it. Below it every method takes relative paths
    and raises PathRefusedError for one that leaves the folder, leads through a link or is no
    regular file, FileNotFoundError for one that does not exist, and OSError with its `filename`.
    A `root` that does not exist has nothing in it until `make` is called. Folders on the way are kept
    open, so that files side by side cost one step each; `forget` has them looked up anew.
    """

    def __init__(self, root: File) -> None:
        self.root = root
        self._opened: dict[tuple[str, ...], int] = {}
        """Open folders by their path; this one has the empty path."""
        self._close = weakref.finalize(self, _close_all, self._opened)
        with suppress(FileNotFoundError):
            self._open()

    def _open(self) -> None:
        self._opened[()] = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def __enter__(self) -> Folder:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _why: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        _close_all(self._opened)

    def make(self) -> None:
        """Create the folder itself, with those above it."""
        if () not in self._opened:
            self.root.mkdir(parents=True, exist_ok=True)
            self._open()

    def claim(self) -> None:
        """Keep other processes that claim the folder out until it is closed; raises FolderBusyError."""
        claim(self._fd(), str(self.root))

    def forget(self) -> None:
        """Look up every folder below again: what others have done to them meanwhile counts."""
        top = self._opened.pop((), None)
        _close_all(self._opened)
        if top is not None:
            self._opened[()] = top

    def require(self) -> None:
        """Raise FileNotFoundError when the folder does not exist."""
        self._fd()

    def read(self, path: str, limit: int = MAX_FILE) -> bytes:
        """Return the content of a regular file of at most `limit` octets."""
        with self._above(path) as (at, name):
            return _content(name, at, path, limit)

    def text(self, path: str, limit: int = MAX_FILE) -> str:
        """Return a file as text; octets that are not UTF-8 are shown as escapes."""
        return self.read(path, limit).decode("utf-8", "backslashreplace")

    def kind(self, path: str) -> str:
        """Return what lies there, in words: `a regular file`, `a symbolic link`."""
        with self._above(path) as (at, name):
            return _kind(os.stat(name, dir_fd=at, follow_symlinks=False).st_mode)

    def names(self, path: str = "") -> list[str]:
        """Return the names in a folder below, or in this one; none when it does not exist."""
        try:
            with self._above(f"{path}/x" if path else "x") as (at, _):
                return sorted(os.listdir(at))
        except FileNotFoundError:
            return []

    def glob(self, pattern: str) -> list[str]:
        """Return the paths that match a pattern, in order; `**` stands for any folders."""
        *outer, last = relative_parts(pattern)
        folders = [""]
        for part in outer:
            inner = (inner for folder in folders for inner in self._folders(folder, part))
            folders = list(dict.fromkeys(inner))  # `**/**` reaches a folder in several ways
        found = {_joined(folder, name) for folder in folders for name in self._like(folder, last)}
        return sorted(found, key=lambda path: path.split("/"))

    def _folders(self, folder: str, pattern: str) -> Iterator[str]:
        if pattern == "**":
            yield folder
        for name in filter(
            str.isprintable, self._like(folder, "*" if pattern == "**" else pattern)
        ):
            inner = _joined(folder, name)
            kind = self.kind(inner)
            if kind == LINK and pattern != "**":
                raise PathRefusedError(inner, kind, FOLDER)
            if kind == DIRECTORY:
                yield from self._folders(inner, pattern) if pattern == "**" else (inner,)

    def _like(self, folder: str, pattern: str) -> list[str]:
        return [name for name in self.names(folder) if fnmatchcase(name, pattern)]

    def write(self, path: str, data: bytes, mode: int) -> None:
        """Write a new file and the folders above it, and wait until it is on disk; whole, or not at all."""
        with self._above(path, makes=True) as (at, name):
            descriptor = os.open(name, CREATE, mode, dir_fd=at)
            try:
                with os.fdopen(descriptor, "wb") as stream:
                    os.fchmod(descriptor, mode)
                    stream.write(data)
                    stream.flush()
                    os.fsync(descriptor)
            except BaseException:
                os.unlink(name, dir_fd=at)
                raise

    def put(self, path: str, data: bytes, mode: int) -> None:
        """Write a file beside its place and rename it: even when we are killed there is no half of it."""
        above, _, name = path.rpartition("/")
        staged = _joined(above, f".{name}.new")
        with suppress(FileNotFoundError):
            self.remove(staged)
        self.write(staged, data, mode)
        try:
            self.rename(staged, path)
        except BaseException:
            self.remove(staged)
            raise

    def make_below(self, path: str, mode: int) -> None:
        """Create a folder in this one, with a mode of its own; one that is there stays as it is."""
        with self._above(path) as (at, name), suppress(FileExistsError):
            os.mkdir(name, mode, dir_fd=at)

    def rename(self, old: str, new: str) -> None:
        """Put a file at another path, over a file that is there, and make the folders above it."""
        with self._above(new, makes=True) as (there, other), self._inside(old) as (here, name):
            os.rename(name, other, src_dir_fd=here, dst_dir_fd=there)

    def remove(self, path: str) -> None:
        """Remove a name that is no folder; of a link the link itself."""
        with self._above(path) as (at, name):
            os.unlink(name, dir_fd=at)

    def remove_tree(self, path: str) -> None:
        """Remove a folder with all that is in it; nothing when it does not exist."""
        try:
            kind = self.kind(path)
        except FileNotFoundError:
            return
        if kind != DIRECTORY:
            raise PathRefusedError(path, kind, FOLDER)
        for name in self.names(path):
            inner = f"{path}/{name}"
            if self.kind(inner) == DIRECTORY:
                self.remove_tree(inner)
            else:
                self.remove(inner)
        with self._above(path) as (at, name):
            os.rmdir(name, dir_fd=at)
        self.forget()

    def sync(self) -> None:
        """Wait until names that were put directly into the folder are on disk."""
        os.fsync(self._fd())

    def _fd(self) -> int:
        if () not in self._opened:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.root))
        return self._opened[()]

    @contextmanager
    def _above(self, path: str, *, makes: bool = False) -> Iterator[tuple[int, str]]:
        """Open the folder in which a path ends; yield it and the last segment."""
        if len(self._opened) > MOST_OPEN:
            self.forget()
        with self._inside(path, makes=makes) as found:
            yield found

    @contextmanager
    def _inside(self, path: str, *, makes: bool = False) -> Iterator[tuple[int, str]]:
        """Do the same and keep all open that is."""
        *outer, name = relative_parts(path)
        try:
            yield self._step(tuple(outer), makes=makes), name
        except OSError as why:
            why.filename, why.filename2 = str(self.root / path), None
            raise

    def _step(self, parts: tuple[str, ...], *, makes: bool) -> int:
        if not parts:
            return self._fd()
        if parts not in self._opened:
            at = self._step(parts[:-1], makes=makes)
            self._opened[parts] = _step(at, parts[-1], "/".join(parts), makes=makes)
        return self._opened[parts]


def _close_all(opened: dict[tuple[str, ...], int]) -> None:
    while opened:
        os.close(opened.popitem()[1])


def read_named(file: File, limit: int = MAX_FILE) -> bytes:
    """Read a file that the operator names: links are followed, only regular files are read.

    Raises PathRefusedError for a device, a FIFO or more than `limit` octets, and OSError.
    """
    return _content(str(file), None, str(file), limit, os.O_NOFOLLOW)


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _step(at: int, part: str, path: str, *, makes: bool) -> int:
    """Open the folder `part` of the open folder `at`."""
    try:
        return os.open(part, STEP, dir_fd=at)
    except FileNotFoundError:
        if not makes:
            raise
    except OSError as why:
        if why.errno not in (errno.ELOOP, errno.ENOTDIR):
            raise
        found = _kind(os.stat(part, dir_fd=at, follow_symlinks=False).st_mode)
        raise PathRefusedError(path, found, FOLDER) from None
    with suppress(FileExistsError):
        os.mkdir(part, 0o755, dir_fd=at)
    return _step(at, part, path, makes=False)


def _content(name: str, at: int | None, path: str, limit: int, less: int = 0) -> bytes:
    """Read a regular file: what it is is asked before it is opened, since devices may react."""
    kind = NAMED if less else REGULAR
    _regular(os.stat(name, dir_fd=at, follow_symlinks=bool(less)), path, limit, kind)
    try:
        descriptor = os.open(name, READ & ~less, dir_fd=at)
    except OSError as why:
        if why.errno != errno.ELOOP or less:
            raise
        raise PathRefusedError(path, LINK, REGULAR) from None
    with os.fdopen(descriptor, "rb") as stream:
        _regular(os.fstat(descriptor), path, limit, kind)
        data = read_now(stream, limit + 1)
    if len(data) > limit:
        raise _too_large(path, len(data), limit)
    return data


def _regular(found: os.stat_result, path: str, limit: int, expected: str) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise PathRefusedError(path, _kind(found.st_mode), expected)
    if found.st_size > limit:
        raise _too_large(path, found.st_size, limit)


def _too_large(path: str, size: int, limit: int) -> PathRefusedError:
    fix = "check what the file is; split it where it is yours"
    return PathRefusedError(path, f"a file of {size} octets", f"at most {limit} octets", fix)


def _kind(mode: int) -> str:
    return KINDS.get(stat.S_IFMT(mode), "no regular file")
