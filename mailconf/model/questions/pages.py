"""Pages of web servers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from mailconf.model.question import Question
from mailconf.model.questions.sessions import TlsFacts


@dataclass(frozen=True, slots=True)
class Page:
    """What an HTTP server answered; `body` is at most 64 KiB."""

    status: int
    content_type: str
    body: str
    tls: TlsFacts | None = None


@dataclass(frozen=True, slots=True)
class PageRequest(Question[Page]):
    """Fetch a URL, or post XML to it, `at` one address of its host; no redirect is followed."""

    url: str
    xml: str = ""
    at: str = ""
    kind: ClassVar[str] = "page"
    answer_type: ClassVar[Any] = Page

    def __str__(self) -> str:
        return f"{self.url} [{self.at}]" if self.at else self.url

    @property
    def key(self) -> str:
        """The question with what is posted, on one line."""
        return " ".join([self.kind, str(self), *self.xml.split()])

    def evidence(self, answer: Page) -> Iterable[str]:
        """Return the status line and the body."""
        return [f"{self}: {answer.status} {answer.content_type}", *answer.body.splitlines()]
