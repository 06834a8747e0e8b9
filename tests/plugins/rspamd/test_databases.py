"""rspamd finds its SQLite files: workers that make one at the same time may hang for good."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mailconf.model.artifact import Package, Prepare
from mailconf.plugins.rspamd.databases import NEEDS
from tests.plugins.rendering import options, rendered

MADE = [need.command for need in NEEDS if isinstance(need, Prepare)]


def test_every_file_that_the_statistics_name_is_made_before() -> None:
    order = rendered(options("dkim", signer="rspamd")).file(
        "etc/rspamd/local.d/classifier-bayes.conf"
    )
    named = re.findall(r'path = "\$\{DBDIR\}/([^"]+)"', order.text)
    made = [n.command for n in order.order.needs if isinstance(n, Prepare)]
    assert sorted(f"/var/lib/rspamd/{name}" for name in named) == sorted(c[-2] for c in made)
    assert Package("sqlite3") in order.order.needs


@pytest.mark.parametrize("command", MADE, ids=lambda command: Path(command[-2]).stem)
def test_a_file_is_made_once_and_left_alone_then(command: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "words.sqlite"
    for _again in range(2):
        with closing(sqlite3.connect(file)) as database:
            database.executescript(command[-1])
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
    assert ({"learns"} if "learn_cache" in command[-2] else {"tokens", "users"}) <= tables


def test_they_belong_to_the_user_that_writes_them() -> None:
    assert {command[:3] for command in MADE} == {("setpriv", "--reuid=_rspamd", "--regid=_rspamd")}
