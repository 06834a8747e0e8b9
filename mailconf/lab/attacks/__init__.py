"""Attacks on the rendered servers, each tried for real: the job passes when the attack fails.

An attack is a module with `jobs(scene)`, which yields one Job (check id `attack.NAME`) for each place
where it is tried. Every lab run runs them all, so an attack is bounded in time and in connections.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from mailconf.engine.run import Job
from mailconf.lab.attacks import (
    from_login,
    from_outside,
    guessing,
    programs,
    recipients,
    replay,
    sieve,
    silence,
)
from mailconf.lab.attacks.scene import Scene

Attack = Callable[[Scene], Iterator[Job]]
ATTACKS: tuple[Attack, ...] = (
    from_outside.jobs,
    from_login.jobs,
    programs.jobs,
    sieve.jobs,
    replay.jobs,
    recipients.jobs,
    guessing.jobs,
    silence.jobs,
)


def attacks(scene: Scene, tried: Iterable[Attack] = ATTACKS) -> Iterator[Job]:
    """Yield the jobs of attacks."""
    for attack in tried:
        yield from attack(scene)


__all__ = ["ATTACKS", "Attack", "Scene", "attacks"]
