"""The mail of a machine has one owner: the nearest postmaster, or whom the spec names."""

from typing import Any

import pytest

from mailconf.model.machine_mail import owner_of
from mailconf.testing import spec_of

PAST = {"aliases": {"postmaster": "x@elsewhere.example"}}
DOMAINS: dict[str, Any] = {"acme.example": PAST, "provider.example": PAST}


@pytest.mark.parametrize(
    ("hostname", "changes", "owner"),
    [
        pytest.param("mx.provider.example", {}, "postmaster@provider.example", id="above"),
        pytest.param("mx.other.example", {}, "", id="none above"),
        pytest.param("mx.other.example", {"system_mail": "a@b.example"}, "a@b.example", id="named"),
        pytest.param(
            "mx.sub.provider.example",
            {"domains": {**DOMAINS, "sub.provider.example": {}}},
            "postmaster@provider.example",
            id="the nearest that has a postmaster",
        ),
        pytest.param(
            "mx.other.example", {"domains": {"acme.example": PAST}}, "postmaster@acme.example",
            id="the only one",
        ),
        pytest.param(
            "mx.acme.example", {"domains": {"acme.example": {"catch_all": "x@y.example"}}},
            "postmaster@acme.example", id="caught",
        ),
    ],
)  # fmt: skip
def test_owners(hostname: str, changes: dict[str, Any], owner: str) -> None:
    host = {"hostname": hostname, "addresses": ["192.0.2.25"]}
    spec = spec_of(hosts={"mail": host}, **{"domains": DOMAINS, **changes})
    assert owner_of(spec, spec.hosts["mail"]) == owner
