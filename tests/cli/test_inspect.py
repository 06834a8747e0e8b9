"""inspect: verdicts on a message, what is wrong and what to do."""

from pathlib import Path
from typing import Any

import pytest

from mailconf.app.inspect import inspected, jobs
from mailconf.engine.run import attempt
from mailconf.mailauth.message import Envelope, inspect
from mailconf.model.outcome import Outcome
from mailconf.model.record import Record
from mailconf.net.live import LiveWorld
from mailconf.testing import FakeWorld
from tests.cli.running import mailconf
from tests.mailauth.signing import MESSAGE, NAME, signed
from tests.mailauth.test_arc import sealed
from tests.mailauth.test_message import FORWARDED, OURS, WORLD, ZONES
from tests.servers.zones import serving

SAID = b"Authentication-Results: mx.example.net; spf=fail; dkim=pass header.d=example.org\n"


async def outcomes(
    message: bytes, envelope: Envelope | None = OURS, world: FakeWorld = WORLD
) -> dict[str, Outcome]:
    seen = await inspect(message, world, envelope)
    return {job.check: await attempt(job) for job in jobs(seen)}


async def test_a_good_message_tells_why_it_is_good() -> None:
    found = await outcomes(signed())
    assert {name: outcome.subject for name, outcome in found.items()} == {
        "inspect.spf": "pass: 192.0.2.25 for alice@example.org by ip4:192.0.2.25 in example.org (given)",
        "inspect.dkim": "pass: d=example.org s=lab rsa-sha256",
        "inspect.dmarc": "pass: example.org, policy reject of example.org; "
        "spf: example.org is the author's domain",
    }
    assert {outcome.verdict for outcome in found.values()} == {"passed"}


def without(*names: str) -> FakeWorld:
    return FakeWorld(zones={key: texts for key, texts in ZONES.items() if key[0] not in names})


SPF = ("example.org.", "TXT")


@pytest.mark.parametrize(
    ("message", "envelope", "world", "check", "codes"),
    [
        pytest.param(MESSAGE, OURS, WORLD, "inspect.dkim", ["MSG012"], id="unsigned"),
        pytest.param(
            signed().replace(b"Hello", b"Hallo"), OURS, WORLD, "inspect.dkim", ["MSG010"], id="changed"
        ),
        pytest.param(signed(), OURS, without(NAME), "inspect.dkim", ["MSG011"], id="no key"),
        pytest.param(MESSAGE, FORWARDED, WORLD, "inspect.dmarc", ["MSG020"], id="forged"),
        pytest.param(
            MESSAGE, OURS, without("_dmarc.example.org."), "inspect.dmarc", ["MSG021"], id="no policy"
        ),
        pytest.param(
            MESSAGE.replace(b"From: ", b"From: b@example.net, "),
            OURS, WORLD, "inspect.dmarc", ["MSG022"], id="two authors",
        ),
        pytest.param(
            MESSAGE, Envelope("203.0.113.9", "h", "a@example.org"),
            WORLD, "inspect.spf", ["MSG001"], id="another host",
        ),
        pytest.param(
            MESSAGE, OURS, FakeWorld(zones=ZONES | {SPF: ("v=spf1 ip:1.2.3.4",)}),
            "inspect.spf", ["MSG002"], id="broken record",
        ),
        pytest.param(MESSAGE, FORWARDED, WORLD, "inspect.spf", ["MSG003"], id="no record"),
        pytest.param(SAID + signed(), OURS, WORLD, "inspect.authentication-results", ["MSG030"], id="differs"),
        pytest.param(
            sealed(signed()).replace(b"Hello", b"Hallo"), OURS, WORLD, "inspect.arc", ["MSG023"], id="chain",
        ),
    ],
)  # fmt: skip
async def test_what_is_wrong(
    message: bytes, envelope: Envelope, world: FakeWorld, check: str, codes: list[str]
) -> None:
    found = (await outcomes(message, envelope, world))[check]
    assert [finding.rule.code for finding in found.findings] == codes


@pytest.mark.parametrize(
    ("envelope", "silent", "check"),
    [
        (None, "", "inspect.spf"),
        (OURS, "example.org.", "inspect.spf"),
        (OURS, NAME, "inspect.dkim"),
        (OURS, "_dmarc.example.org.", "inspect.dmarc"),
    ],
)
async def test_what_cannot_be_told(envelope: Envelope | None, silent: str, check: str) -> None:
    world = FakeWorld(zones=ZONES, silent=frozenset({silent}))
    assert (await outcomes(signed(), envelope, world))[check].verdict == "unknown"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["absent.eml"], "No such file"),
        (["m.eml", "--ip", "nowhere"], "not an IP address"),
        (["m.eml", "--from", "a@b.example"], "require --ip"),
        (["m.eml", "--resolver", "nowhere"], "--resolver"),
    ],
)
def test_bad_arguments(arguments: list[str], told: str, tmp_path: Path) -> None:
    (tmp_path / "m.eml").write_bytes(MESSAGE)
    done: Any = mailconf("inspect", *arguments, cwd=tmp_path)
    assert (done.status, told in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("record", "codes"),
    [("v=DMARC1; p=reject", []), ("v=DMARC1; p=reject; t=y", ["MSG024"])],
    ids=["the same", "test mode"],
)
async def test_what_older_receivers_do_differently(record: str, codes: list[str]) -> None:
    policy = Record("_dmarc.example.org.", "TXT", record)
    async with serving([policy], "example.org.") as (host, port):
        seen = await inspected(MESSAGE, LiveWorld(resolver=f"{host}:{port}"), None)
    (older,) = [one for one in seen if one.check == "inspect.rfc7489"]
    assert [finding.rule.code for finding in older.findings] == codes


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "m.eml"
    file.write_bytes(MESSAGE)
    done = mailconf("inspect", file, "--ip", "192.0.2.1", "--helo", "a\udcff", PYTHONUTF8="1")
    assert done.status == 2
    assert "--helo 'a\\udcff': expected printable text" in done.stderr
