"""Autoconfig: what is rendered, and whether it is what clients get."""

import pytest

from mailconf.model.outcome import Verdict
from mailconf.model.questions.pages import Page
from mailconf.model.questions.sessions import TlsFacts
from mailconf.plugins.autoconfig import plugin
from mailconf.plugins.autoconfig.config import config_for
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view, yielded

SPEC = spec_of(protocols={"pop3s": {"port": 995}})
SEEN = view(plugin, SPEC, options={"display_name": "Example & Sons"})
CONFIG = config_for(SEEN, SPEC.domains["example.org"])
URL = "https://autoconfig.example.org/mail/config-v1.1.xml"
CHECK = check_of(plugin, "autoconfig.served")
XML = "text/xml; charset=utf-8"


def test_implicit_tls_comes_first() -> None:
    assert [(s.type, s.port, s.socket) for s in CONFIG.incoming] == [
        ("imap", 993, "SSL"),
        ("pop3", 995, "SSL"),
    ]
    assert [(s.port, s.socket) for s in CONFIG.outgoing] == [(465, "SSL"), (587, "STARTTLS")]


def test_it_is_served_over_https_and_http() -> None:
    assert [page.url for page in yielded(plugin.requests, SEEN)] == [
        URL,
        URL.replace("https", "http"),
    ]


def test_the_name_points_to_the_web_host() -> None:
    (record,) = yielded(plugin.records, SEEN)
    assert (record.type, record.value) == ("CNAME", "mail.example.org.")


def test_a_domain_without_mailboxes_has_none() -> None:
    seen = view(plugin, spec_of(domains={"a.example": {"mail": "none"}}))
    for facet in (plugin.requests, plugin.records, plugin.files):
        assert yielded(facet, seen) == []


def untrusted(now: FakeWorld) -> TlsFacts:
    return TlsFacts("TLSv1.3", "x", (), "y", now.now, now.now, fault="self-signed certificate")


@pytest.mark.parametrize(
    ("page", "found"),
    [
        pytest.param(Page(200, XML, str(CONFIG)), [], id="as rendered"),
        pytest.param(Page(200, "application/xml", str(CONFIG)), [], id="the other type"),
        pytest.param(Page(404, "text/html", "no"), ["ACF008"], id="not there"),
        pytest.param(Page(301, "", ""), ["ACF008"], id="redirect"),
        pytest.param(Page(200, "text/html", str(CONFIG)), ["ACF020"], id="no XML type"),
        pytest.param(Page(200, XML, "<html/>"), ["ACF021"], id="another document"),
        pytest.param(
            Page(200, XML, str(CONFIG).replace("993", "143")), ["ACF011"], id="another port"
        ),
        pytest.param(
            Page(200, XML, str(CONFIG), untrusted(FakeWorld())), ["ACF022"], id="untrusted"
        ),
    ],
)
async def test_served(page: Page, found: list[str]) -> None:
    location = next(iter(CHECK.subjects(SEEN)))
    done = await outcome(CHECK, SEEN, location, FakeWorld(pages={URL: page}))
    assert codes(done.findings) == found


async def test_silence_is_unknown_not_failed() -> None:
    location = next(iter(CHECK.subjects(SEEN)))
    done = await outcome(CHECK, SEEN, location, FakeWorld(silent=frozenset({URL})))
    assert done.verdict is Verdict.UNKNOWN


OWN = check_of(plugin, "autoconfig.own-site")
OWN_URL = "https://example.org/.well-known/autoconfig/mail/config-v1.1.xml"
OWN_NAME = {("example.org.", "A"): ("192.0.2.80",)}
OTHER = str(CONFIG).replace("<port>993<", "<port>143<")


@pytest.mark.parametrize(
    ("page", "names", "found"),
    [
        pytest.param(Page(404, "text/html", ""), OWN_NAME, [], id="no such file"),
        pytest.param(Page(200, "text/html", "<html/>"), OWN_NAME, [], id="a web page"),
        pytest.param(Page(200, XML, str(CONFIG)), OWN_NAME, [], id="the same"),
        pytest.param(Page(200, XML, OTHER), OWN_NAME, ["ACF011"], id="another"),
        pytest.param(Page(200, XML, OTHER), {}, [], id="no web site"),
    ],
)
async def test_the_domains_own_site_may_have_a_file(
    page: Page, names: dict[tuple[str, str], tuple[str, ...]], found: list[str]
) -> None:
    (at,) = OWN.subjects(SEEN)
    done = await outcome(OWN, SEEN, at, FakeWorld(pages={OWN_URL: page}, zones=names))
    assert (codes(done.findings), done.verdict is Verdict.FAILED) == (found, bool(found))


def test_the_file_is_asked_for_with_an_address_and_without() -> None:
    asked = [str(subject) for subject in CHECK.subjects(SEEN)]
    assert f"{URL}?emailaddress=postmaster@example.org" in asked
    assert URL in asked
