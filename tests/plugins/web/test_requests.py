"""The names of pages are known to whoever renews their certificates."""

from mailconf.model.requests.web import PageName, ServedPage
from mailconf.plugins.web import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded

URLS = ("https://a.example/x.xml", "http://b.example/x.xml", "http://c.example/.well-known/tree/")


def test_directories_are_no_pages() -> None:
    pages = [ServedPage(host="mail", url=url, path="/var/www/x") for url in URLS]
    found = yielded(plugin.requests, view(plugin, spec_of(), requests=pages))
    assert found == [
        PageName(host="mail", name="a.example", scheme="https"),
        PageName(host="mail", name="b.example", scheme="http"),
    ]
