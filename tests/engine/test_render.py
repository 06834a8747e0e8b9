"""Templates are strict, overridable, and refuse what they cannot write."""

from pathlib import Path, PurePosixPath

from mailconf.engine.render import Renderer
from mailconf.model.artifact import Render
from mailconf.model.base import Model
from mailconf.model.plugin import Plugin
from tests.engine.specs import codes


class Options(Model):
    """Options of a plugin for tests."""


def rendered(directory: Path, template: str, data: object) -> tuple[list[str], list[str]]:
    (directory / "test").mkdir()
    (directory / "test/x.j2").write_text(template)
    order = Render("mail", PurePosixPath("etc/x"), "x.j2", data)
    plugin = Plugin("test", "A test.", Options)
    artifacts, findings = Renderer(directory).carry_out([(plugin, order)])
    return [artifact.text for artifact in artifacts], codes(findings)


def test_data_is_printed(tmp_path: Path) -> None:
    assert rendered(tmp_path, "{{ data }}\n", "x") == (["x\n"], [])


def test_an_undefined_name_is_an_error(tmp_path: Path) -> None:
    assert rendered(tmp_path, "{{ data.none }}", {}) == ([], ["CFG034"])


def test_broken_syntax_is_an_error(tmp_path: Path) -> None:
    assert rendered(tmp_path, "{% for %}", {}) == ([], ["CFG034"])


def test_a_value_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    assert rendered(tmp_path, "{{ data | postfix }}", "a\nb = c") == ([], ["CFG033"])


def test_templates_of_a_third_party_run_in_a_sandbox(tmp_path: Path) -> None:
    (tmp_path / "fine.j2").write_text("{{ data | nginx }}\n")
    (tmp_path / "evil.j2").write_text("{{ data.__class__.__mro__ }}")
    plugin = Plugin("theirs", "Somebody else's.", Options, templates=tmp_path)
    path = PurePosixPath("etc/x")
    orders = [(plugin, Render("mail", path, name, "a b")) for name in ("fine.j2", "evil.j2")]
    artifacts, findings = Renderer().carry_out(orders)
    assert [artifact.text for artifact in artifacts] == ['"a b"\n']
    assert codes(findings) == ["CFG034"]
