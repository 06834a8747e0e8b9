"""Templates are strict, overridable, and refuse what they cannot write."""

from pathlib import Path, PurePosixPath

from mailconf.engine.render import Renderer
from mailconf.model.artifact import Render
from tests.engine.specs import codes


def rendered(directory: Path, template: str, data: object) -> tuple[list[str], list[str]]:
    (directory / "test").mkdir()
    (directory / "test/x.j2").write_text(template)
    order = Render("mail", PurePosixPath("etc/x"), "x.j2", data)
    artifacts, findings = Renderer(directory).carry_out([("test", order)])
    return [artifact.text for artifact in artifacts], codes(findings)


def test_data_is_printed(tmp_path: Path) -> None:
    assert rendered(tmp_path, "{{ data }}\n", "x") == (["x\n"], [])


def test_an_undefined_name_is_an_error(tmp_path: Path) -> None:
    assert rendered(tmp_path, "{{ data.none }}", {}) == ([], ["CFG034"])


def test_broken_syntax_is_an_error(tmp_path: Path) -> None:
    assert rendered(tmp_path, "{% for %}", {}) == ([], ["CFG034"])


def test_a_value_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    assert rendered(tmp_path, "{{ data | postfix }}", "a\nb = c") == ([], ["CFG033"])
