"""What a spec that is not trusted may not hold: all of it is found, each at its place."""

import builtins
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from mailconf.engine import registry
from mailconf.engine.build import read
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
