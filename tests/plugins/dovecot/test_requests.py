"""What Dovecot asks of Postfix and of the firewall."""

from dataclasses import replace

import pytest

from mailconf.model.request import R
from mailconf.model.requests.accounts import ExternalAccounts
from mailconf.model.requests.firewall import OpenPort
from mailconf.model.requests.mta import PolicyService, StartAfter, StoreTransport
from mailconf.model.requests.web import CertificateUse
from mailconf.model.spec import Spec
from mailconf.plugins.dovecot import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded
from tests.plugins.rendering import FLEET

FLEET_SPEC = spec_of(hosts=FLEET["hosts"], domains=FLEET["domains"])
EDGES = "192.0.2.1 2001:db8::1 192.0.2.2"
BACKUP = "192.0.2.6"


def requested(host: str, kind: type[R], spec: Spec = FLEET_SPEC) -> list[R]:
    """Return what Dovecot requests of a type on a host."""
    found = yielded(plugin.requests, view(plugin, spec))
    return [one for one in found if isinstance(one, kind) and one.host == host]


def opened(host: str, spec: Spec = FLEET_SPEC) -> dict[int, str]:
    return {port.port: " ".join(port.sources) for port in requested(host, OpenPort, spec)}


def quota(host: str, server: str) -> PolicyService:
    return PolicyService(
        host=host, stage="quota", address=f"inet:{server}:12340", timeout="5s", order=50
    )


def test_a_store_beside_postfix_is_reached_by_its_socket() -> None:
    (way,) = requested("mail", StoreTransport, spec_of())
    assert way == StoreTransport(host="mail", domain="example.org", socket="private/dovecot-lmtp")
    assert requested("mail", PolicyService, spec_of()) == [quota("mail", "127.0.0.1")]


@pytest.mark.parametrize("edge", ["mx1", "sub"])
def test_an_edge_is_told_the_store_of_each_domain(edge: str) -> None:
    ways = {way.domain: (way.server, way.port) for way in requested(edge, StoreTransport)}
    assert ways["example.org"] == ("st1.example.org", 24)
    assert ways["example.net"] == ("st2.example.org", 24)


@pytest.mark.parametrize("store", ["st1", "st2"])
def test_mail_is_taken_from_the_edges_alone(store: str) -> None:
    assert opened(store)[24] == EDGES


@pytest.mark.parametrize("store", ["st1", "st2"])
def test_who_only_asks_about_mailboxes_reaches_that_port_alone(store: str) -> None:
    assert opened(store) == {24: EDGES, 12340: f"{EDGES} {BACKUP}"}


@pytest.mark.parametrize("host", ["mx1", "sub", "out", "bak", "app", "www"])
def test_only_stores_have_inner_ports(host: str) -> None:
    assert opened(host) == {}


@pytest.mark.parametrize("host", ["st1", "out", "app", "www"])
def test_who_delivers_to_no_store_is_told_nothing(host: str) -> None:
    assert requested(host, StoreTransport) == []
    assert requested(host, PolicyService) == []


@pytest.mark.parametrize(
    ("host", "after"),
    [
        pytest.param("st1", ["dovecot"], id="mailstore"),
        pytest.param("sub", ["dovecot"], id="submission"),
        pytest.param("mx1", [], id="mx runs no Dovecot"),
    ],
)
def test_postfix_starts_after_the_dovecot_beside_it(host: str, after: list[str]) -> None:
    assert [one.unit for one in requested(host, StartAfter)] == after


def test_dovecot_is_told_when_a_certificate_is_renewed() -> None:
    own = {"certificate": "/etc/ssl/own.pem", "private_key": "/etc/ssl/own.key"}
    domains = {"example.net": {"client_host": "in.example.net", "tls": own}}
    spec = spec_of(hosts=FLEET["hosts"], domains=FLEET["domains"] | domains)
    served = {
        host: {use.path for use in requested(host, CertificateUse, spec)} for host in ("st1", "sub")
    }
    live = "/etc/letsencrypt/live/st1.example.org/fullchain.pem"
    assert served == {"st1": {live, "/etc/ssl/own.pem"}, "sub": set()}


@pytest.mark.parametrize("host", ["mx1", "sub", "bak"])
def test_a_store_that_is_down_stops_nobody_s_mail(host: str) -> None:
    stores = ("st1.example.org", "st2.example.org")
    assert requested(host, PolicyService) == [quota(host, store) for store in stores]


def test_a_backup_delivers_to_no_store() -> None:
    assert requested("bak", StoreTransport) == []


def test_postfix_is_told_of_accounts_that_the_spec_does_not_know() -> None:
    sql = {"driver": "pgsql", "dbname": "mail", "password_query": "a", "user_query": "b"}
    seen = view(plugin, FLEET_SPEC)
    options = plugin.options.model_validate({"sql": sql})
    scopes = replace(seen.scopes, hosts={"st2": options})
    made = yielded(plugin.requests, replace(seen, scopes=scopes))
    found = [one for one in made if isinstance(one, ExternalAccounts)]
    assert {one.domain for one in found} == {"example.net"}
    assert {one.host for one in found} >= {"mx1", "sub", "bak"}


def test_a_store_for_itself_opens_no_inner_port() -> None:
    assert opened("mail", spec_of()) == {}
