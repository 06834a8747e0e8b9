"""A host's roles decide what it offers and whether mail passes through it."""

from typing import get_args

import pytest
from pydantic import ValidationError

from mailconf.model.endpoint import PROTOCOLS
from mailconf.model.host import EVERYTHING, OFFERED_BY, Host, Role
from mailconf.testing import spec_of

MAIL = {"hostname": "mail.example.org", "addresses": ["192.0.2.25"]}


def host(**changes: object) -> Host:
    return spec_of(hosts={"mail": {**MAIL, **changes}}).hosts["mail"]


@pytest.mark.parametrize(
    ("roles", "offered"),
    [
        pytest.param(["mx"], ["smtp"], id="mx"),
        pytest.param(["submission"], ["submissions", "submission"], id="submission"),
        pytest.param(
            ["mailstore"], ["imaps", "imap", "pop3s", "pop3", "managesieve"], id="mailstore"
        ),
        pytest.param(["relay"], [], id="relay"),
        pytest.param(["web"], [], id="web"),
        pytest.param(["backup-mx"], ["smtp"], id="backup MX"),
        pytest.param(["send-only"], [], id="send-only"),
        pytest.param(["mx", "submission"], ["smtp", "submissions", "submission"], id="two roles"),
    ],
)
def test_a_role_brings_its_protocols(roles: list[Role], offered: list[str]) -> None:
    chosen = host(roles=roles)
    assert [protocol.name for protocol in PROTOCOLS if chosen.offers(protocol)] == offered


def test_without_roles_a_host_does_everything_for_itself() -> None:
    chosen = host()
    assert chosen.roles == EVERYTHING
    assert all(chosen.offers(protocol) for protocol in PROTOCOLS)
    assert not chosen.is_("relay", "backup-mx", "send-only")


def test_every_protocol_belongs_to_a_role() -> None:
    uses = {"submission" if p.is_submission else p.family for p in PROTOCOLS}
    assert set(OFFERED_BY) == uses


def test_one_of_several_roles_is_enough() -> None:
    assert host(roles=["relay"]).is_("mx", "relay")
    assert not host(roles=["relay"]).is_("mx", "submission")


@pytest.mark.parametrize("role", sorted(set(get_args(Role)) - {"web"}))
def test_mail_passes_through_every_host_that_is_more_than_a_web_server(role: Role) -> None:
    assert host(roles=[role]).is_mta
    assert host(roles=["web", role]).is_mta


def test_no_mail_passes_through_a_web_server() -> None:
    assert not host(roles=["web"]).is_mta


def test_the_certificate_lies_where_certbot_puts_it() -> None:
    tls = host().tls
    assert tls.certificate == "/etc/letsencrypt/live/mail.example.org/fullchain.pem"
    assert tls.private_key == "/etc/letsencrypt/live/mail.example.org/privkey.pem"


def test_a_host_may_name_its_own_certificate() -> None:
    own = {"certificate": "/etc/ssl/a.pem", "private_key": "/etc/ssl/a.key"}
    assert host(tls=own).tls.certificate == "/etc/ssl/a.pem"


def test_a_host_is_called_by_its_dns_name() -> None:
    assert (str(host()), host().key) == ("mail.example.org", "mail")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"roles": []}, "at least 1 item", id="no role"),
        pytest.param({"roles": ["mailbox"]}, "'mx', 'submission', 'mailstore'", id="other role"),
        pytest.param(
            {"protocols": {"imaps": "yes"}}, "or off to close it", id="neither port nor off"
        ),
        pytest.param({"protocols": {"imaps": 993}}, "or off to close it", id="bare port"),
        pytest.param({"protocols": {"imaps": {}}}, "Field required", id="no port"),
        pytest.param(
            {"protocols": {"imaps": {"port": 993, "proxies": ["lb"]}}},
            "an IPv4 or IPv6 address",
            id="proxy by name",
        ),
        pytest.param(
            {"tls": {"certificate": "a.pem", "private_key": "/a.key"}},
            "pattern",
            id="relative path",
        ),
        pytest.param({"tls": {"certificate": "/a.pem"}}, "Field required", id="half a certificate"),
    ],
)
def test_what_no_host_can_be(changes: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        host(**changes)


def test_an_address_counts_once_however_it_is_spelled() -> None:
    spelled = ["192.0.2.25", "2001:db8::25", "2001:DB8:0::25", "192.0.2.25"]
    (host,) = spec_of(
        hosts={"mail": {"hostname": "mail.example.org", "addresses": spelled}}
    ).hosts.values()
    assert list(map(str, host.addresses)) == ["192.0.2.25", "2001:db8::25"]
