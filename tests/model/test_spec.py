"""The spec as types: defaults, derivations, and what each field accepts."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from pydantic import ValidationError

from mailconf.model.endpoint import Security
from mailconf.model.host import Host
from mailconf.model.spec import Spec
from mailconf.testing import spec_of

Bodies = Mapping[str, dict[str, object]]


def host(key: str, number: int, *roles: str, **more: object) -> dict[str, object]:
    body = {"hostname": f"{key}.example.org", "addresses": [f"192.0.2.{number}"], **more}
    return body | ({"roles": list(roles)} if roles else {})


SITE = {
    "a": host("a", 1, "mx"),
    "b": host("b", 2, "mx", "submission"),
    "one": host("one", 3, "mailstore", "submission"),
    "two": host("two", 4, "mailstore"),
    "spare": host("spare", 5, "backup-mx"),
    "www": host("www", 6, "web"),
}
RELAYS = {"out": host("out", 7, "relay"), "away": host("away", 8, "relay", "web")}


def site(hosts: Bodies = SITE, **domain: object) -> Spec:
    return spec_of(hosts=hosts, domains={"example.org": domain})


def keys(hosts: Iterable[Host]) -> list[str]:
    return [host.key for host in hosts]


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


@pytest.mark.parametrize(
    ("domain", "preferences"),
    [
        pytest.param({}, [(10, "a"), (10, "b"), (20, "spare")], id="backups after all others"),
        pytest.param({"mx": {"b": 5, "a": 7}}, [(5, "b"), (7, "a")], id="as the domain says"),
        pytest.param({"mx": {"spare": 1}}, [(1, "spare")], id="a backup that is named"),
        pytest.param({"mx": {"a": 10, "none": 5}}, [(10, "a")], id="a host that is not there"),
        pytest.param({"provider": "google-workspace"}, [], id="with a provider"),
    ],
)
def test_the_best_mx_comes_first(
    domain: dict[str, Any], preferences: list[tuple[int, str]]
) -> None:
    spec = site(**domain)
    pairs = spec.mx_of(spec.domains["example.org"])
    assert [(number, host.key) for number, host in pairs] == preferences


def test_equal_preferences_are_ordered_by_name() -> None:
    hosts = {key: host(key, number, "mx") for number, key in enumerate(("z", "m"), 1)}
    spec = site(hosts)
    assert keys(host for _, host in spec.mx_of(spec.domains["example.org"])) == ["m", "z"]


@pytest.mark.parametrize("mail", ["send-only", "none"])
def test_a_domain_without_mailboxes_has_no_mx(mail: str) -> None:
    spec = spec_of(domains={"example.org": {"mail": mail}})
    assert spec.mx_of(spec.domains["example.org"]) == ()
    assert spec.hosted == ()


def test_hosts_are_found_by_any_of_their_roles() -> None:
    spec = site()
    assert keys(spec.hosts_with("submission")) == ["b", "one"]
    assert keys(spec.hosts_with("backup-mx", "mx")) == ["a", "b", "spare"]
    assert spec.hosts_with("relay") == ()


@pytest.mark.parametrize(
    ("domain", "store"),
    [
        pytest.param({}, "one", id="the first"),
        pytest.param({"store": "two"}, "two", id="as the domain says"),
        pytest.param({"store": "a"}, None, id="a host of another role"),
        pytest.param({"store": "none"}, None, id="a host that is not there"),
    ],
)
def test_the_store_of_a_domain(domain: dict[str, Any], store: str | None) -> None:
    spec = site(**domain)
    found = spec.store_of(spec.domains["example.org"])
    assert (found.key if found else None) == store


def test_without_a_mailstore_there_is_no_store() -> None:
    spec = site({"a": host("a", 1, "mx")})
    assert spec.store_of(spec.domains["example.org"]) is None


@pytest.mark.parametrize(
    ("hosts", "egress"),
    [
        pytest.param(SITE, ["a", "b", "one", "two", "spare"], id="all that handle mail"),
        pytest.param(SITE | RELAYS, ["out", "away"], id="relays alone"),
    ],
)
def test_where_mail_leaves(hosts: Bodies, egress: list[str]) -> None:
    assert keys(site(hosts).egress) == egress


def test_a_relay_carries_the_mail_of_all_hosts_that_send_not_themselves() -> None:
    spec = site(SITE | RELAYS)
    senders = ["a", "b", "one", "two", "spare"]
    assert [keys(spec.senders_through(spec.hosts[key])) for key in RELAYS] == [senders, senders]
    assert spec.senders_through(spec.hosts["a"]) == ()


def test_the_first_web_host_serves_files() -> None:
    web = site(RELAYS | SITE).web
    assert web
    assert web.key == "away"
    assert site({"a": host("a", 1, "mx")}).web is None


def test_a_host_has_its_own_ports() -> None:
    protocols = {"imaps": "off", "pop3s": {"port": 995}, "submission": {"port": 2587}}
    own = host("mail", 1, protocols=protocols)
    spec = spec_of(
        hosts={"mail": own, "other": host("other", 2)},
        protocols={"imaps": {"port": 1993}, "managesieve": {"port": 4190}},
    )
    found = {
        key: [(protocol.name, service.port) for protocol, service in spec.offered_by(one)]
        for key, one in spec.hosts.items()
    }
    both = [("smtp", 25), ("submissions", 465)]
    assert found == {
        "mail": [*both, ("submission", 2587), ("pop3s", 995), ("managesieve", 4190)],
        "other": [*both, ("submission", 587), ("imaps", 1993), ("managesieve", 4190)],
    }


def test_a_host_offers_nothing_beyond_its_roles() -> None:
    own = host("mail", 1, "mx", protocols={"imaps": {"port": 993}})
    assert offered(spec_of(hosts={"mail": own})) == ["smtp:25"]


def test_an_endpoint_stands_where_its_port_is_written() -> None:
    own = host("mail", 1, protocols={"submission": {"port": 2587}})
    spec = spec_of(hosts={"mail": own}, protocols={"imaps": {"port": 993}})
    assert {point.protocol.name: point.where for point in spec.endpoints} == {
        "smtp": ("hosts", "mail"),
        "submissions": ("hosts", "mail"),
        "submission": ("hosts", "mail", "protocols", "submission"),
        "imaps": ("protocols", "imaps"),
    }


def test_an_endpoint_knows_the_proxies_in_front_of_it() -> None:
    spec = spec_of(protocols={"imaps": {"port": 993, "proxies": ["192.0.2.80", "2001:db8::80"]}})
    proxies = {point.protocol.name: list(map(str, point.proxies)) for point in spec.endpoints}
    assert proxies["imaps"] == ["192.0.2.80", "2001:db8::80"]
    assert proxies["smtp"] == []


def test_a_host_knows_its_own_endpoints() -> None:
    spec = site()
    names = [point.protocol.name for point in spec.endpoints_of(spec.hosts["one"])]
    assert names == ["submissions", "submission", "imaps"]


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


def test_hosts_are_found_by_name_and_address() -> None:
    hosts = {"a": host("a", 1), "b": host("b", 1), "c": host("a", 2)}
    spec = spec_of(hosts=hosts)
    first = spec.hosts["a"]
    assert spec.host_named("a.example.org") is first
    assert spec.host_at(first.addresses[0]) is first
    assert spec.host_named("elsewhere.example") is None


def test_who_delivers_where_is_known_from_both_sides() -> None:
    domains = {"one.example": {"mx": {"a": 10}}, "two.example": {}, "no.example": {"mail": "none"}}
    spec = spec_of(hosts=SITE, domains=domains)
    taken = {key: [d.name for d in spec.taken_by(h.hostname)] for key, h in spec.hosts.items()}
    assert taken == {
        "a": ["one.example", "two.example"],
        "b": ["two.example"],
        "spare": ["two.example"],
        **{key: [] for key in ("one", "two", "www")},
    }
    assert [key for key, h in spec.hosts.items() if spec.is_mx(h)] == ["a", "b", "spare"]
