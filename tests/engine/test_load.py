"""A spec and what belongs to it: key file, includes, the overlay of an environment."""

import gc
from pathlib import Path

import pytest

from mailconf.engine.events import SpecFileError
from mailconf.engine.load import load, without_cyclic_gc
from tests.engine.specs import GOOD, codes, told, written


def test_includes_are_merged_by_key(tmp_path: Path) -> None:
    written(tmp_path, "domains: {b.example: {}}\n", "domains.d/b.yaml")
    written(tmp_path, "domains: {a.example: {}}\n", "domains.d/a.yaml")
    loaded = load(written(tmp_path, f"include: [domains.d/*.yaml]\n{GOOD}"))
    assert sorted(loaded.data["domains"]) == ["a.example", "b.example", "example.org"]
    assert "include" not in loaded.data
    assert loaded.places.of(("domains", "a.example")).file.endswith("a.yaml")


def test_the_key_file_belongs_to_the_spec(tmp_path: Path) -> None:
    written(tmp_path, "domains: {example.org: {dkim: {}}}\n", "mailconf.keys.yaml")
    assert load(written(tmp_path)).data["domains"]["example.org"]["dkim"] == {}


def test_an_environment_lies_on_top(tmp_path: Path) -> None:
    written(tmp_path, "hosts: {mail: {addresses: [203.0.113.1]}}\n", "environments/test.yaml")
    loaded = load(written(tmp_path), "test")
    host = loaded.data["hosts"]["mail"]
    assert host == {"hostname": "mail.example.org", "addresses": ["203.0.113.1"]}


def test_an_environment_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SpecFileError):
        load(written(tmp_path), "production")


def test_files_that_contradict_each_other(tmp_path: Path) -> None:
    written(tmp_path, "hosts: {mail: {hostname: mx.example.org}}\n", "more.yaml")
    loaded = load(written(tmp_path, f"include: [more.yaml]\n{GOOD}"))
    assert [told(finding) for finding in loaded.findings] == ["4:10 CFG012"]
    assert "more.yaml:1:16" in loaded.findings[0].message


@pytest.mark.parametrize(
    ("include", "code"),
    [("[none.d/*.yaml]", "CFG010"), ("domains.yaml", "CFG011"), ("[1]", "CFG011")],
)
def test_includes_that_are_wrong(tmp_path: Path, include: str, code: str) -> None:
    loaded = load(written(tmp_path, f"include: {include}\n{GOOD}"))
    assert codes(loaded.findings) == [code]


def test_the_cyclic_collector_is_back_afterwards(tmp_path: Path) -> None:
    with without_cyclic_gc():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(SpecFileError):
        load(tmp_path / "none.yaml")
    assert gc.isenabled()
