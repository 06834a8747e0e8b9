"""Which messages of a host its signer sees."""

import pytest

from mailconf.model.signer_milters import signer_milters
from mailconf.testing import spec_of

OUT = {"hostname": "out.example.org", "addresses": ["192.0.2.27"], "roles": ["relay"]}


@pytest.mark.parametrize(
    ("roles", "relay", "ways"),
    [
        pytest.param(["mx"], False, ["submission", "local", "smtpd"], id="mail arrives and leaves"),
        pytest.param(["mx"], True, ["smtpd"], id="mail leaves elsewhere"),
        pytest.param(["submission"], False, ["submission", "local"], id="users send"),
        pytest.param(["submission"], True, [], id="users send through a relay"),
        pytest.param(["send-only"], False, ["submission", "local", "smtpd"], id="programs send"),
        pytest.param(["send-only"], True, [], id="programs send through a relay"),
    ],
)
def test_ways(roles: list[str], relay: bool, ways: list[str]) -> None:
    host = {"hostname": "mail.example.org", "addresses": ["192.0.2.25"], "roles": roles}
    spec = spec_of(hosts={"mail": host, **({"out": OUT} if relay else {})})
    made = signer_milters(spec, spec.hosts["mail"], "inet:127.0.0.1:8891", 10)
    assert [milter.way for milter in made] == ways
