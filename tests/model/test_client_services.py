"""What users connect to."""

from typing import Any

import pytest

from mailconf.model.client_services import client_endpoints, lets_send
from mailconf.model.spec import Spec
from tests.model.test_spec import host, site


def reached(spec: Spec) -> list[str]:
    return list(map(str, client_endpoints(spec, spec.domains["example.org"])))


ONE = ["submissions://one.example.org:465", "submission://one.example.org:587"]


@pytest.mark.parametrize(
    ("domain", "found"),
    [
        pytest.param({}, [*ONE, "imaps://one.example.org:993"], id="the first"),
        pytest.param({"store": "two"}, ["imaps://two.example.org:993"], id="its own"),
        pytest.param({"store": "none"}, [], id="none"),
    ],
)
def test_users_connect_to_their_store_and_to_the_hosts_that_let_them_send(
    domain: dict[str, Any], found: list[str]
) -> None:
    """A host with mailboxes knows the passwords of those alone."""
    assert reached(site(**domain)) == [
        "submissions://b.example.org:465",
        "submission://b.example.org:587",
        *found,
    ]


def test_users_are_told_the_name_that_their_domain_gives() -> None:
    spec = site({"mail": host("mail", 1)}, client_host="imap.example.net")
    assert reached(spec) == [
        "submissions://imap.example.net:465",
        "submission://imap.example.net:587",
        "imaps://imap.example.net:993",
    ]
    assert {point.host for point in spec.endpoints} == {"mail.example.org"}


def test_a_host_with_mailboxes_lets_in_those_alone() -> None:
    spec = site(store="two")
    domain = spec.domains["example.org"]
    hosts = [key for key, one in spec.hosts.items() if lets_send(spec, one, domain)]
    assert hosts == ["b"]
