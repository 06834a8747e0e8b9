"""Plugins of others: found by their entry points, contained when they break, named in every case."""

import json
import os
import re
from pathlib import Path

import pytest

from tests.cli.running import GOOD, ROOT, Done, mailconf, site

HEAD = """
from mailconf.model.base import Model
from mailconf.model.finding import Rule, Severity
from mailconf.model.plugin import Check, Facet, Plugin
from mailconf.model.record import Record

class Options(Model):
    "Options of somebody else's plugin."
    password: str = ""

LOUD = Rule(
    "XYZ001", "text-loud", Severity.WARNING, "{text} is loud", "whisper", found_by="verify"
)

def raises(view, *_):
    raise KeyError(view.options.password)
    yield

async def runs(view, subject, world):
    yield LOUD.at(subject)
"""
WELL = HEAD + "plugin = Plugin('theirs', 'Well.', Options)\n"
LINE = HEAD.splitlines().index("    raise KeyError(view.options.password)") + 1
SECRET = "plugins: {theirs: {password: hunter2}}\n"


def installed(directory: Path, code: str, name: str = "theirs", module: str = "theirs_mod") -> None:
    """Put a package with one entry point where Python looks for packages."""
    (directory / f"{module}.py").write_text(code)
    info = directory / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    points = f"[mailconf.plugins]\n{name} = {module}:plugin\n"
    (info / "entry_points.txt").write_text(points)


def spec_with(directory: Path, more: str) -> Path:
    """Return a spec that has keys, with more at its end."""
    spec = site(directory)
    spec.write_text(spec.read_text() + more)
    return spec


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    directory = tmp_path / "packages"
    directory.mkdir()
    return directory


def run(packages: Path, command: str, spec: Path, *more: object) -> Done:
    return mailconf(command, spec, *more, PYTHONPATH=f"{ROOT}:{packages}")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        pytest.param("import no_such_module\n", "raised ModuleNotFoundError", id="import"),
        pytest.param("1 / 0\n", "raised ZeroDivisionError at theirs_mod.py:1", id="raises"),
        pytest.param("raise SystemExit(0)\n", "raised SystemExit", id="ends the program"),
        pytest.param("def f(:\n", "raised SyntaxError", id="syntax"),
        pytest.param("x = 1\n", "raised AttributeError", id="no such attribute"),
        pytest.param("plugin = 1\n", "is int; expected Plugin", id="another type"),
        pytest.param(
            HEAD + "plugin = Plugin('other', 'x', Options)\n", "called 'other'", id="other name"
        ),
        pytest.param(
            HEAD + "plugin = Plugin('theirs', 'x', Options, lint=raises)\n",
            "has the field lint, which is function; expected Facet",
            id="function for a facet",
        ),
        pytest.param(
            HEAD + "plugin = Plugin('theirs', 'x', Options, checks=(1,))\n",
            "has the field checks, which has an item that is int; expected Check",
            id="no check",
        ),
        pytest.param(
            HEAD + "plugin = Plugin('theirs', 'x', Options, fills=('mda',))\n",
            "has the field fills, which has an item that is 'mda'; expected one of",
            id="unknown job",
        ),
        pytest.param(
            HEAD
            + "ODD = Rule(5, 'odd', Severity.ERROR, 'x', 'y')\n"
            + "plugin = Plugin('theirs', 'x', Options)\n",
            "has a rule whose code is int; expected text",
            id="rule",
        ),
        pytest.param(
            HEAD + "plugin = Plugin('theirs', 5, Options)\n",
            "has the field summary, which is int; expected text",
            id="summary",
        ),
        pytest.param(
            HEAD + "plugin = Plugin('theirs', 'x', dict)\n", "no pydantic model", id="options"
        ),
    ],
)
def test_a_package_that_cannot_be_used(
    packages: Path, tmp_path: Path, code: str, told: str
) -> None:
    installed(packages, code)
    done = run(packages, "lint", spec_with(tmp_path, SECRET))
    assert done.status == 2
    assert "CFG080 plugin-broken: plugin theirs: entry point theirs_mod:plugin" in done.stdout
    assert told in done.stdout
    assert "CFG023" not in done.stdout
    assert "hunter2" not in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["hostname", "mailboxes", "roles", "tls", "spf", "Loud-Name"])
def test_names_that_a_plugin_cannot_have(packages: Path, tmp_path: Path, name: str) -> None:
    installed(packages, HEAD + f"plugin = Plugin({name!r}, 'x', Options)\n", name)
    spec = spec_with(tmp_path, f"plugins: {{{name}: {{}}}}\n")
    done = run(packages, "lint", spec)
    assert (done.status, done.stdout.count("CFG080")) == (2, 1)
    assert f"plugin {name}: entry point" in done.stdout


def test_two_packages_with_one_name(packages: Path, tmp_path: Path) -> None:
    installed(packages, WELL)
    installed(packages, WELL, module="rival_mod")
    done = run(packages, "lint", spec_with(tmp_path, SECRET))
    assert done.status == 2
    assert "has a name that 2 plugins use" in done.stdout


def test_unnamed_packages_break_nothing(packages: Path, tmp_path: Path) -> None:
    installed(packages, "1 / 0\n")
    assert run(packages, "lint", site(tmp_path)).status == 0


PARTS = "lint=Facet(site=raises)", "requests=Facet(host=raises)", "records=Facet(domain=raises)"


@pytest.mark.parametrize("part", [*PARTS, "files=Facet(site=raises)"])
def test_a_facet_that_raises(packages: Path, tmp_path: Path, part: str) -> None:
    installed(packages, HEAD + f"plugin = Plugin('theirs', 'x', Options, {part})\n")
    spec, tree = spec_with(tmp_path, SECRET), tmp_path / "out"
    told = f"plugin theirs: {part.partition('=')[0]} raised KeyError at theirs_mod.py:{LINE}"
    for done in (run(packages, "lint", spec), run(packages, "render", spec, "-o", tree)):
        assert done.status == 2
        assert told in done.stdout + done.stderr
        assert "hunter2" not in done.stdout + done.stderr
    assert not tree.exists()


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        pytest.param("lint=Facet(site=raises)", "lint raised KeyError", id="facet"),
        pytest.param(
            "checks=(Check('theirs.x', 'x', raises, runs),)",
            "check theirs.x, subjects raised KeyError",
            id="subjects",
        ),
        pytest.param(
            "checks=(Check('theirs.x', 'x', lambda view: ['y'], runs),)",
            "check theirs.x yielded XYZ001, whose message needs the fact 'text'",
            id="rule without a fact",
        ),
    ],
)
def test_verify_goes_on(packages: Path, tmp_path: Path, parts: str, told: str) -> None:
    spec, tree = spec_with(tmp_path, SECRET), tmp_path / "out"
    installed(packages, WELL)
    assert run(packages, "render", spec, "-o", tree).status == 0
    (packages / "theirs_mod.py").write_text(
        HEAD + f"plugin = Plugin('theirs', 'x', Options, {parts})\n"
    )
    done = run(packages, "verify", spec, "--offline", tree)
    assert done.status == 2
    assert f"plugin theirs: {told}" in done.stdout
    assert "ok      dns.record" in done.stdout
    assert "hunter2" not in done.stdout + done.stderr
    for report in ("json", "junit", "markdown"):
        named = run(packages, "verify", spec, "--offline", tree, "--report", report)
        assert (named.status, "theirs" in named.stdout) == (2, True)


def test_a_plugin_is_switched_on_by_a_word(packages: Path, tmp_path: Path) -> None:
    installed(packages, WELL)
    done = run(packages, "lint", spec_with(tmp_path, "plugins: {theirs: on, spf: on}\n"))
    assert (done.status, "CFG" in done.stdout) == (0, False)


def test_an_installed_plugin_that_is_not_named(packages: Path, tmp_path: Path) -> None:
    installed(packages, WELL)
    text = GOOD.replace("25]}", "25], theirs: {password: x}}")
    spec = site(tmp_path)
    spec.write_text(text)
    done = run(packages, "lint", spec)
    assert done.status == 2
    assert "fix: add theirs: on under plugins" in done.stdout


def test_a_code_that_belongs_to_another_rule(packages: Path, tmp_path: Path) -> None:
    installed(packages, WELL.replace("XYZ001", "PFX022"))
    done = run(packages, "lint", spec_with(tmp_path, SECRET))
    assert "CFG081" in done.stdout
    assert (
        "has a rule PFX022 text-loud; the code belongs to postfix-parameter-overridden"
        in done.stdout
    )


def test_a_waiver_of_a_live_rule_of_a_plugin_is_not_unused(packages: Path, tmp_path: Path) -> None:
    installed(packages, WELL)
    waivers = "waivers: [{code: XYZ001, reason: known}, {code: XYZ002, reason: none}]\n"
    done = run(packages, "lint", spec_with(tmp_path, SECRET + waivers))
    assert "the waiver of XYZ002 matches no finding" in done.stdout
    assert "XYZ001" not in done.stdout


def test_options_that_break_their_own_validator(packages: Path, tmp_path: Path) -> None:
    code = WELL.replace(
        'password: str = ""',
        'password: str = ""\n    def model_post_init(self, _):\n        raise KeyError(self.password)',
    )
    installed(packages, code)
    done = run(packages, "lint", spec_with(tmp_path, SECRET))
    assert done.status == 2
    assert "plugin theirs: options raised KeyError at theirs_mod.py" in done.stdout
    assert "hunter2" not in done.stdout + done.stderr


def test_a_built_in_plugin_may_be_replaced(packages: Path, tmp_path: Path) -> None:
    code = HEAD + "plugin = Plugin('theirs', 'Serves pages.', Options, fills=('web',))\n"
    installed(packages, code)
    off = "plugins: {theirs: on, webserver: off}\n"
    done = run(packages, "lint", spec_with(tmp_path, off))
    assert "HST031" not in done.stdout
    # It reads no settings, so nothing is served: the plugins that ask for pages are told.
    assert "plugin mta_sts needs" not in done.stdout


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("print('hello')\n" + WELL, id="when it is imported"),
        pytest.param(
            HEAD + "def said(view, *_):\n    print('hello')\n    return ()\n"
            "plugin = Plugin('theirs', 'Well.', Options, lint=Facet(site=said))\n",
            id="in a facet",
        ),
        pytest.param(
            "import sys\n" + HEAD + "def said(view, *_):\n    sys.stdout.close()\n    return ()\n"
            "plugin = Plugin('theirs', 'Well.', Options, lint=Facet(site=said))\n",
            id="closes it",
        ),
        pytest.param(
            "import sys\n" + HEAD + "def said(view, *_):\n    sys.stdout = None\n    return ()\n"
            "plugin = Plugin('theirs', 'Well.', Options, lint=Facet(site=said))\n",
            id="takes it away",
        ),
        pytest.param("import os\nos.write(1, b'hello')\n" + WELL, id="to the descriptor"),
        pytest.param("import os\nos.system('echo hello')\n" + WELL, id="in a command"),
        pytest.param("import sys\nprint('hello', file=sys.__stdout__)\n" + WELL, id="original"),
        pytest.param("import os\nos.close(1)\n" + WELL, id="closes the descriptor"),
    ],
)
def test_what_a_plugin_prints_is_no_part_of_a_report(
    packages: Path, tmp_path: Path, code: str
) -> None:
    installed(packages, code)
    spec = spec_with(tmp_path, SECRET)
    done = run(packages, "lint", spec, "--report", "json")
    assert json.loads(done.stdout)["command"] == "lint"
    assert "hello" not in done.stdout


def beside(directory: Path, code: str) -> Path:
    """Return a spec with a plugin in a file beside it."""
    (directory / "plugins").mkdir()
    (directory / "plugins/theirs.py").write_text(code)
    return spec_with(directory, SECRET)


def test_a_file_beside_the_spec_is_a_plugin_where_the_operator_says_so(tmp_path: Path) -> None:
    spec = beside(tmp_path, WELL)
    refused = mailconf("lint", spec)
    assert "CFG023 unknown-plugin" in refused.stdout
    assert "set MAILCONF_LOCAL_PLUGINS=1" in refused.stdout
    assert mailconf("lint", spec, MAILCONF_LOCAL_PLUGINS="1").status == 0
    listed = mailconf("plugins", spec, MAILCONF_LOCAL_PLUGINS="1").stdout
    assert re.search(r"^theirs +plugins/theirs.py ", listed, re.MULTILINE)


def test_a_stranger_s_file_is_not_loaded(tmp_path: Path) -> None:
    spec = beside(tmp_path, "raise SystemExit('loaded')\n")
    done = mailconf("lint", spec, "--untrusted", MAILCONF_LOCAL_PLUGINS="1")
    assert "CFG067 untrusted-plugin" in done.stdout
    assert "loaded" not in done.stderr


def test_a_broken_file_and_a_name_that_two_have_are_named(packages: Path, tmp_path: Path) -> None:
    installed(packages, WELL)
    spec = beside(tmp_path, "raise ValueError('x')\n")
    broken = mailconf("lint", spec, MAILCONF_LOCAL_PLUGINS="1").stdout
    assert "file plugins/theirs.py raised ValueError" in broken
    both = mailconf(
        "lint", spec, MAILCONF_LOCAL_PLUGINS="1", PYTHONPATH=f"{ROOT}:{packages}"
    ).stdout
    assert "has a name that 2 plugins use; expected one" in both


@pytest.mark.parametrize("kind", ["a symbolic link", "a folder", "a FIFO"])
def test_what_is_no_regular_file_is_told_where_the_spec_names_it(tmp_path: Path, kind: str) -> None:
    spec = beside(tmp_path, WELL)
    file = tmp_path / "plugins/theirs.py"
    file.rename(tmp_path / "theirs.py")
    if kind == "a symbolic link":
        file.symlink_to("../theirs.py")
    elif kind == "a folder":
        file.mkdir()
    else:
        os.mkfifo(file)
    done = mailconf("lint", spec, MAILCONF_LOCAL_PLUGINS="1")
    assert done.status == 2
    assert re.search(r"mailconf.yaml:\d+:\d+: error CFG061 path-refused", done.stdout)
    assert f"'plugins/theirs.py' is {kind}" in done.stdout


def test_a_syntax_error_is_told_with_its_line(tmp_path: Path) -> None:
    spec = beside(tmp_path, WELL + "\n\nreturn wrong wrong\n")
    line = WELL.count("\n") + 3
    done = mailconf("lint", spec, MAILCONF_LOCAL_PLUGINS="1")
    assert f"raised SyntaxError at theirs.py:{line}" in done.stdout
