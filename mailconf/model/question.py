"""What a check may ask, as a value: it knows how it is written down, and how its answer is."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


class Question(Generic[T]):
    """A question whose answer is a T; equal questions have equal answers within a run.

    Questions are frozen dataclasses. `str(question)` is what is asked, `key` its name in recordings.
    """

    __slots__ = ()
    kind: ClassVar[str]
    """The word that keys begin with; one for each class."""
    answer_type: ClassVar[Any]
    """The type of answers, as pydantic reads and writes it."""

    @property
    def key(self) -> str:
        """The question as a recording has it: one line, the same for equal questions."""
        return f"{self.kind} {self}"

    def encode(self, answer: T) -> Any:
        """Return an answer as JSON values."""
        return written(self.answer_type, answer)

    def decode(self, data: Any) -> T:
        """Return the answer that `encode` wrote; raises pydantic.ValidationError."""
        answer: T = read(self.answer_type, data)
        return answer

    def evidence(self, answer: T) -> Iterable[str]:
        """Return an answer in lines, as people read it."""
        return (f"{self}: {answer or 'nothing'}",)


def written(kind: Any, value: object) -> Any:
    """Return a value of a type as JSON values."""
    return _adapter(kind).dump_python(value, mode="json")


def read(kind: Any, data: object) -> Any:
    """Return the value of a type that `written` wrote; raises pydantic.ValidationError."""
    return _adapter(kind).validate_python(data)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
