"""Replies are judged by their status."""

import pytest

from mailconf.model.questions.sessions import Reply


@pytest.mark.parametrize(
    ("status", "positive", "temporary"),
    [
        ("250", True, False),
        ("354", True, False),
        ("451", False, True),
        ("554", False, False),
        ("OK", True, False),
        ("NO", False, False),
        ("+OK", True, False),
        ("-ERR", False, False),
        ("PREAUTH", False, False),
    ],
)
def test_status(status: str, positive: bool, temporary: bool) -> None:
    reply = Reply(status, ("text",))
    assert (reply.is_positive, reply.is_temporary) == (positive, temporary)
    assert str(reply) == f"{status} text"
