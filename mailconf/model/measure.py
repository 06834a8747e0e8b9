"""What a check measured; it is neither right nor wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """A span of time, by the name of what took it."""

    name: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.name} {self.seconds:.2f} s"
