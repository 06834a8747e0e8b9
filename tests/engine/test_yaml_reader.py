"""One YAML file to data: YAML 1.2, places of every node, and everything that makes it unusable."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from mailconf.engine.texts import SpecFileError
from mailconf.engine.yaml_reader import MAX_DEPTH, read_tree
from mailconf.model.place import Place
from tests.engine.specs import told, written


def tree(directory: Path, text: str) -> object:
    return read_tree(written(directory, text))[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("no", "no", id="no is a string"),
        pytest.param("on", "on", id="on is a string"),
        pytest.param("12:30", "12:30", id="a time is a string"),
        pytest.param("2026-11-24", "2026-11-24", id="a date is a string"),
        pytest.param("1_000", "1_000", id="underscores are no digits"),
        pytest.param("010", 10, id="no octal by a leading zero"),
        pytest.param("0o17", 15, id="octal"),
        pytest.param("0x1F", 31, id="hexadecimal"),
        pytest.param("-7", -7, id="negative"),
        pytest.param("1e3", 1000.0, id="float"),
        pytest.param("True", True, id="true"),
        pytest.param("FALSE", False, id="false"),
        pytest.param("~", None, id="tilde"),
        pytest.param("", None, id="nothing"),
        pytest.param("'7'", "7", id="quoted"),
        pytest.param("~all", "~all", id="softfail is a string"),
        pytest.param("9" * 5000, "9" * 5000, id="a number too long to be one"),
    ],
)
def test_scalars(tmp_path: Path, text: str, value: object) -> None:
    assert tree(tmp_path, f"a: {text}\n") == {"a": value}


def test_keys_are_text_as_written(tmp_path: Path) -> None:
    assert tree(tmp_path, "no: 1\n12: 2\n~: 3\n") == {"no": 1, "12": 2, "~": 3}


def test_every_node_has_its_place(tmp_path: Path) -> None:
    file = written(tmp_path, "a:\n  b: 1\n  c: [x, {d: y}]\n")
    _, places = read_tree(file)
    assert {path: (place.line, place.column) for path, place in places.items()} == {
        ("a",): (1, 1),
        ("a", "b"): (2, 3),
        ("a", "c"): (3, 3),
        ("a", "c", 0): (3, 7),
        ("a", "c", 1): (3, 10),
        ("a", "c", 1, "d"): (3, 11),
    }
    assert places[("a",)] == Place(str(file), 1, 1)


def test_an_alias_stands_for_its_anchor(tmp_path: Path) -> None:
    assert tree(tmp_path, "a: &x {b: 1}\nc: *x\n") == {"a": {"b": 1}, "c": {"b": 1}}


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    assert tree(tmp_path, "\ufeffa: 1\n") == {"a": 1}


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        pytest.param("a:\n\tb: 1\n", "2:1 CFG004", id="tab"),
        pytest.param("a: 1\nb: 2\na: 3\n", "3:1 CFG005", id="duplicate key"),
        pytest.param("a: [1\n", "2:1 CFG003", id="unclosed list"),
        pytest.param("a: *nobody\n", "1:4 CFG003", id="alias of nothing"),
        pytest.param("a: !!python/object:os.system x\n", "1:4 CFG008", id="tag"),
        pytest.param("!x a: b\n", "1:1 CFG008", id="tag of a key"),
        pytest.param("a: {!!float 5: b}\n", "1:5 CFG008", id="tag of a key inside"),
        pytest.param("{a: 1}: b\n", "1:1 CFG008", id="complex key"),
        pytest.param("- a\n", "1:1 CFG007", id="list"),
        pytest.param("# nothing\n", "1:1 CFG007", id="nothing"),
        pytest.param("a: 1\n---\nb: 2\n", "2:1 CFG006", id="second document"),
        pytest.param("a: " + "[" * 50 + "]" * 50, f"1:{4 + MAX_DEPTH} CFG006", id="depth"),
        pytest.param(LAUGHS, "5:45 CFG006", id="billion laughs"),
        pytest.param("a: \x00\n", "1:4 CFG002", id="NUL"),
    ],
)
def test_what_makes_a_file_unusable(tmp_path: Path, text: str, where: str) -> None:
    with pytest.raises(SpecFileError) as caught:
        tree(tmp_path, text)
    assert told(caught.value.finding).startswith(where)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SpecFileError) as caught:
        read_tree(tmp_path / "none.yaml")
    assert caught.value.finding.rule.code == "CFG001"


PLAIN = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=6).filter(
    lambda text: text not in ("y", "n", "yes", "no", "on", "off", "true", "false", "null")
)
TREES = st.recursive(
    st.one_of(PLAIN, st.integers(-(10**9), 10**9), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(PLAIN, inner, max_size=4)),
    max_leaves=12,
)


@given(st.dictionaries(PLAIN, TREES, max_size=5))
def test_what_yaml_wrote_reads_back(data: dict[str, object]) -> None:
    """Words on which YAML 1.1 and 1.2 disagree are left out: PyYAML writes 1.1."""
    import tempfile  # noqa: PLC0415, hypothesis and tmp_path do not go together

    with tempfile.TemporaryDirectory() as directory:
        text = yaml.safe_dump(data) if data else "{}\n"
        assert tree(Path(directory), text) == data


@pytest.mark.parametrize(
    ("text", "told_as"),
    [
        (r'a: "x\0y"', "U+0000"),
        (r'"a\e": 1', "U+001B"),
        (r'a: ["\r"]', "U+000D"),
        (r'a: {b: "\u202e"}', "U+202E"),
        ('"a\u200b": 1', "U+200B"),
        ("a: \u061cx", "U+061C"),
        ("a: \u2060x", "U+2060"),
        ("a: x\U000e0041", "U+E0041"),
        ("a: \u3164", "U+3164"),
        (r'a: "\L"', "U+2028"),
        (r'a: "\x85"', "U+0085"),
    ],
)
def test_characters_that_only_escapes_can_write_are_refused(
    tmp_path: Path, text: str, told_as: str
) -> None:
    with pytest.raises(SpecFileError) as caught:
        tree(tmp_path, text)
    assert caught.value.finding.rule.code == "CFG064"
    assert told_as in caught.value.finding.message


def test_lines_tabs_and_all_scripts_are_text(tmp_path: Path) -> None:
    assert tree(tmp_path, r'a: "x\ty\nä日本\u200d"') == {"a": "x\ty\nä日本\u200d"}
