"""Every format renders every report."""

import pytest

from mailconf.model.outcome import Report
from mailconf.report.formats import FORMATS
from tests.report.samples import report


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_renders(name: str) -> None:
    assert FORMATS[name](report()).endswith("\n")
    assert FORMATS[name](Report("lint", "s.yaml")).endswith("\n")
