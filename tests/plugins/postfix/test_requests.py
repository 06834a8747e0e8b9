"""What Postfix asks of the firewall, and which certificates it serves."""

import pytest

from mailconf.model.request import R
from mailconf.model.requests.firewall import MailClient, OpenPort
from mailconf.model.requests.web import CertificateUse
from mailconf.model.spec import Spec
from mailconf.plugins.postfix import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded
from tests.plugins.rendering import FLEET, SITE

FLEET_SPEC = spec_of(hosts=FLEET["hosts"], domains=FLEET["domains"])


def requested(host: str, kind: type[R], spec: Spec = FLEET_SPEC) -> list[R]:
    """Return what Postfix requests of a type on a host."""
    found = yielded(plugin.requests, view(plugin, spec))
    return [one for one in found if isinstance(one, kind) and one.host == host]


def test_only_postfix_speaks_to_other_servers() -> None:
    found = yielded(plugin.requests, view(plugin, FLEET_SPEC))
    told = {one.host: one.user for one in found if isinstance(one, MailClient)}
    mtas = {key for key, host in FLEET_SPEC.hosts.items() if host.is_mta}
    assert told == dict.fromkeys(mtas, "postfix")


@pytest.mark.parametrize("host", ["mx1", "sub", "st1", "bak", "app", "www"])
def test_only_a_relay_has_a_door_for_our_own_hosts(host: str) -> None:
    assert requested(host, OpenPort) == []


def test_a_relay_lets_in_who_sends_through_it() -> None:
    senders = "192.0.2.1 2001:db8::1 192.0.2.2 192.0.2.3 2001:db8::3 192.0.2.4 192.0.2.6 192.0.2.7"
    (opened,) = requested("out", OpenPort)
    assert (opened.port, " ".join(opened.sources)) == (25, senders)


@pytest.mark.parametrize("role", ["mx", "backup-mx"])
def test_a_relay_to_which_everybody_delivers_is_open_anyway(role: str) -> None:
    hosts = FLEET["hosts"] | {"out": {**FLEET["hosts"]["out"], "roles": ["relay", role]}}
    spec = spec_of(hosts=hosts, domains=FLEET["domains"])
    assert requested("out", OpenPort, spec) == []


@pytest.mark.parametrize("host", ["mx1", "sub", "out", "bak"])
def test_whoever_is_connected_to_serves_a_certificate(host: str) -> None:
    live = f"/etc/letsencrypt/live/{host}.example.org/fullchain.pem"
    name = f"{host}.example.org"
    assert requested(host, CertificateUse) == [
        CertificateUse(host=host, path=live, service="postfix", name=name)
    ]


@pytest.mark.parametrize("host", ["st1", "app", "www"])
def test_nobody_else_does(host: str) -> None:
    assert requested(host, CertificateUse) == []


def test_a_domain_that_brings_a_certificate_has_it_served() -> None:
    own = {"certificate": "/etc/ssl/own.pem", "private_key": "/etc/ssl/own.key"}
    domains = {"example.org": {"client_host": "in.example.org", "tls": own}}
    spec = spec_of(hosts=SITE["hosts"], domains=domains)
    live = "/etc/letsencrypt/live/mail.example.org/fullchain.pem"
    shown = {(use.path, use.name) for use in requested("mail", CertificateUse, spec)}
    assert shown == {(live, "mail.example.org"), ("/etc/ssl/own.pem", "in.example.org")}
