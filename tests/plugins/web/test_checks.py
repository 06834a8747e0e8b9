"""Every address of a web host serves its pages, with a certificate that lasts."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from mailconf.model.outcome import Outcome, Verdict
from mailconf.model.questions.pages import Page
from mailconf.model.questions.sessions import TlsFacts
from mailconf.plugins.web import plugin
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view
from tests.plugins.webserver.test_webserver import page as served

HOST = {"hostname": "mail.example.org", "addresses": ["192.0.2.25", "2001:db8::25"]}
URL = "https://a.example/x.xml"
SEEN = view(plugin, spec_of(hosts={"mail": HOST}), requests=[served(URL, "/var/www/x.xml")])
SIX = f"{URL} [2001:db8::25]"
NOW = datetime.fromisoformat("2026-11-24T00:00:00+00:00")


def page(days: float = 60, body: str = "<x/>", fault: str = "") -> Page:
    end = NOW + timedelta(days=days)
    tls = TlsFacts("TLSv1.3", "x", ("a.example",), "ca", end - timedelta(days=90), end, fault)
    return Page(200, "text/xml", body, tls)


async def asked(pages: dict[str, Page], **parts: Any) -> list[Outcome]:
    check = check_of(plugin, "web.reachable")
    world = FakeWorld(pages=pages, **parts)
    return [await outcome(check, SEEN, subject, world) for subject in check.subjects(SEEN)]


@pytest.mark.parametrize(
    ("pages", "found"),
    [
        pytest.param({URL: page()}, [[], []], id="all well"),
        pytest.param({URL: page(20)}, [["WEB001"], ["WEB001"]], id="not for long"),
        pytest.param({URL: page(), SIX: page(body="other")}, [[], ["WEB003"]], id="another page"),
        pytest.param({URL: page(), SIX: page(fault="expired")}, [[], ["WEB003"]], id="certificate"),
        pytest.param({URL: page(), SIX: Page(404, "", "")}, [[], ["WEB003"]], id="no page"),
        pytest.param({URL: page(-1, fault="expired")}, [[], []], id="over, as another check tells"),
    ],
)
async def test_addresses(pages: dict[str, Page], found: list[list[str]]) -> None:
    assert [codes(one.findings) for one in await asked(pages)] == found


async def test_an_address_at_which_nobody_listens() -> None:
    four, six = await asked({URL: page()}, closed=frozenset({SIX}))
    assert (codes(four.findings), codes(six.findings)) == ([], ["WEB002"])


async def test_an_address_that_is_silent_cannot_be_told_about() -> None:
    _, six = await asked({URL: page()}, silent=frozenset({SIX}))
    assert six.verdict is Verdict.UNKNOWN
