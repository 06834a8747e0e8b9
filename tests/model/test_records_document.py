"""The document of records: what is written is read back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.model.record import Record
from mailconf.model.records_document import PublishedError, RecordsDocument

RECORDS = st.builds(
    Record,
    name=st.from_regex(r"[a-z_]{1,9}\.example\.", fullmatch=True),
    type=st.just("TXT"),
    value=st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=600),
    ttl=st.integers(0, 2**31 - 1),
)


@given(st.lists(RECORDS))
def test_what_is_written_is_read_back(records: list[Record]) -> None:
    assert RecordsDocument.parse(str(RecordsDocument(tuple(records)))).records == tuple(records)


def document(**wrong: object) -> str:
    """Return a document whose second record is not as it should be."""
    right = {"name": "a.", "type": "TXT", "ttl": 1, "value": "x"}
    return json.dumps({"schema": "mailconf.records/1", "records": [right, right | wrong]})


def test_a_damaged_record_is_told_by_its_number() -> None:
    with pytest.raises(PublishedError, match=r"^record 2: the value is 'x'; expected an IPv4"):
        RecordsDocument.parse(document(type="A"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("[]", id="a list"),
        pytest.param('{"schema": "mailconf.records/2", "records": []}', id="another major version"),
        pytest.param('{"schema": "mailconf.records/1"}', id="no records"),
        pytest.param('{"schema": "mailconf.records/1", "records": [{}]}', id="half a record"),
        pytest.param('{"schema": "mailconf.records/1", "records": [1]}', id="a number"),
        pytest.param(document(ttl="1"), id="text for a TTL"),
        pytest.param(document(name=5), id="number for a name"),
        pytest.param(document(name="a"), id="a relative name"),
        pytest.param(document(type=[]), id="a list for a type"),
        pytest.param(document(type="A"), id="no address"),
        pytest.param(document(value="a\nb"), id="two lines"),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(PublishedError):
        RecordsDocument.parse(text)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_the_document_is_what_json_writes_with_an_indent_of_two(count: int) -> None:
    records = tuple(Record(f"{n}.example.", "TXT", 'a "ü\\', where=("x", n)) for n in range(count))
    text = str(RecordsDocument(records))
    assert text == json.dumps(json.loads(text), indent=2)
    assert [one["where"] for one in json.loads(text)["records"]] == [f"x.{n}" for n in range(count)]
