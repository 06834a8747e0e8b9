"""Virtual hosts from what others want served."""

import pytest

from mailconf.formats.ciphers import CIPHER_LIST
from mailconf.model.artifact import Certificate
from mailconf.model.setting import Setting
from mailconf.plugins.webserver import plugin
from mailconf.plugins.webserver.sites import sites
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded
from tests.plugins.rendering import rendered


def wish(url: str, file: str) -> Setting:
    return Setting("web", "mail", url, file, "test")


ASKED = (
    wish("https://a.example/x.xml", "/var/www/x.xml"),
    wish("http://a.example/x.xml", "/var/www/x.xml"),
    wish("https://a.example/.well-known/y.txt", "/var/www/y.txt"),
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
    (order,) = yielded(plugin.files, view(plugin, spec_of(), settings=ASKED))
    assert [need.name for need in order.needs if isinstance(need, Certificate)] == ["a.example"]


def test_without_wishes_there_is_no_web_server() -> None:
    assert yielded(plugin.files, view(plugin, spec_of())) == []


@pytest.mark.parametrize(
    ("asked", "ports"),
    [
        pytest.param((), [], id="nothing to serve"),
        pytest.param(ASKED[:1], ["443"], id="https"),
        pytest.param(ASKED[1:2], ["80"], id="http"),
        pytest.param(ASKED, ["443", "80"], id="each port once"),
    ],
)
def test_the_firewall_opens_the_ports_of_the_sites(
    asked: tuple[Setting, ...], ports: list[str]
) -> None:
    settings = yielded(plugin.settings, view(plugin, spec_of(), settings=asked))
    opened = [s for s in settings if s.to == "firewall" and s.key.isdigit()]
    assert [(s.host, s.key, s.value) for s in opened] == [("mail", port, "") for port in ports]


@pytest.mark.parametrize(
    ("asked", "certificates"),
    [
        pytest.param(ASKED[1:2], [], id="http"),
        pytest.param(ASKED, ["/etc/letsencrypt/live/mail.example.org/fullchain.pem"], id="https"),
    ],
)
def test_nginx_is_told_when_its_certificate_is_renewed(
    asked: tuple[Setting, ...], certificates: list[str]
) -> None:
    settings = yielded(plugin.settings, view(plugin, spec_of(), settings=asked))
    served = [s for s in settings if s.to == "tls_certificates"]
    assert [(s.key, s.value) for s in served] == [(file, "nginx") for file in certificates]


def test_sites_of_other_hosts_open_nothing_here() -> None:
    hosts = {
        key: {"hostname": f"{key}.example.org", "addresses": [f"192.0.2.{number}"]}
        for number, key in enumerate(("mail", "www"), 1)
    }
    elsewhere = (Setting("web", "www", "https://a.example/x.xml", "/x.xml", "test"),)
    settings = yielded(plugin.settings, view(plugin, spec_of(hosts=hosts), settings=elsewhere))
    assert {setting.host for setting in settings} == {"www"}


def test_old_versions_and_weak_ciphers_are_not_spoken() -> None:
    text = rendered().text("etc/nginx/conf.d/mailconf.conf")
    encrypted = [block for block in text.split("server {")[1:] if "listen 443" in block]
    assert encrypted
    for block in encrypted:
        assert "ssl_protocols TLSv1.2 TLSv1.3;" in block
        assert f"ssl_ciphers {CIPHER_LIST};" in block
