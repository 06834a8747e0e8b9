"""Docs, help, errors of options and comments of rendered files use the field's words, as rules do."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from mailconf.cli.app import app
from mailconf.engine.registry import builtin
from tests.cli.running import ROOT
from tests.test_house import VAGUE

DOCS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "examples/**/*.md")
    for path in ROOT.glob(pattern)
    if ".venv" not in path.parts
)
TEMPLATES = sorted(
    [*ROOT.glob("templates/**/*.j2"), *ROOT.glob("examples/plugins/*/src/*/templates/*.j2")]
)
SOURCES = sorted([*ROOT.glob("mailconf/**/*.py"), *ROOT.glob("examples/plugins/*/src/**/*.py")])
COMMENT = re.compile(r"\s*(#|;|//|--|<!--)")
NAMED = {"refuse", "say", "Option", "Argument", "Check", "LabCheck", "Plugin", "PathRefusedError"}
"""Whose arguments users read."""


def prose(text: str) -> Iterator[str]:
    """Yield the lines of a document that are neither code nor a name."""
    is_code = False
    for line in text.splitlines():
        if line.startswith("## "):
            continue  # in docs/rules.md a name
        if line.startswith("```"):
            is_code = not is_code
        elif not is_code:
            yield re.sub(r"`[^`]*`|{[^}]*}", "", line)


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents(path: Path) -> None:
    lines = prose(path.read_text(encoding="utf-8"))
    assert [line for line in lines if VAGUE.search(line)] == []


def help_texts(command: object, name: str) -> Iterator[tuple[str, str]]:
    yield name, getattr(command, "help", None) or ""
    for parameter in getattr(command, "params", ()):
        yield f"{name} {parameter.name}", getattr(parameter, "help", None) or ""
    for inner, sub in getattr(command, "commands", {}).items():
        yield from help_texts(sub, f"{name} {inner}")


def test_help() -> None:
    texts = dict(help_texts(get_command(app), "mailconf"))
    assert len(texts) > 50
    assert {name: text for name, text in texts.items() if VAGUE.search(text)} == {}


def test_summaries_of_checks_and_plugins() -> None:
    texts = [
        *(plugin.summary for plugin in builtin().values()),
        *(c.summary for p in builtin().values() for c in (*p.checks, *p.plan_checks)),
    ]
    assert [text for text in texts if VAGUE.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_comments_of_rendered_files(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    comments = [re.sub(r"{[{%#].*?[#%}]}", "", line) for line in lines if COMMENT.match(line)]
    assert [line for line in comments if VAGUE.search(line)] == []


def literals(node: ast.AST) -> Iterator[str]:
    """Yield the texts in an expression; of an f-string what is between its values."""
    if isinstance(node, ast.JoinedStr):
        parts = (part.value for part in node.values if isinstance(part, ast.Constant))
        yield "".join(map(str, parts))
    elif isinstance(node, ast.Constant):
        yield node.value if isinstance(node.value, str) else ""
    else:
        for inner in ast.iter_child_nodes(node):
            yield from literals(inner)


def messages(tree: ast.AST) -> Iterator[str]:
    """Yield what a module raises, refuses or prints: texts of several words."""
    for node in ast.walk(tree):
        call = node.exc if isinstance(node, ast.Raise) else node
        if not isinstance(call, ast.Call):
            continue
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        if isinstance(node, ast.Raise) or name in NAMED:
            for value in (*call.args, *(keyword.value for keyword in call.keywords)):
                yield from (text for text in literals(value) if " " in text)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_errors_and_texts_in_the_code(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [text for text in messages(tree) if VAGUE.search(text)] == []


def test_the_words_are_found_where_they_stand() -> None:
    assert VAGUE.search("nobody may send")
    assert list(messages(ast.parse("refuse(f'{x}: wanted one of {y}')"))) == [": wanted one of "]
    assert list(prose("a\n```\nwanted\n```\n`wanted` b")) == ["a", " b"]
