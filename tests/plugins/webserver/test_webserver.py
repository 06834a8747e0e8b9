"""Virtual hosts from what others want served."""

import re

import pytest

from mailconf.formats.ciphers import CIPHER_LIST
from mailconf.model.artifact import Certificate
from mailconf.model.requests.firewall import OpenPort
from mailconf.model.requests.web import CertificateUse, ServedPage
from mailconf.plugins.webserver import plugin
from mailconf.plugins.webserver.files import addresses
from mailconf.plugins.webserver.sites import sites
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded
from tests.plugins.rendering import options, rendered


def page(url: str, file: str) -> ServedPage:
    return ServedPage(host="mail", url=url, path=file)


PLAIN, ENCRYPTED = (f"etc/nginx/conf.d/mailconf{kind}.conf" for kind in ("-http", ""))
CHALLENGE = "location ^~ /.well-known/acme-challenge/ {"
ASKED = (
    page("https://a.example/x.xml", "/var/www/x.xml"),
    page("http://a.example/x.xml", "/var/www/x.xml"),
    page("https://a.example/.well-known/y.txt", "/var/www/y.txt"),
)


def test_locations_are_grouped_by_name_and_scheme() -> None:
    found = sites(ASKED)
    assert [(site.name, site.is_https, len(site.locations)) for site in found] == [
        ("a.example", False, 1),
        ("a.example", True, 2),
    ]


def test_xml_is_served_as_xml() -> None:
    types = {loc.path: loc.media_type for site in sites(ASKED) for loc in site.locations}
    assert types == {"/x.xml": "text/xml", "/.well-known/y.txt": "text/plain"}


def test_https_names_need_a_certificate() -> None:
    orders = yielded(plugin.files, view(plugin, spec_of(), requests=ASKED))
    named = {
        str(order.path): sorted({n.name for n in order.needs if isinstance(n, Certificate)})
        for order in orders
    }
    assert named == {PLAIN: [], ENCRYPTED: ["a.example", "mail.example.org"]}


def test_without_pages_there_is_no_web_server() -> None:
    assert yielded(plugin.files, view(plugin, spec_of())) == []


@pytest.mark.parametrize(
    ("asked", "ports"),
    [
        pytest.param((), [], id="nothing to serve"),
        pytest.param(ASKED[:1], [443], id="https"),
        pytest.param(ASKED[1:2], [80], id="http"),
        pytest.param(ASKED, [80, 443], id="each port once"),
    ],
)
def test_the_firewall_opens_the_ports_of_the_sites(
    asked: tuple[ServedPage, ...], ports: list[int]
) -> None:
    made = yielded(plugin.requests, view(plugin, spec_of(), requests=asked))
    opened = [one for one in made if isinstance(one, OpenPort)]
    assert opened == [OpenPort(host="mail", port=port) for port in ports]


@pytest.mark.parametrize(
    ("asked", "certificates"),
    [
        pytest.param(ASKED[1:2], [], id="http"),
        pytest.param(ASKED, ["/etc/letsencrypt/live/mail.example.org/fullchain.pem"], id="https"),
    ],
)
def test_nginx_is_told_when_its_certificate_is_renewed(
    asked: tuple[ServedPage, ...], certificates: list[str]
) -> None:
    made = yielded(plugin.requests, view(plugin, spec_of(), requests=asked))
    served = {(one.path, one.service) for one in made if isinstance(one, CertificateUse)}
    assert served == {(file, "nginx") for file in certificates}


def test_sites_of_other_hosts_open_nothing_here() -> None:
    hosts = {
        key: {"hostname": f"{key}.example.org", "addresses": [f"192.0.2.{number}"]}
        for number, key in enumerate(("mail", "www"), 1)
    }
    elsewhere = [ServedPage(host="www", url="https://a.example/x.xml", path="/x.xml")]
    made = yielded(plugin.requests, view(plugin, spec_of(hosts=hosts), requests=elsewhere))
    assert {request.host for request in made} == {"www"}


def test_old_versions_and_weak_ciphers_are_not_spoken() -> None:
    text = rendered().text("etc/nginx/conf.d/mailconf.conf")
    encrypted = [block for block in text.split("server {")[1:] if "listen 443" in block]
    assert encrypted
    for block in encrypted:
        assert "ssl_protocols TLSv1.2 TLSv1.3;" in block
        assert f"ssl_ciphers {CIPHER_LIST};" in block


def blocks(text: str) -> list[str]:
    return text.split("server {")[1:]


def test_every_server_on_port_80_serves_challenges_and_none_redirects() -> None:
    text = rendered().text(PLAIN)
    assert blocks(text)
    for block in blocks(text):
        assert f"{CHALLENGE}\n        root /var/www/mailconf-acme;" in block
        assert "return 301" not in block
    assert "listen 80" not in rendered().text(ENCRYPTED)


def test_port_80_needs_no_certificate() -> None:
    assert "ssl_certificate" not in rendered().text(PLAIN)


def test_names_that_answer_alike_share_a_server() -> None:
    own = {"domains": {"example.org": {"client_host": "imap.example.org"}}}
    names = [
        re.findall(r"server_name([^;]*);", block)[0].split()
        for block in blocks(rendered(own).text(PLAIN))
    ]
    assert sorted(names) == [
        ["autoconfig.example.org"],
        ["imap.example.org", "mail.example.org", "mta-sts.example.org"],
    ]


def test_what_concerns_all_names_stands_once() -> None:
    site = rendered()
    said = [site.text(path).count("server_names_hash_bucket_size") for path in (PLAIN, ENCRYPTED)]
    assert said == [1, 0]
    alone = rendered({"plugins": {"tls_certificates": {"challenge": "dns"}, "autoconfig": "off"}})
    assert alone.text(ENCRYPTED).count("server_names_hash_bucket_size") == 1
    assert "mailconf-http.conf" not in alone.files("etc/nginx/conf.d")


def test_many_names_have_room() -> None:
    domains = {
        f"d{number}.example": {"aliases": {"postmaster": "a@x.example"}} for number in range(300)
    }
    assert "server_names_hash_max_size 4096;" in rendered({"domains": domains}).text(PLAIN)


def test_each_domain_can_have_a_certificate_of_its_own() -> None:
    site = rendered(options("webserver", certificates="domain"))
    live = "/etc/letsencrypt/live/mailconf.example.org"
    text = site.text(ENCRYPTED)
    assert text.count(f"ssl_certificate {live}/fullchain.pem;") == len(blocks(text)) == 2
    watched = site.text("etc/systemd/system/mailconf-certificates.path")
    assert f"PathChanged={live}\n" in watched


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("listen 80;\nlisten [::]:80;\n", {"port 80": "* [::]"}, id="everywhere"),
        pytest.param("    listen 192.0.2.1:80;", {"port 80": "192.0.2.1"}, id="one address"),
        pytest.param("listen [2001:db8::1]:443 ssl;", {"port 443": "[2001:db8::1]"}, id="IPv6"),
        pytest.param("# listen 80;", {}, id="comment"),
    ],
)
def test_addresses_that_a_reload_cannot_change(text: str, found: dict[str, str]) -> None:
    assert addresses(text) == found
