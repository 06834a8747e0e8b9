"""A rendered tree as a world: its own records and pages, and nothing else."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailconf.model.questions.dns import DnsQuery
from mailconf.model.questions.pages import PageRequest
from mailconf.model.questions.ports import PortProbe
from mailconf.model.questions.sessions import ServerSession
from mailconf.model.questions.tls import StarttlsInjection, TlsNegotiation
from mailconf.model.questions.transactions import SmtpTransactions
from mailconf.model.record import Record
from mailconf.model.records_document import RecordsDocument
from mailconf.model.world import NotApplicable
from mailconf.net.tree import RenderedTree
from tests.net.asking import listener

NOW = datetime(2026, 11, 27, tzinfo=UTC)
RECORDS = (
    Record("example.org.", "MX", "10 Mail.example.org.", 300),
    Record("a.b.example.org.", "TXT", "Text as it is", 60),
    Record("auto.example.org.", "CNAME", "mail.example.org."),
    Record("mail.example.org.", "A", "192.0.2.25"),
    Record("loop.example.org.", "CNAME", "loop.example.org."),
    Record("away.example.org.", "CNAME", "elsewhere.example.net."),
)
POLICY = "hosts/web/var/www/mailconf/mta-sts.example.org/.well-known/mta-sts.txt"


@pytest.fixture
def tree(tmp_path: Path) -> RenderedTree:
    for path, text in {
        "dns/records.json": str(RecordsDocument(RECORDS)),
        "dns/example.org.zone": "",
        POLICY: "version: STSv1\n",
    }.items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return RenderedTree.read(tmp_path, NOW)


async def test_what_is_published(tree: RenderedTree) -> None:
    found = await tree.ask(DnsQuery("EXAMPLE.org.", "MX"))
    assert (found.values, found.exists, found.ttl) == (("10 mail.example.org.",), True, 300)
    assert (await tree.ask(DnsQuery("a.b.example.org.", "TXT"))).values == ("Text as it is",)


async def test_names_that_do_not_exist_and_names_without_records(tree: RenderedTree) -> None:
    assert not (await tree.ask(DnsQuery("c.example.org.", "A"))).exists
    above = await tree.ask(DnsQuery("b.example.org.", "A"))
    assert (above.exists, above.values) == (True, ())


async def test_aliases_are_followed(tree: RenderedTree) -> None:
    found = await tree.ask(DnsQuery("auto.example.org.", "A"))
    assert (found.values, found.alias) == (("192.0.2.25",), "mail.example.org.")
    assert (await tree.ask(DnsQuery("auto.example.org.", "CNAME"))).values == ("mail.example.org.",)


async def test_an_alias_of_itself_ends(tree: RenderedTree) -> None:
    assert (await tree.ask(DnsQuery("loop.example.org.", "A"))).values == ()


@pytest.mark.parametrize(
    ("name", "rtype"),
    [
        pytest.param("example.net.", "A", id="name of others"),
        pytest.param("away.example.org.", "A", id="alias to others"),
        pytest.param("example.org.", "DNSKEY", id="not a record of ours"),
    ],
)
async def test_what_the_tree_does_not_know(tree: RenderedTree, name: str, rtype: str) -> None:
    with pytest.raises(NotApplicable, match="the rendered tree has no data for this name"):
        await tree.ask(DnsQuery(name, rtype))


async def test_pages_are_the_files_of_the_web_server(tree: RenderedTree) -> None:
    page = await tree.ask(PageRequest("https://mta-sts.example.org/.well-known/mta-sts.txt?x=1"))
    assert (page.status, page.content_type, page.body) == (200, "text/plain", "version: STSv1\n")
    assert (await tree.ask(PageRequest("https://mta-sts.example.org/other"))).status == 404
    with pytest.raises(NotApplicable):
        await tree.ask(PageRequest("https://www.example.org/"))


async def test_nobody_listens(tree: RenderedTree) -> None:
    at = listener("smtp", 25)
    for asked in (
        tree.ask(ServerSession(at)),
        tree.ask(StarttlsInjection(at)),
        tree.ask(TlsNegotiation(at, "RSA")),
        tree.ask(PortProbe(at)),
        tree.ask(SmtpTransactions(at, ())),
    ):
        with pytest.raises(NotApplicable, match="is not checked with --offline"):
            await asked
