"""When a certificate should have been renewed by now."""

from __future__ import annotations

from datetime import datetime, timedelta

from mailconf.model.questions.sessions import TlsFacts

SHORTEST_NOTICE = timedelta(days=7)


def is_due(facts: TlsFacts, now: datetime) -> bool:
    """Tell whether less than a third of the lifetime is left, or a week, or half of those that live for days.

    One that has ended is not due any more.
    """
    left, life = facts.not_after - now, facts.not_after - facts.not_before
    return timedelta(0) < left < min(max(SHORTEST_NOTICE, life / 3), life / 2)
