"""A report for CI servers: JUnit XML, one test case per outcome and per finding of the spec."""

from __future__ import annotations

from xml.etree import ElementTree

from mailconf.model.finding import Finding, Severity
from mailconf.model.outcome import Outcome, Report, Verdict
from mailconf.report.foreign import in_xml, one_line

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


def render(report: Report) -> str:
    """Return the report as a JUnit testsuites document."""
    root = ElementTree.Element("testsuites")
    suite = ElementTree.SubElement(root, "testsuite", name=f"mailconf {report.command}")
    for finding in report.findings:
        case = _case(suite, f"{finding.rule.code} {finding.subject}", "lint", 0.0)
        _failure(case, (finding,))
    for outcome in report.outcomes:
        _outcome(_case(suite, outcome.subject, outcome.check, outcome.seconds), outcome)
    _count(suite, report.seconds)
    ElementTree.indent(_safe(root))
    return f"{DECLARATION}\n{ElementTree.tostring(root, encoding='unicode')}\n"


def _case(suite: ElementTree.Element, name: str, check: str, seconds: float) -> ElementTree.Element:
    attributes = {"name": name, "classname": check, "time": f"{seconds:.3f}"}
    return ElementTree.SubElement(suite, "testcase", attributes)


def _outcome(case: ElementTree.Element, outcome: Outcome) -> None:
    if outcome.verdict is Verdict.FAILED:
        _failure(case, outcome.findings, "\n".join(outcome.evidence))
    elif outcome.verdict is Verdict.CRASHED:
        ElementTree.SubElement(case, "error", message=outcome.why, type="crash")
    elif outcome.verdict in (Verdict.UNKNOWN, Verdict.SKIPPED):
        ElementTree.SubElement(case, "skipped", message=f"{outcome.verdict}: {outcome.why}")


def _failure(case: ElementTree.Element, findings: tuple[Finding, ...], evidence: str = "") -> None:
    """Write a failure for warnings and errors; a notice is only text beside the case."""
    text = "\n".join(f"{f.place or ''} {f.rule.code}: {f.message}; fix: {f.fix}" for f in findings)
    worst = max(findings, key=lambda finding: finding.rule.severity)
    if worst.rule.severity is Severity.NOTICE:
        ElementTree.SubElement(case, "system-out").text = f"{text}\n{evidence}".strip()
        return
    node = ElementTree.SubElement(case, "failure", message=worst.message, type=worst.rule.code)
    node.text = text
    if evidence:
        ElementTree.SubElement(case, "system-out").text = evidence


def _count(suite: ElementTree.Element, seconds: float) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", f"{seconds:.3f}")


def _safe(root: ElementTree.Element) -> ElementTree.Element:
    """Let every text of a document go through the one way out; servers may answer anything."""
    for node in root.iter():
        for name, value in node.attrib.items():
            node.set(name, one_line(value))
        node.text = in_xml(node.text) if node.text else node.text
    return root
