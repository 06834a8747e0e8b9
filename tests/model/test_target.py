"""What a host runs: versions in order, releases by name, and what no target is."""

import pytest
from pydantic import ValidationError

from mailconf.model.target import (
    DEFAULT,
    RELEASES,
    WRITTEN,
    Target,
    Version,
    explicit,
    likeness,
)
from mailconf.testing import spec_of

MAIL = {"hostname": "mail.example.org", "addresses": ["192.0.2.25"]}


def target(written: object) -> Target:
    return spec_of(hosts={"mail": {**MAIL, "target": written}}).hosts["mail"].target


def of(postfix: str, dovecot: str) -> Target:
    return explicit({"postfix": Version.parse(postfix), "dovecot": Version.parse(dovecot)})


def others(chosen: Target) -> dict[str, Version]:
    return {name: found for name, found in chosen.versions.items() if name not in WRITTEN}


@pytest.mark.parametrize("text", ["3", "3.5", "3.10.13", "2.3.21.1"])
def test_a_version_prints_as_it_is_written(text: str) -> None:
    assert str(Version.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "3.", ".5", "3..5", "v3.5", "3.5-rc1", "3.5 ", "1.2.3.4.5", "٣.٥", "-1"]
)
def test_what_is_no_version(text: str) -> None:
    with pytest.raises(ValueError, match=r"a version such as 3\.10"):
        Version.parse(text)


def test_versions_are_ordered_by_number() -> None:
    written = ["3.9", "3.10", "3.5.25", "3.10.13", "3.5", "4"]
    ordered = sorted(map(Version.parse, written))
    assert list(map(str, ordered)) == ["3.5", "3.5.25", "3.9", "3.10", "3.10.13", "4"]


@pytest.mark.parametrize(("text", "minor"), [("3.7.11", "3.7"), ("3.10", "3.10"), ("4", "4")])
def test_a_minor_version_has_no_patch_level(text: str, minor: str) -> None:
    assert str(Version.parse(text).minor) == minor


@pytest.mark.parametrize(
    ("release", "package", "since", "found"),
    [
        pytest.param("debian-12", "postfix", "3.7", True, id="same minor"),
        pytest.param("debian-12", "postfix", "3.7.11", True, id="same patch level"),
        pytest.param("debian-12", "postfix", "3.7.12", False, id="next patch level"),
        pytest.param("debian-13", "postfix", "3.9", True, id="3.10 is newer than 3.9"),
        pytest.param("ubuntu-24.04", "postfix", "3.10", False, id="3.8 is older than 3.10"),
        pytest.param("debian-12", "dovecot", "2.4", False, id="old dialect"),
        pytest.param("debian-13", "dovecot", "2.4", True, id="new dialect"),
        pytest.param("debian-forky", "rspamd", "4.0", True, id="another package"),
    ],
)
def test_a_release_has_what_came_before_it(
    release: str, package: str, since: str, found: bool
) -> None:
    assert RELEASES[release].has(package, since) is found


@pytest.mark.parametrize("release", RELEASES.values(), ids=str)
def test_every_release_ships_the_same_packages(release: Target) -> None:
    assert {*WRITTEN, "rspamd", "postsrsd", "mta-sts"} <= set(release.versions)
    assert release.versions.keys() == DEFAULT.versions.keys()
    assert not release.is_exact


@pytest.mark.parametrize("name", RELEASES)
def test_a_release_is_chosen_by_its_name(name: str) -> None:
    chosen = target(name)
    assert (chosen, str(chosen)) == (RELEASES[name], name)


def test_without_a_word_it_is_the_default() -> None:
    assert spec_of().hosts["mail"].target == DEFAULT == RELEASES["debian-12"]


def test_written_versions_are_exact() -> None:
    chosen = target({"postfix": "3.10", "dovecot": "2.4.1"})
    assert chosen == of("3.10", "2.4.1")
    assert chosen.is_exact
    assert str(chosen) == "postfix 3.10, dovecot 2.4.1"
    assert [str(chosen.version(package)) for package in WRITTEN] == ["3.10", "2.4.1"]


@pytest.mark.parametrize(
    ("postfix", "release"),
    [
        pytest.param("3.5", "debian-11", id="oldest"),
        pytest.param("3.7.11", "debian-12", id="the same"),
        pytest.param("3.7.12", "ubuntu-24.04", id="a patch level that nobody ships"),
        pytest.param("3.9", "debian-13", id="between two"),
        pytest.param("3.12", "debian-forky", id="newer than all"),
    ],
)
def test_what_is_not_written_comes_from_the_nearest_release(postfix: str, release: str) -> None:
    assert others(of(postfix, "2.3")) == others(RELEASES[release])


@pytest.mark.parametrize(
    ("postfix", "dovecot", "release"),
    [
        pytest.param("3.7", "2.3", "debian-12", id="lines"),
        pytest.param("3.10.2", "2.4.3", "debian-13", id="other patch levels"),
        pytest.param("3.11", "2.4", "debian-forky", id="newest"),
        pytest.param("3.10", "2.3", "", id="lines of two releases"),
        pytest.param("3.9", "2.4", "", id="line of no release"),
    ],
)
def test_a_release_with_the_same_lines_is_alike(postfix: str, dovecot: str, release: str) -> None:
    assert likeness(of(postfix, dovecot)) == RELEASES.get(release)


@pytest.mark.parametrize("release", RELEASES.values(), ids=str)
def test_a_release_is_like_itself(release: Target) -> None:
    assert likeness(release) == release


def test_targets_are_told_apart_in_a_set() -> None:
    again = target({"dovecot": "2.4", "postfix": "3.11"})
    assert {RELEASES["debian-12"], target("debian-12"), of("3.11", "2.4"), again} == {
        RELEASES["debian-12"],
        again,
    }


@pytest.mark.parametrize(
    ("written", "told"),
    [
        pytest.param("debian-5", "debian-11, .*, or {postfix: VERSION", id="unknown release"),
        pytest.param("Debian-12", "debian-11, .*, or {postfix: VERSION", id="upper case"),
        pytest.param(12, "a release such as debian-13, or {postfix", id="number"),
        pytest.param(None, "a release such as debian-13, or {postfix", id="nothing"),
        pytest.param({}, "a release such as debian-13, or {postfix", id="no versions"),
        pytest.param({"postfix": "3.10"}, "a release such as debian-13", id="one of two"),
        pytest.param(
            {"postfix": "3.10", "dovecot": "2.4", "nginx": "1.22"},
            "a release such as debian-13",
            id="one too many",
        ),
        pytest.param(
            {"postfix": 3.1, "dovecot": "2.4"}, 'postfix in quotes, such as "3.10"', id="unquoted"
        ),
        pytest.param(
            {"postfix": "3.10", "dovecot": 2.4}, 'dovecot in quotes, such as "3.10"', id="number 2"
        ),
        pytest.param(
            {"postfix": "3.x", "dovecot": "2.4"}, "3.10, this is '3.x'", id="not a number"
        ),
        pytest.param(
            {"postfix": "3.4.9", "dovecot": "2.3"},
            "postfix 3.5 or newer, this is 3.4.9",
            id="postfix too old",
        ),
        pytest.param(
            {"postfix": "3.5", "dovecot": "2.2.36"},
            "dovecot 2.3 or newer up to 2.4, this is 2.2.36",
            id="dovecot too old",
        ),
        pytest.param(
            {"postfix": "3.5", "dovecot": "2.5"},
            "dovecot 2.3 or newer up to 2.4, this is 2.5",
            id="dovecot too new",
        ),
    ],
)
def test_what_is_no_target(written: object, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        target(written)
