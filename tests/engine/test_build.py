"""Spec in, Build out; and the golden trees of the examples."""

from pathlib import Path

import pytest

from mailconf.engine.build import UnusableSpecError, build
from mailconf.engine.render import Renderer
from mailconf.engine.write import tree
from tests.engine.specs import EXAMPLES, GOOD, built, codes, parsed


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_renders_its_golden_tree(example: Path, tmp_path: Path) -> None:
    text = (example / "mailconf.yaml").read_text()
    (tmp_path / "mailconf.keys.yaml").write_text((example / "mailconf.keys.yaml").read_text())
    rendered = tree(built(tmp_path, text), None).texts
    expected = example / "expected"
    golden = {
        str(path.relative_to(expected)): path.read_text()
        for path in expected.rglob("*")
        if path.is_file()
    }
    assert rendered == golden


def test_a_spec_with_errors_is_not_built(tmp_path: Path) -> None:
    with pytest.raises(UnusableSpecError) as caught:
        build(parsed(tmp_path, GOOD.replace("version: 1", "version: 7")), Renderer())
    assert codes(caught.value.findings) == ["CFG022"]


def test_findings_of_plugins_have_places(tmp_path: Path) -> None:
    findings = built(tmp_path).findings
    assert codes(findings) == ["ADR004", "DKM020"]
    assert all(finding.place and finding.place.line for finding in findings)


def test_a_parked_domain_needs_no_host_of_its_own(tmp_path: Path) -> None:
    result = built(tmp_path, GOOD + "  parked.example: {mail: none}\n")
    values = {r.value for r in result.records if "parked.example" in r.name}
    assert values == {
        "0 .",
        "v=spf1 -all",
        "v=DMARC1; p=reject; sp=reject; np=reject; adkim=s; aspf=s",
    }
