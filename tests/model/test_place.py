"""Where a value stands, also when it was inherited."""

import pytest

from mailconf.model.place import Path, Place, Places

PLACES = Places(
    "spec.yaml",
    {
        ("domains",): Place("spec.yaml", 9, 1),
        ("domains", "a.example"): Place("spec.yaml", 10, 3),
        ("domains", "a.example", "dmarc"): Place("spec.yaml", 11, 5),
        ("defaults", "spf", "all"): Place("spec.yaml", 5, 8),
        ("plugins", "mta_sts"): Place("spec.yaml", 3, 3),
        ("hosts", "mail"): Place("spec.yaml", 7, 3),
    },
)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        pytest.param(("domains", "a.example", "dmarc"), 11, id="itself"),
        pytest.param(("domains", "a.example", "dmarc", "policy"), 11, id="inside"),
        pytest.param(("domains", "a.example", "spf", "all"), 5, id="from the defaults"),
        pytest.param(("domains", "a.example", "mta_sts", "mode"), 3, id="from the plugin"),
        pytest.param(("domains", "a.example", "mailboxes"), 10, id="nearest enclosing"),
        pytest.param(("hosts", "mail", "mta_sts"), 3, id="plugin of a host"),
        pytest.param(("waivers", 0), 0, id="nowhere"),
    ],
)
def test_the_place_of_a_path(path: Path, line: int) -> None:
    assert PLACES.of(path).line == line


def test_a_place_is_file_line_column() -> None:
    assert str(Place("spec.yaml", 3, 7)) == "spec.yaml:3:7"
    assert str(Place("spec.yaml")) == "spec.yaml"
