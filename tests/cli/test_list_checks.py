"""verify --list-checks shows what --only and --skip select."""

from pathlib import Path

from tests.cli.running import mailconf, site


def test_checks_are_listed_with_what_they_verify(tmp_path: Path) -> None:
    done = mailconf("verify", site(tmp_path), "--list-checks")
    assert done.status == 0
    lines = done.stdout.splitlines()
    assert lines == sorted(lines)
    assert any(
        line.startswith("delivery.spf ") and line.endswith(" (--intrusive)") for line in lines
    )
    assert any(line.startswith("dns.record ") for line in lines)


def test_only_and_skip_choose_by_present_and_former_ids(tmp_path: Path) -> None:
    spec = site(tmp_path)
    words = ("--only", "tls", "--skip", "tls.old")
    lines = mailconf("verify", spec, "--list-checks", *words).stdout.splitlines()
    names = [line.split()[0] for line in lines]
    assert "tls.chain" in names
    assert "tls.legacy-versions" not in names
    assert {name.partition(".")[0] for name in names} == {"tls"}


def test_a_spec_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    done = mailconf("verify", tmp_path / "none.yaml", "--list-checks")
    assert done.status == 2
    assert "Traceback" not in done.stderr
