"""Virtual hosts from what others want served."""

from mailconf.model.artifact import Certificate
from mailconf.model.setting import Setting
from mailconf.plugins.webserver import plugin
from mailconf.plugins.webserver.sites import sites
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded


def wish(url: str, file: str) -> Setting:
    return Setting("webserver", "mail", url, file, "test")


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
