"""mailconf keys: what comes next, one step at a time, each a difference to review."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from mailconf.disk.folder import Folder
from mailconf.lab.lab_ca import Authority
from tests.cli.running import GOOD, mailconf, site

TODAY = ("--now", "2026-11-25T10:00:00Z")


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return site(tmp_path)


def states(spec: Path) -> dict[str, str]:
    body = yaml.safe_load((spec.parent / "mailconf.keys.yaml").read_text())
    selectors = body["domains"]["example.org"]["dkim"]["selectors"]
    return {name: selector["state"] for name, selector in selectors.items()}


def rotate(spec: Path, now: str, *options: str) -> int:
    return mailconf("keys", "rotate", spec, "--now", now, *options).status


def test_status_says_how_things_are_and_what_comes_next(spec: Path) -> None:
    done = mailconf("keys", "status", spec, *TODAY)
    assert done.status == 0
    assert "example.org DKIM rsa: s202611a active since 2026-11-24 00:00 UTC" in done.stdout
    assert "next: create a new key, at any time, due 2027-11-24 00:00 UTC" in done.stdout
    assert "next: record the start of mode testing, at any time" in done.stdout


def test_status_tells_what_is_late_with_its_line(spec: Path) -> None:
    done = mailconf("keys", "status", spec, "--now", "2028-01-01", "--fail-on", "warning")
    assert done.status == 1
    assert "mailconf.keys.yaml:7:" in done.stdout
    assert "DKM015 dkim-key-old" in done.stdout


def test_status_for_programs(spec: Path) -> None:
    steps = json.loads(mailconf("keys", "status", spec, *TODAY, "--report", "json").stdout)["steps"]
    assert steps[0]["subject"] == "example.org DKIM rsa"
    assert steps[0]["due"] == "2027-11-24T00:00:00+00:00"


def test_a_rotation_step_by_step(spec: Path) -> None:
    """Every step at a time that is safe, none before; the words are those of the key file."""
    assert rotate(spec, "2026-11-25T10:00:00Z", "--begin") == 0
    assert states(spec) == {"s202611a": "active", "s202611b": "created"}
    assert rotate(spec, "2026-11-25T10:00:00Z") == 0
    assert states(spec) == {"s202611a": "active", "s202611b": "published"}
    assert rotate(spec, "2026-11-25T10:30:00Z") == 0
    assert states(spec) == {"s202611a": "active", "s202611b": "published"}
    assert rotate(spec, "2026-11-25T11:00:00Z") == 0
    assert states(spec) == {"s202611a": "retiring", "s202611b": "active"}
    assert rotate(spec, "2026-12-02T12:00:00Z") == 0
    assert states(spec) == {"s202611a": "revoked", "s202611b": "active"}
    assert rotate(spec, "2026-12-09T13:00:00Z") == 0
    assert states(spec) == {"s202611a": "removed", "s202611b": "active"}
    assert mailconf("lint", spec).status == 0


def test_a_step_too_early_is_told_with_its_date(spec: Path) -> None:
    rotate(spec, "2026-11-25T10:00:00Z", "--begin")
    rotate(spec, "2026-11-25T10:00:00Z")
    done = mailconf(
        "keys", "rotate", spec, "--domain", "example.org", "--now", "2026-11-25T10:30:00Z"
    )
    assert done.status == 1
    assert "DKM025 dkim-step-too-early" in done.stderr
    assert "not become active before 2026-11-25 11:00 UTC" in done.stderr


def test_check_shows_the_difference_and_writes_nothing(spec: Path) -> None:
    rotate(spec, "2026-11-25T10:00:00Z", "--begin")
    before = (spec.parent / "mailconf.keys.yaml").read_text()
    done = mailconf("keys", "rotate", spec, "--check", *TODAY)
    assert done.status == 1
    assert "-          state: created" in done.stdout
    assert "+          state: published" in done.stdout
    assert (spec.parent / "mailconf.keys.yaml").read_text() == before
    mailconf("keys", "rotate", spec, "--begin", "--domain", "example.org", "--check", *TODAY)
    assert len(list((spec.parent / "keys").glob("*.pem"))) == 2


def test_what_stands_in_the_spec_itself_needs_your_hand(tmp_path: Path) -> None:
    spec = site(tmp_path, GOOD + "    mta_sts: {mode: testing, since: 2026-11-01}\n")
    done = mailconf("keys", "rotate", spec, "--now", "2026-11-25")
    assert done.status == 1
    assert "mailconf.yaml:8:" in done.stderr
    assert "CFG060" in done.stderr


def test_nothing_to_do_is_no_failure(spec: Path) -> None:
    done = mailconf("keys", "rotate", spec, *TODAY)
    assert done.status == 0
    assert (spec.parent / "mailconf.keys.yaml").read_text().count("state:") == 1


def certificate(directory: Path, name: str) -> Path:

    file = directory / f"{name}.pem"
    file.write_text(Authority(datetime.now(UTC)).issue(("mail.example.org",), None).certificate)
    return file


def test_a_tls_key_is_added_before_its_certificate_is_loaded(spec: Path, tmp_path: Path) -> None:
    one, two = certificate(tmp_path, "one"), certificate(tmp_path, "two")
    assert mailconf("keys", "tls", spec, one, "--host", "mail", *TODAY).status == 0
    assert mailconf("keys", "tls", spec, two, "--host", "mail", *TODAY).status == 0
    body = yaml.safe_load((spec.parent / "mailconf.keys.yaml").read_text())
    assert [key["state"] for key in body["hosts"]["mail"]["dane"]["keys"]] == ["current", "next"]
    again = mailconf("keys", "tls", spec, two, "--host", "mail", *TODAY)
    assert (again.status, "already" in again.stderr) == (2, True)
    assert rotate(spec, "2026-11-25T11:59:00Z", "--host", "mail") == 1
    assert rotate(spec, "2026-11-25T12:00:00Z", "--host", "mail") == 0
    body = yaml.safe_load((spec.parent / "mailconf.keys.yaml").read_text())
    assert [key["state"] for key in body["hosts"]["mail"]["dane"]["keys"]] == ["past", "current"]


def test_a_policy_is_tried_from_the_day_on_that_rotate_writes(spec: Path) -> None:
    assert rotate(spec, "2026-11-25T10:00:00Z", "--begin", "--domain", "example.org") == 0
    body = yaml.safe_load((spec.parent / "mailconf.keys.yaml").read_text())
    assert body["domains"]["example.org"]["mta_sts"] == {"since": "2026-11-25T10:00:00Z"}
    assert mailconf("lint", spec).status == 0


@pytest.mark.parametrize("spelled", ["b\u00fccher.example", "Example.ORG"])
def test_a_domain_in_any_spelling_has_its_keys(tmp_path: Path, spelled: str) -> None:
    spec = site(tmp_path, GOOD.replace("  example.org:", f"  {spelled}:"))
    assert mailconf("lint", spec).status == 0
    assert rotate(spec, "2026-11-25T10:00:00Z", "--begin") == 0
    assert rotate(spec, "2026-11-25T10:00:00Z") == 0
    assert mailconf("lint", spec).status == 0


@pytest.mark.parametrize("selector", ["bad selector!", "a.b", "S1", "-x-", "../../x"])
def test_a_selector_that_no_spec_could_hold(spec: Path, selector: str) -> None:
    done = mailconf("keys", "new", spec, f"--selector={selector}", "--domain", "example.org")
    assert (done.status, "expected a selector" in done.stderr) == (2, True), done


def test_a_second_kind_of_key_waits_in_dns_first(spec: Path) -> None:
    mailconf("keys", "new", spec, "--type", "ed25519", "--domain", "example.org", *TODAY)
    assert sorted(states(spec).values()) == ["active", "published"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--now", "tomorrow"], "--now tomorrow: expected"),
        (["--now", "2026-11-25T10:00:00"], "expected a time with its zone"),
        (["--domain", "other.example"], "--domain other.example: expected one of example.org"),
        (["--host", "nobody"], "--host nobody: expected one of mail"),
    ],
)
def test_wrong_arguments(spec: Path, options: list[str], told: str) -> None:
    done = mailconf("keys", "rotate", spec, *options)
    assert (done.status, told in done.stderr) == (2, True), done


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("new",), id="new"),
        pytest.param(("rotate", "--begin"), id="rotate"),
        pytest.param(("tls", "cert.pem", "--host", "mail"), id="tls"),
    ],
)
def test_one_command_at_a_time_writes_keys(spec: Path, command: tuple[str, ...]) -> None:
    issued = Authority(datetime.now(UTC)).issue(("mail.example.org",), None)
    (spec.parent / "cert.pem").write_text(issued.certificate)
    with Folder(spec.parent) as folder:
        folder.claim()
        done = mailconf("keys", command[0], "mailconf.yaml", *command[1:], cwd=spec.parent)
        assert done.status == 2
        assert done.stderr == "mailconf: .: another mailconf is writing here\n"
        assert mailconf("keys", "status", spec, *TODAY).status == 0


@pytest.mark.parametrize("now", ["9999-12-31T23:59:59-23:00", "0001-01-01T00:00:00+23:00"])
def test_a_moment_beyond_all_calendars_is_refused(tmp_path: Path, now: str) -> None:
    done = mailconf("keys", "status", site(tmp_path), "--now", now)
    assert done.status == 2
    assert "expected a day from 1971 to 2998" in done.stderr
