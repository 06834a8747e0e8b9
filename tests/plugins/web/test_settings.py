"""The names of pages are known to whoever renews their certificates."""

from mailconf.model.setting import Setting
from mailconf.plugins.web import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded

URLS = ("https://a.example/x.xml", "http://b.example/x.xml", "http://c.example/.well-known/tree/")


def test_directories_are_no_pages() -> None:
    wishes = tuple(Setting("web", "mail", url, "/var/www/x", "test") for url in URLS)
    found = yielded(plugin.settings, view(plugin, spec_of(), settings=wishes))
    assert [(s.to, s.key, s.value) for s in found] == [
        ("tls_certificates", "page a.example", "https"),
        ("tls_certificates", "page b.example", "http"),
    ]
