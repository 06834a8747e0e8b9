"""The rules of the house, as tests."""

import ast
import json
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from pydantic import BaseModel

import mailconf
from mailconf.engine.catalogue import all_rules, markdown, rules_by_module
from mailconf.engine.registry import builtin
from mailconf.engine.schema import schema
from mailconf.model.domain import Domain
from mailconf.model.host import Host

ROOT = Path(__file__).parents[1]
MAX_FILE, MAX_FUNCTION = 300, 40
RULES = all_rules()
# The lab and the command line are tested by what they do, in tests/lab and tests/cli.
LAYERS = ("formats", "model", "disk", "mailauth", "engine", "net", "report")
# Words that name no actor, are metaphors, or make a text harder to read.
VAGUE = re.compile(
    r"\b(told|tells?|taken|wanted|wants|nobody|anybody|everybody|somebody|whoever|strangers?|ours?"
    r"|put off|hands? over|hand in|let in|in clear|mend|forgers?|says|lies|stands|any more|besides"
    r"|reverse names?)\b",
    re.IGNORECASE,
)
# Modules with nothing in them but declarations, or that only the lab tests can run.
TESTED_ELSEWHERE = {"__init__", "__main__", "options", "rules"}


def sources() -> list[Path]:
    return sorted(ROOT.glob("mailconf/**/*.py"))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


def test_files_stay_small() -> None:
    sizes = {str(path): len(path.read_text().splitlines()) for path in sources()}
    assert {path: size for path, size in sizes.items() if size > MAX_FILE} == {}


def test_functions_stay_small() -> None:
    sizes = {(str(path), name): size for path in sources() for name, size in functions(path)}
    # The command line declares its options in signatures; declarations are not logic.
    long = {key: s for key, s in sizes.items() if s > MAX_FUNCTION and "cli/commands" not in key[0]}
    assert long == {}


@pytest.mark.parametrize("banned", ["utils", "helpers", "manager", "common", "misc"])
def test_no_module_is_called_after_nothing(banned: str) -> None:
    names = [info.name for info in pkgutil.walk_packages(mailconf.__path__, "mailconf.")]
    assert [name for name in names if banned in name.split(".")] == []


def test_rule_codes_and_names_are_unique() -> None:
    for values in ([rule.code for rule in RULES], [rule.name for rule in RULES]):
        assert sorted(values) == sorted(set(values))


def test_rule_codes_and_names_have_one_form() -> None:
    assert [r.code for r in RULES if not re.fullmatch(r"[A-Z]{2,3}\d{3}", r.code)] == []
    assert [r.name for r in RULES if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", r.name)] == []


def test_messages_are_sentences_without_a_full_stop() -> None:
    assert [r.code for r in RULES if r.message.endswith(".") or r.fix.endswith(".")] == []


def words(text: str) -> str:
    """Return a format string as a message shows it, without its placeholders."""
    return "".join(literal for literal, *_ in Formatter().parse(text))


@pytest.mark.parametrize("part", ["message", "expected", "fix"])
def test_rules_use_no_vague_words(part: str) -> None:
    texts = {rule.code: words(getattr(rule, part)) for rule in RULES}
    assert {code: text for code, text in texts.items() if VAGUE.search(text)} == {}


def test_every_rule_says_how_to_fix_it() -> None:
    assert [rule.code for rule in RULES if not rule.fix] == []


def fields(text: str) -> set[str]:
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(text) if name}


def test_a_fix_uses_only_facts_that_the_rule_is_given() -> None:
    # CFG020 has a hint, the record rules show the record: facts that the message leaves out.
    extra = {"hint", "record", "local", "usual", "better"}
    wrong = [r.code for r in RULES if fields(r.fix) - fields(r.message) - extra]
    assert wrong == []


def test_what_is_checked_live_says_what_is_expected() -> None:
    """Findings of verify have expected and observed in every report for programs."""
    verified = {
        rule.code
        for module, rules in rules_by_module().items()
        for rule in rules
        if module.rpartition(".")[2] in ("checks", "record_checks", "rules")
        and not module.startswith(("mailconf.lab.", "mailconf.mailauth."))
    }
    assert [rule.code for rule in RULES if rule.code in verified and not rule.expected] == []
    wrong = [r.code for r in RULES if fields(r.expected) - fields(r.message) - {"record"}]
    assert wrong == []


def test_every_rule_is_tested() -> None:
    text = "".join(path.read_text() for path in ROOT.glob("tests/**/*.py"))
    assert [rule.code for rule in RULES if rule.code not in text] == []


def test_the_rule_catalogue_is_fresh() -> None:
    assert (ROOT / "docs/rules.md").read_text() == markdown(RULES), "mailconf rules > docs/rules.md"


def test_the_schema_is_fresh() -> None:
    written = (ROOT / "schemas/mailconf.schema.json").read_text()
    assert json.loads(written) == json.loads(schema(builtin()))


def test_plugins_are_called_like_their_folders() -> None:
    folders = {path.parent.name for path in ROOT.glob("mailconf/plugins/*/__init__.py")}
    assert set(builtin()) == folders


def strings(path: Path) -> Iterator[str]:
    """Yield the string constants of a module that are no docstrings."""
    tree = ast.parse(path.read_text())
    plain = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in plain:
            yield node.value


# Plugins whose name is also a key of the spec, a job or a family of protocols.
SHARED_NAMES = {"hosts", "access", "smtp", "web"}
# The commands that make keys write options of the plugins that own them.
KEY_COMMANDS = {"engine/keys.py", "cli/keys.py", "cli/key_lifecycle.py"}


@pytest.mark.parametrize("layer", ["engine", "app", "cli", "report"])
def test_no_plugin_is_known_by_name(layer: str) -> None:
    """A capability is a plugin: what is true of one plugin stands in its folder."""
    names = set(builtin()) - SHARED_NAMES
    paths = {str(path.relative_to(ROOT / "mailconf")): path for path in sources()}
    known = {
        name: sorted(names & set(strings(path)))
        for name, path in paths.items()
        if name.startswith(f"{layer}/") and name not in KEY_COMMANDS
    }
    assert {name: found for name, found in known.items() if found} == {}


def test_no_plugin_takes_the_name_of_a_spec_key() -> None:
    keys = {f.alias or name for m in (Host, Domain) for name, f in m.model_fields.items()}
    assert keys & set(builtin()) == set()


def test_every_plugin_option_is_described() -> None:
    bare = [p.name for p in builtin().values() if not (p.options.__doc__ and p.summary)]
    assert bare == []


@pytest.mark.parametrize(
    "model",
    [*(plugin.options for plugin in builtin().values()), Domain, Host],
    ids=lambda m: m.__name__,
)
def test_every_number_has_an_upper_bound(model: type[BaseModel]) -> None:
    """A daemon that reads a number beyond its own integers stops, and takes no mail."""

    def unbounded(node: object) -> Iterator[object]:
        if isinstance(node, dict):
            if node.get("type") == "integer" and not {
                "maximum",
                "exclusiveMaximum",
                "const",
                "enum",
            } & set(node):
                yield node
            for inner in node.values():
                yield from unbounded(inner)
        elif isinstance(node, list):
            for inner in node:
                yield from unbounded(inner)

    assert list(unbounded(model.model_json_schema())) == []


def test_every_template_belongs_to_a_plugin() -> None:
    assert {path.name for path in ROOT.glob("templates/*")} <= set(builtin())


def test_every_template_is_used() -> None:
    modules = [
        *ROOT.glob("mailconf/plugins/*/files.py"),
        *ROOT.glob("mailconf/plugins/*/system.py"),
    ]
    code = "".join(path.read_text() for path in modules)
    used = [path.name for path in ROOT.glob("templates/*/*.j2")]
    assert [
        name for name in used if name not in code and name.removesuffix(".j2") not in code
    ] == []


def test_every_plugin_has_its_tests() -> None:
    assert {name for name in builtin() if not (ROOT / "tests/plugins" / name).is_dir()} == set()


@pytest.mark.parametrize("layer", LAYERS)
def test_every_module_has_its_test(layer: str) -> None:
    modules = {p.stem for p in ROOT.glob(f"mailconf/{layer}/*.py")} - TESTED_ELSEWHERE
    tests = {p.stem.removeprefix("test_") for p in ROOT.glob(f"tests/{layer}/test_*.py")}
    assert sorted(modules - tests) == []


def test_versions_agree() -> None:
    assert mailconf.__version__ in (ROOT / "CHANGELOG.md").read_text()


def test_pins_name_no_index() -> None:
    pins = (ROOT / "constraints.txt").read_text()
    assert not re.search(r"https?://|file:|--index|--find-links|--extra", pins)


def test_pins_cover_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[<>=!~\[;]", text)[0].lower() for text in wanted}
    pinned = set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / "constraints.txt").read_text(), re.M))
    assert {name.replace("_", "-") for name in names} - pinned == set()


@pytest.mark.parametrize("heavy", ["dns", "cryptography", "jinja2", "pydantic", "h11", "asyncio"])
def test_help_imports_nothing_heavy(heavy: str) -> None:
    code = (
        "import sys\n"
        "from mailconf.cli.app import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        f"sys.exit({heavy!r} in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_commands_print_through_one_module() -> None:
    """Text of others has one way out, and secrets have none: mailconf.cli.say, or a report."""
    allowed = {
        "say.py",
        "reporting.py",
        "rules.py",
        "schema.py",
        "hash.py",
        "app.py",
        "progress.py",
        "streams.py",
    }
    prints = re.compile(r"\b(?:typer|click)\.echo\(|sys\.std(?:out|err)|\bprint\(")
    found = {p.name for p in ROOT.glob("mailconf/**/*.py") if prints.search(p.read_text())}
    assert found <= allowed
