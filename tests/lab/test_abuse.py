"""Many clients, silent ones and guessers, on real daemons in both dialects of Dovecot."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from mailconf.engine.build import build
from mailconf.engine.parse import parse
from mailconf.engine.registry import builtin
from mailconf.engine.render import Renderer
from tests.lab import crowd as many
from tests.lab.launching import LAUNCH, Run, all_at_once, needs_root, run
from tests.lab.strangers import PEOPLE

pytestmark = [pytest.mark.lab, pytest.mark.alone, needs_root]
RELEASES = ("debian-12", "debian-13")
LABS = [(lab, release) for lab in ("crowd", "strangers") for release in RELEASES]
SYSCTL = "etc/sysctl.d/60-mailconf-dovecot.conf"
POLLS_SECONDS = 20.0
"""Without inotify Dovecot looks only now and then (mailbox_idle_check_interval, 30 s)."""
Labs = dict[tuple[str, str], Run]
Seen = dict[str, Any]


def rendered_sysctl() -> dict[Path, int]:
    """Return what the spec renders for the kernel, by the file under /proc/sys."""
    built = build(parse(many.crowd("debian-12"), builtin()), Renderer())
    (text,) = [str(a.text) for a in built.artifacts if str(a.order.path) == SYSCTL]
    lines = [line.split("=") for line in text.splitlines() if line and not line.startswith("#")]
    return {Path("/proc/sys", name.strip().replace(".", "/")): int(v) for name, v in lines}


@contextmanager
def kernel_allows(wanted: dict[Path, int]) -> Iterator[None]:
    """Apply sysctl.d as a host does at boot; labs share the machine's kernel."""
    before = {file: int(file.read_text()) for file in wanted}
    try:
        for file, number in wanted.items():
            file.write_text(str(max(number, before[file])))
        yield
    finally:
        for file, number in before.items():
            file.write_text(str(number))


def lab(case: tuple[str, str]) -> Run:
    return run(sys.executable, "-c", LAUNCH, "tests.lab.abuse", *case)


@pytest.fixture(scope="module")
def labs() -> Labs:
    """Run the crowds one after another: a storm of logins needs the processors for itself."""
    crowds = [case for case in LABS if case[0] == "crowd"]
    others = [case for case in LABS if case[0] != "crowd"]
    with kernel_allows(rendered_sysctl()):
        return {case: lab(case) for case in crowds} | all_at_once(lab, others)


@pytest.fixture(params=RELEASES)
def crowd(request: pytest.FixtureRequest, labs: Labs) -> Seen:
    return report(labs["crowd", request.param])


@pytest.fixture(params=RELEASES)
def strangers(request: pytest.FixtureRequest, labs: Labs) -> Seen:
    return report(labs["strangers", request.param])


def report(done: Run) -> Seen:
    assert done.status == 0, done.stderr[-3000:]
    return done.report


def test_a_thousand_sessions_are_open_and_one_more_user_gets_in(crowd: Seen) -> None:
    seen = crowd["idle"]
    assert (seen["open"], seen["refused"]) == (many.SESSIONS, [])
    assert seen["one more"] < 10


def test_news_reach_all_of_a_thousand_sessions_at_once(crowd: Seen) -> None:
    news = crowd["idle"]["news"]
    assert sorted(news) == ["alice", "u99"]
    assert all(seconds < POLLS_SECONDS for seconds in news.values())


def test_no_daemon_meets_a_limit(crowd: Seen) -> None:
    assert crowd["limits"] == []


def test_a_storm_of_logins_takes_no_longer_than_its_hashes(crowd: Seen) -> None:
    seen = crowd["storm"]
    for storm in seen["storms"]:
        assert (storm["in"], storm["failed"]) == (many.LOGINS, [])
        assert storm["seconds"] < 2 * many.LOGINS * seen["hash"] + 5


def test_silent_connections_on_every_port_keep_nobody_out(crowd: Seen) -> None:
    seen = crowd["silence"]
    assert set(seen["held"]) == {
        str(port) for port in (25, 80, 110, 143, 443, 465, 587, 993, 995, 4190)
    }
    assert min(seen["held"].values()) >= 50
    assert {
        name: taken for name, taken in seen["served"].items() if not isinstance(taken, float)
    } == {}


@pytest.mark.parametrize("host", ["mx", "backup", "sub"])
def test_nobody_is_a_recipient_who_only_looks_like_one(strangers: Seen, host: str) -> None:
    accepted = {r: got for r, got in strangers["backscatter"][host].items() if got[0] != "5"}
    assert accepted == {}


def test_a_relay_delivers_to_no_address_literal_of_its_own(strangers: Seen) -> None:
    replies = strangers["backscatter"]["out"]
    assert {got[0] for recipient, got in replies.items() if "[" in recipient} == {"5"}


def test_an_alias_of_a_full_mailbox_is_full(strangers: Seen) -> None:
    replies = strangers["full"]["replies"]
    assert {name: got[:3] for name, got in replies.items()} == {
        "small": "552",
        "one": "552",
        "one-of-one": "552",
        "some": "250",
        "bob": "250",
    }


def test_a_list_reaches_all_members_and_bounces_to_nobody(strangers: Seen) -> None:
    seen = strangers["full"]
    assert seen["got"] == {"bob@example.org": True, "small@example.org": True}
    assert seen["bounces"] == 0


def test_what_a_backup_took_is_taken_though_the_mailbox_is_full(strangers: Seen) -> None:
    assert strangers["full"]["from the backup"].startswith("250")


def test_an_alias_of_fifteen_hundred_is_delivered(strangers: Seen) -> None:
    assert strangers["crowd"] == PEOPLE


def test_guesses_delay_no_login_from_elsewhere(strangers: Seen) -> None:
    right = strangers["guessing"]["right"]
    assert [told for _, told in right if not told.startswith("250")] == []
    assert max(seconds for seconds, _ in right) < 2


def test_who_guesses_is_slowed(strangers: Seen) -> None:
    seen = strangers["guessing"]
    assert len(seen["wrong"]) == 60
    assert median(seen["wrong"]) > 4
