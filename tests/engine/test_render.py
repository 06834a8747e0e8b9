"""Templates are strict, overridable, and refuse what they cannot write."""

import shlex
from pathlib import Path, PurePosixPath

import pytest

from mailconf.engine.render import Renderer
from mailconf.model.artifact import Render
from mailconf.model.base import Model
from mailconf.model.finding import Finding
from mailconf.model.plugin import Plugin
from mailconf.plugins.postfix.filters import FILTERS
from tests.engine.specs import codes


class Options(Model):
    """Options of a plugin for tests."""


def rendered(directory: Path, template: str, data: object) -> tuple[list[str], list[str]]:
    (directory / "test").mkdir()
    (directory / "test/x.j2").write_text(template)
    order = Render("mail", PurePosixPath("etc/x"), "x.j2", data)
    plugin = Plugin("test", "A test.", Options, filters=FILTERS)
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


class Data(Model):
    """Data of a template, as plugins pass it."""

    name: str = "x"
    names: tuple[str, ...] = ("a", "b")

    @property
    def shout(self) -> str:
        return self.name.upper()


@pytest.mark.parametrize(
    "template",
    [
        pytest.param("{{ data.__class__.__mro__ }}", id="classes"),
        pytest.param("{{ data['__class__'] }}", id="classes by item"),
        pytest.param("{{ data | attr('__class__') | attr('__init__') }}", id="classes by filter"),
        pytest.param("{{ ''.__class__.__base__.__subclasses__() }}", id="of a text"),
        pytest.param("{{ data.parse_raw }}", id="pickles"),
        pytest.param("{{ data.parse_file('/etc/passwd') }}", id="files"),
        pytest.param("{{ [data] | map(attribute='parse_file') | join }}", id="files by filter"),
        pytest.param("{{ data.model_construct() }}", id="construction"),
        pytest.param("{{ '{0.__class__}'.format(data) }}", id="format"),
        pytest.param("{% set x = [] %}{{ x.append(1) }}", id="change of data"),
        pytest.param("{{ self.__init__.__globals__ }}", id="the template itself"),
        pytest.param("{{ cycler.__init__.__globals__ }}", id="Jinja's own"),
        pytest.param("{% include '../secret.j2' %}", id="another folder"),
        pytest.param("{% include '/etc/passwd' %}", id="absolute"),
        pytest.param("{{ range(10**9) | list }}", id="memory"),
        pytest.param("{{ 1 / 0 }}", id="arithmetic"),
        pytest.param("{{ 'a' + 1 }}", id="types"),
        pytest.param("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", id="recursion"),
    ],
)
def test_what_a_template_may_not_do(tmp_path: Path, template: str) -> None:
    (tmp_path / "secret.j2").write_text("secret")
    texts, found = rendered(tmp_path, template, Data())
    assert [text for text in texts if "__main__" in text or "root:" in text] == []
    assert (texts, found) == ([], ["CFG034"])


def test_what_a_template_may_do(tmp_path: Path) -> None:
    template = "{{ data.name }} {{ data.shout }} {{ data.names | join(',') }}"
    assert rendered(tmp_path, template, Data()) == (["x X a,b"], [])


def broken(plugin: Plugin[Options], renderer: Renderer) -> Finding:
    order = Render("mail", PurePosixPath("etc/x"), "x.j2", {})
    _, findings = renderer.carry_out([(plugin, order)])
    return findings[0]


def test_a_broken_template_is_named_by_the_folder_it_lies_in(tmp_path: Path) -> None:
    own, theirs = tmp_path / "own", tmp_path / "theirs"
    for folder in (own / "test", theirs):
        folder.mkdir(parents=True)
        (folder / "x.j2").write_text("fine\n{{ data.none }}\n")
    plugin = Plugin("test", "A test.", Options, templates=theirs)
    finding = broken(plugin, Renderer(own))
    assert finding.message.startswith(f"{own}/test/x.j2, line 2: ")
    assert finding.fix == "correct the template given with --templates"
    finding = broken(plugin, Renderer())
    assert finding.message.startswith(f"{theirs}/x.j2, line 2: ")
    assert finding.fix == "report it to the author of the plugin test"


def test_a_missing_template_is_named_too(tmp_path: Path) -> None:
    finding = broken(Plugin("test", "A test.", Options, templates=tmp_path), Renderer())
    assert finding.message.startswith(f"{tmp_path}/x.j2, line ?: ")
    finding = broken(Plugin("spf", "A test.", Options), Renderer(tmp_path))
    assert finding.fix == "report it as a bug of mailconf"


def test_templates_of_the_operator_are_no_links(tmp_path: Path) -> None:
    (tmp_path / "test").mkdir()
    (tmp_path / "test/x.j2").symlink_to("/etc/passwd")
    finding = broken(Plugin("test", "A test.", Options), Renderer(tmp_path))
    assert "is a symbolic link; expected a regular file" in finding.message


def test_a_folder_of_templates_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Renderer(tmp_path / "none")


def test_a_plugin_quotes_for_a_syntax_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "x.j2").write_text("{{ data | shell }} {{ data | json }}")
    filters = {"shell": shlex.quote, "json": str}
    plugin = Plugin("test", "A test.", Options, templates=tmp_path, filters=filters)  # type: ignore[arg-type]
    order = Render("mail", PurePosixPath("etc/x"), "x.j2", "a b")
    artifacts, _ = Renderer().carry_out([(plugin, order)])
    assert artifacts[0].text == "'a b' \"a b\""


def test_templates_of_a_third_party_run_in_a_sandbox(tmp_path: Path) -> None:
    (tmp_path / "fine.j2").write_text("{{ data | json }}\n")
    (tmp_path / "evil.j2").write_text("{{ data.__class__.__mro__ }}")
    plugin = Plugin("theirs", "Somebody else's.", Options, templates=tmp_path)
    path = PurePosixPath("etc/x")
    orders = [(plugin, Render("mail", path, name, "a b")) for name in ("fine.j2", "evil.j2")]
    artifacts, findings = Renderer().carry_out(orders)
    assert [artifact.text for artifact in artifacts] == ['"a b"\n']
    assert codes(findings) == ["CFG034"]
