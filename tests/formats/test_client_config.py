"""Mozilla Autoconfig documents."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mailconf.formats.client_config import ClientConfig, ClientConfigError, Server
from tests.conformance import DATA, needs_data

NAME = st.from_regex(r"[a-z0-9]{1,10}(\.[a-z]{2,5}){1,3}", fullmatch=True)
TEXT = st.text(
    st.characters(
        min_codepoint=33, max_codepoint=0x2FFF, exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]
    ),
    min_size=1,
    max_size=30,
)


def servers(*types: str) -> st.SearchStrategy[tuple[Server, ...]]:
    one = st.builds(
        Server,
        st.sampled_from(types),
        NAME,
        st.integers(1, 65535),
        st.sampled_from(["SSL", "STARTTLS"]),
    )
    return st.lists(one, min_size=1, max_size=3).map(tuple)


CONFIGS = st.builds(ClientConfig, NAME, TEXT, servers("imap", "pop3"), servers("smtp"))


@given(CONFIGS)
def test_a_document_reads_back(config: ClientConfig) -> None:
    assert ClientConfig.parse(str(config)) == config


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ClientConfigError):
        ClientConfig.parse(text)


@needs_data
def test_the_document_is_valid_by_the_schema_of_the_draft() -> None:
    schema = etree.RelaxNG(etree.parse(str(DATA / "autoconfig/autoconfig.rng")))
    imap = Server("imap", "mail.example.org", 993, "SSL")
    smtp = Server("smtp", "mail.example.org", 465, "SSL")
    document = etree.fromstring(
        str(ClientConfig("example.org", "Example", (imap,), (smtp,))).encode()
    )
    schema.assertValid(document)


GOOD = str(ClientConfig("e.example", "E", (Server("imap", "m.e.example", 993, "SSL"),), ()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("SSL", "TLS", id="socket type"),
        pytest.param('type="imap"', 'type="ews"', id="server type"),
        pytest.param("993", "imaps", id="port"),
        pytest.param("<hostname>m.e.example</hostname>", "", id="no host name"),
        pytest.param("</clientConfig>", "", id="cut"),
        pytest.param("emailProvider", "provider", id="no provider"),
        pytest.param("clientConfig", "html", id="another document"),
        pytest.param(
            "<clientConfig", '<!DOCTYPE x [<!ENTITY a "b">]>\n<clientConfig', id="document type"
        ),
    ],
)
def test_what_thunderbird_would_not_take(old: str, new: str) -> None:
    assert old in GOOD
    with pytest.raises(ClientConfigError):
        ClientConfig.parse(GOOD.replace(old, new))
