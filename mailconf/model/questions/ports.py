"""Whether somebody listens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from mailconf.model.endpoint import EndpointAddress
from mailconf.model.question import Question

Port = Literal["open", "refused", "silent"]
"""What a connection met: somebody, a refusal, or nothing in time, as behind a packet filter."""


@dataclass(frozen=True, slots=True)
class PortProbe(Question[Port]):
    """Connect, and say nothing."""

    listener: EndpointAddress
    kind: ClassVar[str] = "knock"
    answer_type: ClassVar[Any] = Port

    def __str__(self) -> str:
        return f"{self.listener} to a connection"
