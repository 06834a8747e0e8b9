"""A spec and what belongs to it: key file, includes, the overlay of an environment."""

import gc
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mailconf.engine.build import read
from mailconf.engine.load import Loaded, load, retargeted
from mailconf.engine.texts import SpecFileError
from mailconf.model.place import Places
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


def test_keys_of_a_domain_that_was_removed_make_no_domain(tmp_path: Path) -> None:
    spec = written(tmp_path)
    (tmp_path / "mailconf.keys.yaml").write_text(
        "domains:\n  gone.example: {dkim: {selectors: {}}}\n  example.org: {dkim: {selectors: {}}}\n"
    )
    found = load(spec)
    assert list(found.data["domains"]) == ["example.org"]
    (finding,) = found.findings
    assert (finding.rule.code, finding.place and finding.place.line) == ("CFG094", 2)
    written(tmp_path, "domains: {gone.example: {}}\n", "environments/more.yaml")
    assert sorted(load(spec, "more").data["domains"]) == ["example.org", "gone.example"]


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
    [
        ("[none.d/*.yaml]", "CFG010"),
        ("domains.yaml", "CFG011"),
        ("[1]", "CFG011"),
        ("['']", "CFG061"),
        ("['.']", "CFG061"),
        ("['..']", "CFG061"),
        ("['/etc/passwd']", "CFG061"),
        ("['/etc/*']", "CFG061"),
        ("['../*.yaml']", "CFG061"),
        ("['a/../../b.yaml']", "CFG061"),
        ("['./a.yaml']", "CFG061"),
        ("[a//b.yaml]", "CFG061"),
    ],
)
def test_includes_that_are_wrong(tmp_path: Path, include: str, code: str) -> None:
    loaded = load(written(tmp_path, f"include: {include}\n{GOOD}"))
    assert codes(loaded.findings) == [code]


def put(place: Path) -> None:
    place.write_text("SECRET: hunter2\n")


def link(place: Path) -> None:
    put(place.parent / "elsewhere")
    place.symlink_to(place.parent / "elsewhere")


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        pytest.param("x.yaml", link, "a symbolic link", id="link"),
        pytest.param("x.yaml", os.mkfifo, "a FIFO", id="FIFO"),
        pytest.param("x.pem", put, "a file name that ends in .yaml", id="no YAML"),
        pytest.param("x", put, "a file name that ends in .yaml", id="no ending"),
    ],
)
def test_files_that_are_not_included(
    tmp_path: Path, name: str, make: Callable[[Path], None], said: str
) -> None:
    make(tmp_path / name)
    loaded = load(written(tmp_path, f"include: [{name}]\n{GOOD}"))
    assert codes(loaded.findings) == ["CFG061"]
    assert said in loaded.findings[0].message
    assert "hunter2" not in str(loaded.findings[0])
    assert loaded.places.of(loaded.findings[0].where).line == 1


def test_a_folder_that_a_pattern_matches_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "d/sub.yaml").mkdir(parents=True)
    written(tmp_path, "domains: {a.example: {}}\n", "d/a.yaml")
    assert load(written(tmp_path, f"include: [d/*]\n{GOOD}")).findings == ()


@pytest.mark.parametrize(
    "environment", ["../outside", "/etc/passwd", "a/../../../outside", "./test"]
)
def test_an_environment_lies_below_the_spec(tmp_path: Path, environment: str) -> None:
    written(tmp_path, "version: 1\n", "outside.yaml")
    with pytest.raises(SpecFileError, match="relative path") as caught:
        load(written(tmp_path, GOOD, "site/mailconf.yaml"), environment)
    assert caught.value.finding.rule.code == "CFG061"


@pytest.mark.parametrize("name", ["mailconf.keys.yaml", "environments/test.yaml"])
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda place: place.symlink_to("/etc/passwd"), id="link"),
        pytest.param(lambda place: place.symlink_to("/dev/zero"), id="device"),
        pytest.param(os.mkfifo, id="FIFO"),
    ],
)
def test_what_belongs_to_a_spec_is_a_regular_file(
    tmp_path: Path, name: str, make: Callable[[Path], None]
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    make(tmp_path / name)
    with pytest.raises(SpecFileError) as caught:
        load(written(tmp_path), "test")
    assert caught.value.finding.rule.code == "CFG061"


def test_a_spec_may_be_named_by_a_link(tmp_path: Path) -> None:
    written(tmp_path, GOOD, "real/mailconf.yaml")
    (tmp_path / "mailconf.yaml").symlink_to("real/mailconf.yaml")
    assert load(tmp_path / "mailconf.yaml").data["version"] == 1


TWO = """\
version: 1
hosts:
  mail: {hostname: mail.example.org, addresses: [192.0.2.25], target: debian-11}
  b: {hostname: b.example.org, addresses: [192.0.2.26]}
domains: {example.org: {}}
"""


def test_every_host_can_be_moved_to_another_target(tmp_path: Path) -> None:
    loaded = load(written(tmp_path, TWO))
    moved = retargeted(loaded, "debian-13")
    assert {key: host["target"] for key, host in moved.data["hosts"].items()} == {
        "mail": "debian-13",
        "b": "debian-13",
    }
    assert moved.data["hosts"]["mail"]["addresses"] == ["192.0.2.25"]
    assert loaded.data["hosts"]["mail"]["target"] == "debian-11"
    assert (moved.places, moved.findings) == (loaded.places, loaded.findings)


def test_without_a_target_a_spec_stays_as_it_is(tmp_path: Path) -> None:
    loaded = load(written(tmp_path, TWO))
    assert retargeted(loaded, "") == loaded
    parsed = read(written(tmp_path, TWO))
    assert parsed.spec
    assert [str(host.target) for host in parsed.spec.hosts.values()] == ["debian-11", "debian-12"]


def test_a_spec_is_read_for_another_target(tmp_path: Path) -> None:
    parsed = read(written(tmp_path, TWO), target="debian-13")
    assert parsed.spec
    assert {str(host.target) for host in parsed.spec.hosts.values()} == {"debian-13"}


def test_a_target_that_there_is_not_is_told_for_every_host(tmp_path: Path) -> None:
    parsed = read(written(tmp_path, TWO), target="debian-5")
    assert parsed.spec is None
    assert sorted(map(told, parsed.findings)) == ["3:63 CFG022", "4:3 CFG022"]


@pytest.mark.parametrize(
    "hosts",
    [
        pytest.param({}, id="no hosts"),
        pytest.param({"hosts": None}, id="nothing"),
        pytest.param({"hosts": ["mail"]}, id="a list"),
        pytest.param({"hosts": {"mail": None, "b": "x"}}, id="no maps"),
    ],
)
def test_hosts_that_are_wrong_stay_wrong(hosts: dict[str, object]) -> None:
    loaded = Loaded(hosts, Places("mailconf.yaml", {}))
    assert retargeted(loaded, "debian-13").data == hosts


def test_the_cyclic_collector_is_back_after_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(SpecFileError):
        load(tmp_path / "none.yaml")
    assert gc.isenabled()
