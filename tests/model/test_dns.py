"""Lifetimes by kind of record."""

import pytest
from pydantic import ValidationError

from mailconf.model.dns import Dns


def test_a_kind_has_its_own_lifetime_or_the_usual_one() -> None:
    dns = Dns.model_validate({"ttl": "30m", "ttls": {"mx": "1d"}})
    assert (dns.ttl_of("mx"), dns.ttl_of("spf")) == (86400, 1800)


@pytest.mark.parametrize("ttls", [{"mx": 2**31}, {"mx": -1}, {"smtp": 60}])
def test_what_no_record_can_have(ttls: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        Dns.model_validate({"ttls": ttls})
