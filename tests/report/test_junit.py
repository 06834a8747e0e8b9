"""JUnit XML: valid by the schema that CI servers use."""

from lxml import etree

from mailconf.report.junit import render
from tests.conformance import DATA, needs_data
from tests.report.samples import report

ROOT = etree.fromstring(render(report()).encode())


def test_cases_are_counted() -> None:
    suite = ROOT.find("testsuite")
    assert suite is not None
    counted = {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")}
    assert counted == {"tests": "10", "failures": "3", "errors": "1", "skipped": "2"}


def test_a_notice_is_no_failure() -> None:
    case = ROOT.find(".//testcase[@classname='tls.note']")
    assert case is not None
    assert [child.tag for child in case] == ["system-out"]


@needs_data
def test_the_document_is_valid() -> None:
    schema = etree.XMLSchema(etree.parse(str(DATA / "output-schemas/junit-10.xsd")))
    schema.assertValid(ROOT)
