"""What a user may do at a submission port, and what not."""

from mailconf.model.questions.logins import AuthenticatedSession
from tests.net.asking import listener
from tests.net.visiting import ALICE, asking, office
from tests.servers.authority import TestAuthority


async def test_a_user_tries_what_must_not_go(authority: TestAuthority) -> None:
    async with office(authority) as running:
        at = listener("submissions", running.ports["submissions"])
        session = await asking(authority).ask(AuthenticatedSession(at, ALICE))
    assert session.probes["foreign sender"].status == "553"
    assert session.probes["too large"].status == "552"
    assert any("SIZE=1001" in line for line in running.commands)
    assert "DATA" not in running.commands
