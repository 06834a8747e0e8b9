"""What verify asks: every record, and the checks of every plugin."""

from pathlib import Path

import pytest

from mailconf.engine.run import attempt
from mailconf.engine.verify import jobs
from mailconf.testing import FakeWorld
from tests.engine.specs import GOOD, built, parsed


@pytest.mark.parametrize(
    ("only", "some"),
    [
        pytest.param("dns.*", "example.org. MX", id="check"),
        pytest.param("smtp", "smtp://mail.example.org:25 [192.0.2.25]", id="family of checks"),
        pytest.param("*example.org. MX", "example.org. MX", id="subject"),
        pytest.param("submission", "submission://mail.example.org:587 [192.0.2.25]", id="word"),
    ],
)
def test_only_limits_the_checks(tmp_path: Path, only: str, some: str) -> None:
    everything = list(jobs(parsed(tmp_path), built(tmp_path), FakeWorld()))
    chosen = list(jobs(parsed(tmp_path), built(tmp_path), FakeWorld(), [only]))
    assert some in {job.subject for job in chosen}
    assert len(chosen) < len(everything)


async def test_live_findings_carry_the_spec_line(tmp_path: Path) -> None:
    chosen = jobs(parsed(tmp_path), built(tmp_path), FakeWorld(), ["mail.example.org. A"])
    outcome = await attempt(next(chosen))
    assert [finding.place.line for finding in outcome.findings if finding.place] == [3]


@pytest.mark.parametrize("daemon", ["postfix", "dovecot", "webserver"])
def test_checks_of_a_protocol_do_not_go_with_its_daemon(tmp_path: Path, daemon: str) -> None:
    off = f"{GOOD}plugins: {{{daemon}: off}}\n"
    everything = jobs(parsed(tmp_path), built(tmp_path), FakeWorld())
    left = jobs(parsed(tmp_path, off), built(tmp_path, off), FakeWorld())
    assert {(j.check, j.subject) for j in everything} == {(j.check, j.subject) for j in left}
