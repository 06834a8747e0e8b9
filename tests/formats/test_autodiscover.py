"""Autodiscover documents (MS-OXDSCLI)."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from mailconf.formats.autodiscover import (
    ASK,
    INNER,
    OUTER,
    Autodiscover,
    AutodiscoverError,
    Protocol,
    request,
)
from tests.formats.test_client_config import NAME, TEXT

PROTOCOLS = st.builds(
    Protocol,
    st.sampled_from(["IMAP", "POP3", "SMTP", "CalDAV"]),
    NAME,
    st.integers(1, 65_535),
    st.booleans(),
    st.sampled_from(["", "SSL", "TLS", "None", "Auto"]),
    st.booleans(),
    st.one_of(st.just(""), TEXT),
)
DOCUMENTS = st.one_of(
    st.builds(Autodiscover, st.lists(PROTOCOLS, max_size=4).map(tuple)),
    st.builds(Autodiscover, elsewhere=TEXT),
    st.builds(Autodiscover, error=TEXT),
)


@given(DOCUMENTS)
def test_a_document_reads_back(document: Autodiscover) -> None:
    assert Autodiscover.parse(str(document)) == document


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(AutodiscoverError):
        Autodiscover.parse(text)


def test_a_request_has_the_address_in_the_schema_of_requests() -> None:
    root = etree.fromstring(request("a&b@example.org").encode())
    assert root.findtext(f".//{{{ASK}}}EMailAddress") == "a&b@example.org"
    assert root.findtext(f".//{{{ASK}}}AcceptableResponseSchema") == INNER


def answer(inside: str, schema: str = INNER, outer: str = OUTER) -> str:
    return f'<Autodiscover xmlns="{outer}"><Response xmlns="{schema}">{inside}</Response></Autodiscover>'


def test_what_a_server_leaves_out_has_the_defaults_of_the_protocol() -> None:
    """SSL and SPA are on, the port is that of SSL (MS-OXDSCLI)."""
    found = Autodiscover.parse(
        answer(
            "<Account><Protocol><Type>IMAP</Type><Server>A.Example</Server></Protocol>"
            '<Protocol Type="SMTP"><Server>a.example</Server><SSL>Off</SSL></Protocol></Account>'
        )
    )
    assert found.protocols == (
        Protocol("IMAP", "a.example", 993, ssl=True, spa=True),
        Protocol("SMTP", "a.example", 0, ssl=False, spa=True),
    )


def test_an_error_may_be_in_the_outer_schema() -> None:
    text = answer("<Error><ErrorCode>600</ErrorCode></Error>", OUTER)
    assert Autodiscover.parse(text).error == "600"


def test_an_error_may_be_in_the_account() -> None:
    text = answer("<Account><Error><Message>no such user</Message></Error></Account>")
    assert Autodiscover.parse(text) == Autodiscover(error="no such user")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("<html/>", "root element is html", id="web page"),
        pytest.param("hello", "not well-formed", id="no XML"),
        pytest.param(answer("<Account/>", OUTER), "no Response of", id="one schema for all"),
        pytest.param(answer("<Account/>", outer="x"), "root element", id="other root"),
        pytest.param(answer("<Account/><Account/>"), "2 Account", id="two accounts"),
        pytest.param(answer(""), "0 Account", id="no account"),
        pytest.param(
            answer("<Account><Protocol><Type>IMAP</Type><Port>imap</Port></Protocol></Account>"),
            "port 'imap'",
            id="port",
        ),
        pytest.param(f'<!DOCTYPE a><Autodiscover xmlns="{OUTER}"/>', "document type", id="DTD"),
    ],
)
def test_what_outlook_would_not_take(text: str, told: str) -> None:
    with pytest.raises(AutodiscoverError, match=told):
        Autodiscover.parse(text)
