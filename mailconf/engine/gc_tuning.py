"""When Python looks for objects that hold each other: it looks at all of them, again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARELY = (20_000, 20, 50)
"""Objects that are new, between two looks at them; and so many of these to one at the older ones. Hundreds of
questions under way are more than the 700 that Python would look at each time."""


@contextmanager
def without_cyclic_gc() -> Iterator[None]:
    """Switch the cyclic collector off: it is the largest cost of building a big tree."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Collect less often, and nothing of what there is already: it stays anyway."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
