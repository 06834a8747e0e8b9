"""What Dovecot asks of Postfix and of the firewall."""

from dataclasses import replace

import pytest

from mailconf.model.spec import Spec
from mailconf.plugins.dovecot import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded
from tests.plugins.rendering import FLEET

FLEET_SPEC = spec_of(hosts=FLEET["hosts"], domains=FLEET["domains"])
EDGES = "192.0.2.1 2001:db8::1 192.0.2.2"
BACKUP = "192.0.2.6"
UNLESS_DOWN = "{{ inet:{}:12340, default_action=DUNNO, try_limit=1, timeout=5s }}"


def asked(host: str, to: str, spec: Spec = FLEET_SPEC) -> dict[str, list[str]]:
    """Return what Dovecot asks of another plugin on a host, by key."""
    found: dict[str, list[str]] = {}
    for setting in yielded(plugin.settings, view(plugin, spec)):
        if (setting.host, setting.to) == (host, to) and not setting.key.startswith("sources "):
            found.setdefault(setting.key, []).append(setting.value)
    return found


def test_a_store_beside_postfix_is_reached_by_its_socket() -> None:
    wishes = asked("mail", "postfix", spec_of())
    assert wishes["transport example.org"] == ["lmtp:unix:private/dovecot-lmtp"]
    assert wishes["quota_policy"] == [UNLESS_DOWN.format("127.0.0.1")]
    assert "master_cf" not in wishes


@pytest.mark.parametrize("edge", ["mx1", "sub"])
def test_an_edge_is_told_the_store_of_each_domain(edge: str) -> None:
    wishes = asked(edge, "postfix")
    assert wishes["transport example.org"] == ["store:inet:[st1.example.org]:24"]
    assert wishes["transport example.net"] == ["store:inet:[st2.example.org]:24"]
    assert {line.split()[0] for line in wishes["master_cf"]} == {"store"}


@pytest.mark.parametrize("store", ["st1", "st2"])
def test_mail_is_taken_from_the_edges_alone(store: str) -> None:
    assert asked(store, "firewall")["24"] == [EDGES]


@pytest.mark.parametrize("store", ["st1", "st2"])
def test_who_only_asks_about_mailboxes_reaches_that_port_alone(store: str) -> None:
    assert asked(store, "firewall") == {"24": [EDGES], "12340": [f"{EDGES} {BACKUP}"]}


@pytest.mark.parametrize("host", ["mx1", "sub", "out", "bak", "app", "www"])
def test_only_stores_have_inner_ports(host: str) -> None:
    assert asked(host, "firewall") == {}


@pytest.mark.parametrize("host", ["st1", "out", "app", "www"])
def test_who_delivers_to_no_store_is_told_nothing(host: str) -> None:
    assert set(asked(host, "postfix")) <= {"after", "sieve_submission"}


@pytest.mark.parametrize(
    ("host", "after"),
    [
        pytest.param("st1", ["dovecot"], id="mailstore"),
        pytest.param("sub", ["dovecot"], id="submission"),
        pytest.param("mx1", None, id="mx runs no Dovecot"),
    ],
)
def test_postfix_starts_after_the_dovecot_beside_it(host: str, after: list[str] | None) -> None:
    assert asked(host, "postfix").get("after") == after


def test_dovecot_is_told_when_a_certificate_is_renewed() -> None:
    own = {"certificate": "/etc/ssl/own.pem", "private_key": "/etc/ssl/own.key"}
    domains = {"example.net": {"client_host": "in.example.net", "tls": own}}
    spec = spec_of(hosts=FLEET["hosts"], domains=FLEET["domains"] | domains)
    served = {host: set(asked(host, "tls_certificates", spec)) for host in ("st1", "sub")}
    live = "/etc/letsencrypt/live/st1.example.org/fullchain.pem"
    paths = {live, "/etc/ssl/own.pem"}
    assert served == {"st1": paths | {f"name {path}" for path in paths}, "sub": set()}


@pytest.mark.parametrize("host", ["mx1", "sub", "bak"])
def test_a_store_that_is_down_stops_nobody_s_mail(host: str) -> None:
    stores = ("st1.example.org", "st2.example.org")
    assert asked(host, "postfix")["quota_policy"] == [UNLESS_DOWN.format(s) for s in stores]


def test_a_backup_delivers_to_no_store() -> None:
    assert "transport example.org" not in asked("bak", "postfix")


def test_postfix_is_told_of_accounts_that_the_spec_does_not_know() -> None:
    sql = {"driver": "pgsql", "dbname": "mail", "password_query": "a", "user_query": "b"}
    seen = view(plugin, FLEET_SPEC)
    options = plugin.options.model_validate({"sql": sql})
    scopes = replace(seen.scopes, hosts={"st2": options})
    settings = yielded(plugin.settings, replace(seen, scopes=scopes))
    found = {(s.host, s.key) for s in settings if s.key.startswith("external")}
    assert {key for _, key in found} == {"external example.net"}
    assert {host for host, _ in found} >= {"mx1", "sub", "bak"}


def test_a_store_for_itself_opens_no_inner_port() -> None:
    assert asked("mail", "firewall", spec_of()) == {}
