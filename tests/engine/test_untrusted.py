"""What a spec that is not trusted may not hold: all of it is found, each at its place."""

import builtins
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from mailconf.engine import registry
from mailconf.engine.build import read
from mailconf.engine.texts import SpecFileError
from mailconf.engine.untrusted import fields_of, kinds_of
from mailconf.model.base import FreeText
from mailconf.model.spec import Spec
from tests.engine.specs import GOOD, codes, told, written


def untrusted(directory: Path, text: str) -> list[str]:
    return [told(f) for f in read(written(directory, text), trust="untrusted").findings]


def test_a_plain_spec_may_be_a_strangers(tmp_path: Path) -> None:
    parsed = read(written(tmp_path), trust="untrusted")
    assert (parsed.findings, bool(parsed.spec)) == ((), True)


FREE = [
    "postfix: {main_cf: {debugger_command: 'sh -c id'}}",
    "postfix: {master_cf: ['x unix - - n - - pipe\\n  argv=/bin/sh']}",
    "dovecot: {sieve_before: 'redirect \"x@example.net\";'}",
    "dovecot: {sieve_after: 'keep;'}",
    "dovecot: {sql: {driver: mysql, dbname: d, password_query: q, user_query: q}}",
    "dovecot: {ldap: {uris: ['ldaps://l.example'], base: dc=example}}",
    "texts: {values: ['google-site-verification=x']}",
]


@pytest.mark.parametrize("option", FREE)
@pytest.mark.parametrize("where", ["plugins", "hosts", "domains", "defaults"])
def test_text_that_daemons_read_is_refused_wherever_it_stands(
    tmp_path: Path, option: str, where: str
) -> None:
    text = {
        "plugins": f"{GOOD}plugins:\n  {option}\n",
        "defaults": f"{GOOD}defaults:\n  {option}\n",
        "domains": f"{GOOD}    {option}\n",
        "hosts": GOOD.replace("[192.0.2.25]}", f"[192.0.2.25], {option}}}"),
    }[where]
    found = read(written(tmp_path, text), trust="untrusted").findings
    assert "CFG065" in codes(found)
    assert all(finding.place and finding.place.line for finding in found)
    assert read(written(tmp_path, text), trust="untrusted").spec is None


def test_empty_text_is_no_text(tmp_path: Path) -> None:
    text = f"{GOOD}plugins: {{dovecot: {{sieve_before: ''}}, postfix: {{main_cf: {{}}}}}}\n"
    assert untrusted(tmp_path, text) == []


def test_each_text_has_its_place(tmp_path: Path) -> None:
    text = (
        f"{GOOD}plugins:\n  postfix:\n    main_cf:\n      a: b\n      c: d\n    master_cf: [x, y]\n"
    )
    assert untrusted(tmp_path, text) == [
        "11:7 CFG065", "12:7 CFG065", "13:17 CFG065", "13:20 CFG065",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("ref+exec://id", ["CFG066"]),
        ("ref+exec://cat /etc/shadow", ["CFG066"]),
        ("ref+file:///etc/shadow", ["CFG066"]),
        ("ref+file://../x", ["CFG066"]),
        ("ref+file://a/../../x", ["CFG066"]),
        ("ref+file://./x", ["CFG066"]),
        ("ref+file://keys/x", []),
        ("ref+env://HASH", []),
    ],
)
def test_references_stay_in_the_specs_folder(
    tmp_path: Path, reference: str, found: list[str]
) -> None:
    text = GOOD.replace("alice: {}", f"alice: {{password: '{reference}'}}")
    assert codes(read(written(tmp_path, text), trust="untrusted").findings) == found
    assert codes(read(written(tmp_path, text)).findings) == []


def test_no_code_of_other_packages_is_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = EntryPoint("theirs", "no_such_module_of_theirs:plugin", registry.GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point])
    imported = []
    real = builtins.__import__

    def watched(name: str, *rest: Any, **named: Any) -> Any:
        imported.append(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", watched)
    assert untrusted(tmp_path, f"{GOOD}plugins: {{theirs: {{}}}}\n") == ["8:11 CFG067"]
    assert "no_such_module_of_theirs" not in imported


@pytest.mark.parametrize(
    "text",
    [
        "plugins: [a]\n",
        "plugins: off\n",
        "hosts: x\n",
        "domains: [x]\n",
        "defaults: 7\n",
        "{1: 2}\n",
    ],
)
def test_specs_of_any_shape_are_looked_through(tmp_path: Path, text: str) -> None:
    assert read(written(tmp_path, text), trust="untrusted").spec is None


@pytest.mark.parametrize("name", ["site/mailconf.yaml", "site"])
def test_the_spec_itself_is_no_link(tmp_path: Path, name: str) -> None:
    """Who opens a pull request chooses what a link in it leads to."""
    written(tmp_path, "root:*:19769:0:99999:7::: \n", "outside/mailconf.yaml")
    work = tmp_path / "work"
    (work / ".git").mkdir(parents=True)
    place = work / name
    place.parent.mkdir(exist_ok=True)
    place.symlink_to(tmp_path / "outside" / ("mailconf.yaml" if name.endswith("yaml") else ""))
    with pytest.raises(SpecFileError, match="is a symbolic link") as caught:
        read(work / "site/mailconf.yaml", trust="untrusted")
    assert "19769" not in str(caught.value)


def test_the_work_tree_may_be_reached_by_a_link(tmp_path: Path) -> None:
    written(tmp_path, GOOD, "real/site/mailconf.yaml")
    (tmp_path / "real/.git").mkdir()
    (tmp_path / "work").symlink_to("real")
    assert read(tmp_path / "work/site/mailconf.yaml", trust="untrusted").spec


ONE_LINE_OF_CODE = 'x" ; } user = root; #'
# Text that no daemon reads: reports show it, or a rule or the parser checks what it is.
WORDS = {
    ".domains.<key>",
    ".waivers[].code",
    ".waivers[].reason",
    ".waivers[].where",
    "autoconfig.display_name",
    "dkim.selectors.*.public_key",
    "dmarc.reports[]",
}


def options(kind: Any, name: str) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the name of every option and key that is text, with what is annotated."""
    for plain, marks in kinds_of(kind):
        if plain is str:
            yield name, marks
        elif isinstance(plain, type) and issubclass(plain, BaseModel):
            for key, inner in fields_of(plain):
                # The parser fills in <key> and <name>.
                yield from () if key.startswith("<") else options(inner, f"{name}.{key}")
        elif get_origin(plain) is dict:
            of_keys, of_values = get_args(plain)
            yield from options(of_keys, f"{name}.<key>")
            yield from options(of_values, f"{name}.*")
        elif get_origin(plain) in (tuple, list):
            yield from options(get_args(plain)[0], f"{name}[]")


def takes_code(marks: tuple[Any, ...]) -> bool:
    kind: Any = Annotated[str, *marks] if marks else str
    try:
        TypeAdapter(kind).validate_python(ONE_LINE_OF_CODE)
    except ValidationError:
        return False
    return True


def test_every_option_that_takes_any_text_is_marked_as_such() -> None:
    """A new option is constrained, or marked as FreeText, so that --untrusted refuses it."""
    found = {**dict(options(Spec, ""))}
    for name, plugin in registry.builtin().items():
        found |= dict(options(plugin.options, name))
    marked = {name for name, marks in found.items() if any(isinstance(m, FreeText) for m in marks)}
    open_ = {name for name, marks in found.items() if takes_code(marks)}
    assert sorted(open_ - marked - WORDS) == []
    assert sorted(WORDS - open_) == []
    assert "postfix.main_cf.*" in marked
