"""Durations and sizes, as people write them."""

import pytest
from pydantic import TypeAdapter, ValidationError

from mailconf.model.base import AbsolutePath, Day, Moment, Octets, RelativePath, Seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30s", 30), ("10m", 600), ("1h", 3600), ("14d", 1_209_600), ("2w", 1_209_600)],
)
def test_durations(text: object, seconds: int) -> None:
    assert TypeAdapter(Seconds).validate_python(text) == seconds


@pytest.mark.parametrize(
    ("text", "octets"), [("1K", 1024), ("500M", 524_288_000), ("2G", 2_147_483_648)]
)
def test_sizes(text: object, octets: int) -> None:
    assert TypeAdapter(Octets).validate_python(text) == octets


@pytest.mark.parametrize("text", ["14", 14, 0, "1.5h", "2 d", "-1s", -1, True, None, "1y", "2GB"])
def test_what_is_neither(text: object) -> None:
    for kind in (Seconds, Octets):
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(text)


@pytest.mark.parametrize("path", ["/etc/x.pem", "/a/.hidden/x", "/a/..b/c..", "/a/...", "/@+-_"])
def test_paths_on_a_host(path: str) -> None:
    assert TypeAdapter(AbsolutePath).validate_python(path) == path
    assert TypeAdapter(RelativePath).validate_python(path[1:]) == path[1:]


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "//a", "/a/", "/a//b", "/..", "/../x", "/a/../b", "/a/..", "/.", "/./a", "/a/./b",
        "/a b", "/a\n", "/a\0b", "/a\x1b", "/é", "/a;b", "/" + "a" * 255,
    ],
)  # fmt: skip
def test_paths_that_lead_elsewhere_or_cannot_be_written(path: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(AbsolutePath).validate_python(path)


@pytest.mark.parametrize("path", ["..", "a/../b", "a/..", ".", "./a", "/a", "a/", "", "a" * 256])
def test_relative_paths_that_lead_elsewhere(path: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(RelativePath).validate_python(path)


@pytest.mark.parametrize(
    "text",
    [
        "9999-12-31",
        "0001-01-01",
        "9999-12-31T23:59:59-23:00",
        "0001-01-01T00:00:00+23:00",
        "3000-01-01",
    ],
)
def test_times_that_no_sum_could_be_made_of(text: str) -> None:
    for kind in (Moment, Day):
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(text)


@pytest.mark.parametrize("text", [10**17, "1000000w", "999999999999999999w"])
def test_spans_that_no_time_could_be_made_of(text: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Seconds).validate_python(text)
