"""Where verify looks: the network, a recording, or a rendered tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mailconf.app.connection import authorities, live_world
from mailconf.app.errors import refuse
from mailconf.disk.folder import read_named
from mailconf.engine.secrets import SecretError, Secrets
from mailconf.formats.paths import PathRefusedError
from mailconf.model.hiding import SECRETS
from mailconf.model.records_document import PublishedError
from mailconf.model.world import Inconclusive, World
from mailconf.net.authenticated import Reveal
from mailconf.net.live import EHLO_NAME
from mailconf.net.replay import RecordingError, Replay
from mailconf.net.tree import RenderedTree


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The options that say how the world is reached."""

    resolvers: Sequence[str] = ()
    ca: Path | None = None
    connect: Sequence[str] = ()
    ehlo_name: str = EHLO_NAME
    source: str = ""
    passwords: Path | None = None
    """Where references to passwords are relative to; without it nobody logs in."""
    offline: Path | None = None
    replay: Path | None = None
    public_only: bool = False
    """Connect to addresses of the public Internet alone, but for what `connect` names."""


LIVE = Reach()
"""The network, by the system's resolvers and authorities."""


def worlds(reach: Reach) -> Callable[[], World]:
    """Return what makes a world for each time that is looked: a live one asks anew."""
    if reach.offline and reach.replay:
        refuse("--offline and --replay cannot be combined")
    _refuse_network(reach)
    if reach.offline:
        tree = _tree(reach.offline)
        return lambda: tree
    if reach.replay:
        replay = _recording(reach.replay)
        return lambda: replay

    trusted = authorities(reach.ca)
    reveal = _revealing(reach.passwords) if reach.passwords else None

    def live() -> World:
        return live_world(
            reach.resolvers, trusted, reach.connect, ehlo_name=reach.ehlo_name,
            source=reach.source, reveal=reveal, public_only=reach.public_only,
        )  # fmt: skip

    live()  # What is wrong with the options is told before anything is built.
    return live


def _refuse_network(reach: Reach) -> None:
    """End where an option says how to reach the network, and nothing of it is asked."""
    instead = "--offline" if reach.offline else "--replay" if reach.replay else ""
    options = {
        "--connect": reach.connect,
        "--ca": reach.ca,
        "--intrusive": reach.passwords,
        "--source": reach.source,
    }
    for option in (name for name, given in options.items() if given and instead):
        refuse(f"{option} is about the network, which {instead} does not use; leave it out")


def _revealing(base: Path) -> Reveal:
    """Return what looks passwords up; without one nothing can be told."""
    kept = Secrets(base, SECRETS)

    def reveal(reference: str) -> str:
        try:
            return kept.resolve(reference)
        except SecretError as why:
            raise Inconclusive(str(why)) from None

    return reveal


def _tree(root: Path) -> RenderedTree:
    try:
        return RenderedTree.read(root, datetime.now(UTC))
    except OSError as why:
        refuse(f"--offline {root}: {why.strerror}; expected a directory written by mailconf render")
    except (PublishedError, PathRefusedError, UnicodeDecodeError) as why:
        refuse(f"--offline {root}: {why}")


def _recording(file: Path) -> Replay:
    try:
        return Replay.parse(read_named(file).decode("utf-8"))
    except OSError as why:
        refuse(f"--replay {file}: {why.strerror}")
    except (RecordingError, PathRefusedError, UnicodeDecodeError) as why:
        refuse(f"--replay {file}: {why}")
