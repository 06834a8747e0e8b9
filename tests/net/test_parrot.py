"""A whole run against servers that repeat the password in many ways: no byte of any output holds it."""

import asyncio
import base64
import itertools
import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from mailconf.model.records_document import RecordsDocument
from tests.cli.running import mailconf, site
from tests.net.asking import HOST
from tests.servers.authority import TestAuthority
from tests.servers.post import USER, Office, opened
from tests.servers.zones import serving

SPEC = """\
version: 1
hosts:
  mail: {hostname: mail.example.org, addresses: [127.0.0.1], roles: [mx, submission, mailstore]}
protocols: {pop3s: {port: 995}, submission: off}
plugins:
  round_trip: {logins: {alice@example.org: ref+env://MAILCONF_TEST_PASSWORD}, within: 1s}
domains:
  example.org:
    mailboxes: {alice: {}}
    aliases: {postmaster: alice, abuse: alice}
"""
SIGNS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ äß€"
FORMATS = {"text": "txt", "json": "json", "junit": "xml", "markdown": "md"}
Repeat = Callable[[str, str], str]
REPEATS: tuple[Repeat, ...] = (
    lambda token, _: f"AUTH PLAIN {token}",
    lambda token, _: token.lower(),
    lambda token, _: token.upper(),
    lambda token, _: token[:-5],
    lambda token, _: token[len(token) // 3 :],
    lambda token, _: base64.b64encode(f"xx{token}".encode()).decode(),
    lambda _, word: word,
    lambda _, word: word.upper(),
    lambda _, word: word[1:],
    lambda _, word: json.dumps(word),
    lambda _, word: quote(word),
    lambda _, word: word.encode().hex(),
    lambda _, word: repr(word),
    lambda _, word: f"<b title='{word}'>{word}</b> ``` {word}",
    lambda _, word: base64.b64encode(word.encode()).decode(),
    lambda _, word: base64.b64encode(f"user={USER}\1auth=Bearer {word}\1\1".encode()).decode(),
)


class Parrot(Office):
    """Repeats what it hears, each time in another way, in the reply to a login and in what follows."""

    def __init__(self, password: str, number: random.Random, *, accepts: bool) -> None:
        super().__init__(lost=not accepts)
        self.password, self.accepts = password, accepts
        self.ways = itertools.cycle(number.sample(REPEATS, len(REPEATS)))
        self.heard = ("", "")

    def lets_in(self, credentials: str) -> bool:
        word = base64.b64decode(credentials).decode().rpartition("\0")[2]
        self.heard = (credentials, word)
        return self.accepts and word == self.password

    @property
    def refusal(self) -> str:
        return next(self.ways)(*self.heard)

    def _imap(self, rest: str, selected: str) -> list[str]:
        return [f"* OK {self.refusal}", f"* OK {self.refusal}", *super()._imap(rest, selected)]


def passwords(number: random.Random) -> Iterator[str]:
    while True:
        word = "".join(number.choices(SIGNS, k=number.randint(6, 30)))
        if word.strip() == word:
            yield word


def needles(word: str) -> set[str]:
    """Return what must not be in any output, white space and case left aside."""
    token = base64.b64encode(f"\0{USER}\0{word}".encode()).decode()
    alone = base64.b64encode(word.encode()).decode()
    whole = {
        word,
        json.dumps(word)[1:-1],
        quote(word),
        word.encode().hex(),
        token,
        alone.rstrip("="),
    }
    return {"".join(one.split()).lower() for one in whole}


def leaks(texts: dict[str, str], word: str) -> dict[str, set[str]]:
    flat = {name: "".join(text.split()).lower() for name, text in texts.items()}
    found = {name: {one for one in needles(word) if one in text} for name, text in flat.items()}
    return {name: those for name, those in found.items() if those}


@pytest.mark.parametrize("accepts", [True, False], ids=["lets in", "refuses"])
@pytest.mark.parametrize("seed", range(3))
async def test_no_output_holds_the_password(
    seed: int, accepts: bool, authority: TestAuthority, tmp_path: Path
) -> None:
    number = random.Random(f"{seed} {accepts}")
    word = next(passwords(number))
    spec = site(tmp_path / "site", SPEC)
    done = await asyncio.to_thread(mailconf, "render", spec, "-o", tmp_path / "tree")
    assert done.status == 0, done
    live = list(RecordsDocument.parse((tmp_path / "tree/dns/records.json").read_text()).records)
    parrot = Parrot(word, number, accepts=accepts)
    async with opened(parrot, authority, HOST), serving(live, "example.org.") as server:
        ports = {465: "submissions", 993: "imaps", 995: "pop3s", 25: "smtp"}
        connect = [f"{HOST}:{port}=127.0.0.1:{parrot.ports[name]}" for port, name in ports.items()]
        reports = [f"{name}={tmp_path / f'report.{end}'}" for name, end in FORMATS.items()]
        done = await asyncio.to_thread(
            mailconf, "verify", spec, "--intrusive", "--ca", authority.file,
            "--resolver", "{}:{}".format(*server), "--record", tmp_path / "report.recording",
            *(w for one in connect for w in ("--connect", one)),
            *(w for one in reports for w in ("--report", one)),
            # Without a login, and the parrot lets it wait for 15 s.
            *(("--only", "login.*", "--only", "trip.*") if seed else ("--skip", "tls.command-injection")),
            MAILCONF_TEST_PASSWORD=word,
        )  # fmt: skip
    texts = {file.name: file.read_text() for file in tmp_path.glob("report.*")}
    assert len(texts) == len(FORMATS) + 1
    assert parrot.heard[0], "nobody logged in"
    assert "[secret]" in texts["report.recording"]
    assert leaks({**texts, "stdout": done.stdout, "stderr": done.stderr}, word) == {}
    assert not re.search(r"Traceback", done.stderr)


def test_a_leak_would_be_found() -> None:
    word = "correct horse"
    token = base64.b64encode(f"\0{USER}\0{word}".encode()).decode()
    assert leaks({"x": f"S: 535 {token[:20]}\n{token[20:]}"}, word)
    assert leaks({"x": "CORRECT\nhorse"}, word)
