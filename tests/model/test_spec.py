"""The spec as types: defaults, derivations, and what each field accepts."""

import pytest
from pydantic import ValidationError

from mailconf.model.endpoint import Security
from mailconf.model.spec import Spec
from mailconf.testing import spec_of


def offered(spec: Spec) -> list[str]:
    return [f"{point.protocol.name}:{point.port}" for point in spec.endpoints]


def test_without_protocols_a_host_offers_the_usual_ones() -> None:
    assert offered(spec_of()) == ["smtp:25", "submissions:465", "submission:587", "imaps:993"]


@pytest.mark.parametrize(
    ("protocols", "points"),
    [
        pytest.param({"pop3s": {"port": 995}}, 5, id="one more"),
        pytest.param({"submission": "off"}, 3, id="one closed"),
        pytest.param({"submissions": {"port": 4465}}, 4, id="another port"),
    ],
)
def test_what_is_named_is_merged_over_the_defaults(
    protocols: dict[str, object], points: int
) -> None:
    spec = spec_of(protocols=protocols)
    assert len(spec.endpoints) == points
    assert all(point.where[0] in ("protocols", "hosts") for point in spec.endpoints)


def test_implicit_tls_stands_before_starttls() -> None:
    spec = spec_of(protocols={"imap": {"port": 143}})
    mail = [point.security for point in spec.endpoints if point.protocol.family == "imap"]
    assert mail == [Security.IMPLICIT_TLS, Security.STARTTLS]


def test_the_best_mx_comes_first() -> None:
    hosts = {
        key: {"hostname": f"{key}.example.org", "addresses": [f"192.0.2.{number}"]}
        for number, key in enumerate(("a", "b"), 1)
    }
    spec = spec_of(hosts=hosts, domains={"example.org": {"mx": {"a": 20, "b": 10}}})
    pairs = spec.mx_of(spec.domains["example.org"])
    assert [(number, host.key) for number, host in pairs] == [(10, "b"), (20, "a")]


@pytest.mark.parametrize("mail", ["send-only", "none"])
def test_a_domain_without_mailboxes_has_no_mx(mail: str) -> None:
    spec = spec_of(domains={"example.org": {"mail": mail}})
    assert spec.mx_of(spec.domains["example.org"]) == ()
    assert spec.hosted == ()


def test_local_parts_are_lower_case() -> None:
    spec = spec_of(
        domains={"example.org": {"mailboxes": {"Alice": {}}, "aliases": {"INFO": "Bob"}}}
    )
    domain = spec.domains["example.org"]
    assert domain.knows("alice")
    assert domain.knows("info")
    assert domain.address("Bob") == "bob@example.org"
    assert domain.address("Bob@Example.net") == "Bob@example.net"


def test_certificates_lie_where_certbot_puts_them() -> None:
    host = spec_of().hosts["mail"]
    assert host.tls.certificate == "/etc/letsencrypt/live/mail.example.org/fullchain.pem"


def test_a_host_may_name_its_own_certificate() -> None:
    tls = {"certificate": "/etc/ssl/a.pem", "private_key": "/etc/ssl/a.key"}
    own = {"hostname": "mail.example.org", "addresses": ["192.0.2.1"], "tls": tls}
    assert spec_of(hosts={"mail": own}).hosts["mail"].tls.certificate == "/etc/ssl/a.pem"


MAIL = {"hostname": "mail.example.org", "addresses": ["192.0.2.1"]}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"version": 2}, id="version"),
        pytest.param({"hosts": {}}, id="no host"),
        pytest.param({"hosts": {"../../etc": MAIL}}, id="host key that leaves the tree"),
        pytest.param({"hosts": {"lab.dns": MAIL}}, id="host key with a dot"),
        pytest.param({"hosts": {"mail": {**MAIL, "hostname": "mail"}}}, id="one label"),
        pytest.param(
            {"hosts": {"mail": {**MAIL, "hostname": "my_mail.example.org"}}}, id="underscore"
        ),
        pytest.param({"hosts": {"mail": {**MAIL, "hostname": "192.0.2.1"}}}, id="address as name"),
        pytest.param({"hosts": {"mail": {**MAIL, "addresses": []}}}, id="no address"),
        pytest.param({"hosts": {"mail": {**MAIL, "addresses": ["192.0.2.256"]}}}, id="bad address"),
        pytest.param({"hosts": {"mail": {**MAIL, "target": "debian-5"}}}, id="unknown target"),
        pytest.param({"protocols": {"imaps": {"port": 0}}}, id="port 0"),
        pytest.param({"protocols": {"imaps": None}}, id="protocol without a word"),
        pytest.param({"protocols": {"gopher": {"port": 70}}}, id="unknown protocol"),
        pytest.param(
            {"domains": {"a.example": {"mailboxes": {"a b": {}}}}}, id="space in a mailbox"
        ),
        pytest.param(
            {"domains": {"a.example": {"mailboxes": {"a": {"password": "x"}}}}}, id="secret"
        ),
        pytest.param(
            {"domains": {"a.example": {"mailboxes": {"a": {"quota": "2 GB"}}}}}, id="quota"
        ),
        pytest.param({"domains": {"a.example": {"aliases": {"a": []}}}}, id="alias to nobody"),
        pytest.param(
            {"domains": {"a.example": {"aliases": {"a": "b@c.example, d"}}}}, id="two in one"
        ),
        pytest.param(
            {"domains": {"a.example": {"aliases": {"a": '"|cat"@b.example'}}}}, id="quoted"
        ),
        pytest.param({"domains": {"a.example": {"mailboxes": {"a/.b": {}}}}}, id="inside another"),
        pytest.param({"domains": {"a.example": {"mailboxes": {"a%b": {}}}}}, id="percent route"),
        pytest.param({"domains": {"a.example": {"mailboxes": {"a!b": {}}}}}, id="bang route"),
        pytest.param({"domains": {"a.example": {"mailboxes": {"-a": {}}}}}, id="hyphen first"),
        pytest.param({"domains": {"a.example": {"mailboxes": {"a+b": {}}}}}, id="delimiter"),
        pytest.param({"domains": {"a.example": {"mailboxes": {"a..b": {}}}}}, id="two dots"),
        pytest.param({"waivers": [{"code": "MX009", "reason": ""}]}, id="waiver without a reason"),
    ],
)
def test_what_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        spec_of(**changes)
