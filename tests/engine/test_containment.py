"""A plugin that breaks takes nobody down, and is named with the line."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import pytest

from mailconf.engine.build import UnusableSpecError, build
from mailconf.engine.containment import BROKEN
from mailconf.engine.exit_codes import ExitCode, exit_code
from mailconf.engine.lifecycle import steps
from mailconf.engine.parse import Parsed
from mailconf.engine.plan import danger_jobs
from mailconf.engine.render import Renderer
from mailconf.engine.run import attempt, stream
from mailconf.engine.verify import jobs
from mailconf.model.artifact import Render
from mailconf.model.base import Model
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.outcome import Build, Outcome, Report, Verdict
from mailconf.model.place import Places
from mailconf.model.plugin import Check, Facet, Plugin, Scopes, View
from mailconf.model.record import Record
from mailconf.model.requests.mail import JudgeMail
from mailconf.model.world import World
from mailconf.testing import FakeWorld, spec_of

GOOD = Rule("XX001", "text-loud", Severity.NOTICE, "{text} is loud", "whisper")


class Options(Model):
    """No options."""


class Unprintable:
    """A fact that breaks whoever prints it."""

    def __str__(self) -> str:
        raise RuntimeError("hunter2")


def parsed(*plugins: Plugin[Any]) -> Parsed:
    scopes = {plugin.name: Scopes(Options()) for plugin in plugins}
    by_name = {plugin.name: plugin for plugin in plugins}
    return Parsed(spec_of(), Places("mailconf.yaml", {}), by_name, scopes, ())


def made(*plugins: Plugin[Any]) -> Build:
    return build(parsed(*plugins), Renderer())


def broken(found: Build) -> list[str]:
    return [finding.message for finding in found.findings if finding.rule is BROKEN]


def fine(_: View[Any]) -> Iterator[Record]:
    yield Record("fine.example.", "TXT", "here")


HEALTHY = Plugin("zz_healthy", "Goes on.", Options, records=Facet(site=fine))


def raises(_: Any) -> Iterator[Any]:
    yield from ()
    raise KeyError("hunter2")


def leaves(_: Any) -> Iterator[Any]:
    yield from ()
    raise SystemExit(0)


class PanicError(BaseException):
    """As extension modules raise: no Exception."""


def panics(_: Any) -> Iterator[Any]:
    yield from ()
    raise PanicError


def closes(_: Any) -> Iterator[Any]:
    yield from ()
    raise GeneratorExit


def item(value: Any) -> Callable[[Any], Iterator[Any]]:
    return lambda _: iter([value])


async def coroutine(_: Any) -> None:
    """Not awaited by anybody."""


BAD = [
    pytest.param(
        "lint",
        raises,
        f"lint raised KeyError at test_containment.py:{raises.__code__.co_firstlineno + 2}",
        id="raises",
    ),
    pytest.param("lint", leaves, "lint raised SystemExit at", id="ends the program"),
    pytest.param("lint", panics, "lint raised PanicError at", id="panics"),
    pytest.param("files", closes, "files raised GeneratorExit at", id="generator exit"),
    pytest.param("requests", raises, "requests raised KeyError at", id="requests raise"),
    pytest.param("records", raises, "records raised KeyError at", id="records raise"),
    pytest.param("files", raises, "files raised KeyError at", id="files raise"),
    pytest.param("lint", lambda _: None, "lint returned None; expected an iterable", id="None"),
    pytest.param("files", lambda _: "x", "files returned str; expected an iterable", id="text"),
    pytest.param("records", coroutine, "records returned coroutine; expected", id="coroutine"),
    pytest.param("records", item("a"), "records yielded str; expected Record", id="wrong type"),
    pytest.param("lint", item(None), "lint yielded None; expected Finding", id="yields None"),
    pytest.param(
        "lint", item(GOOD.at("x")), "yielded XX001, whose message needs the fact 'text'", id="fact"
    ),
    pytest.param(
        "lint",
        item(GOOD.at("x", text=Unprintable())),
        "yielded XX001, whose message cannot be filled: RuntimeError",
        id="unprintable fact",
    ),
    pytest.param(
        "lint",
        item(GOOD.at("x", ({},), text="x")),  # type: ignore[arg-type]
        "XX001 at a path that is no path",
        id="path",
    ),
    pytest.param(
        "records",
        item(Record("a.example.", "TXT", None)),  # type: ignore[arg-type]
        "yielded a Record whose value is None; expected text",
        id="record of None",
    ),
    pytest.param(
        "records",
        item(Record("a.example.", "TXT", "x", "soon")),  # type: ignore[arg-type]
        "yielded a Record whose ttl is str; expected a number",
        id="record for a time",
    ),
    pytest.param(
        "lint",
        item(replace(GOOD, severity="high").at("x", text="x")),  # type: ignore[arg-type]
        "yielded a Finding without a Rule that has a Severity",
        id="severity in words",
    ),
    pytest.param(
        "requests",
        item(JudgeMail(host=spec_of().hosts["mail"])),  # type: ignore[arg-type]
        "yielded a JudgeMail whose host is Host; expected text",
        id="host itself",
    ),
]


@pytest.mark.parametrize(("part", "facet", "told"), BAD)
def test_a_facet_that_breaks_is_named_and_the_others_go_on(
    part: str, facet: Any, told: str
) -> None:
    bad = Plugin("bad", "Breaks.", Options, **{part: Facet(site=facet)})  # type: ignore[arg-type]
    found = made(bad, HEALTHY)
    (message,) = broken(found)
    assert message.startswith("plugin bad: ")
    assert told in message
    assert "hunter2" not in message
    assert [record.name for record in found.records] == ["fine.example."]
    assert exit_code(Report("lint", "x", found.findings), Severity.ERROR) is ExitCode.COULD_NOT_RUN


def test_a_facet_that_breaks_for_every_host_is_told_of_once() -> None:
    def each(_view: Any, _host: Any) -> Iterator[Any]:
        return raises(_view)

    bad = Plugin("bad", "Breaks.", Options, requests=Facet(host=each))
    assert len(broken(made(bad))) == 1


@pytest.mark.parametrize(
    ("review", "told"),
    [
        pytest.param(raises, "review of etc/x raised KeyError", id="raises"),
        pytest.param(lambda _: None, "review of etc/x returned None", id="None"),
        pytest.param(item("a"), "review of etc/x yielded str", id="wrong type"),
    ],
)
def test_a_review_that_breaks_is_named(tmp_path: Any, review: Any, told: str) -> None:
    (tmp_path / "x.j2").write_text("x")
    order = Render("mail", PurePosixPath("etc/x"), "x.j2", None, review=review)
    files: Facet[Options, Render] = Facet(site=item(order))
    found = made(Plugin("bad", "Breaks.", Options, files=files, templates=tmp_path))
    assert [told in message for message in broken(found)] == [True]
    assert len(found.artifacts) == 1


def test_a_template_that_breaks_otherwise_than_jinja_says_is_named(tmp_path: Any) -> None:
    (tmp_path / "x.j2").write_text("{{ 1 / data }}")
    order = Render("mail", PurePosixPath("etc/x"), "x.j2", 0)
    files: Facet[Options, Render] = Facet(site=item(order))
    found = made(Plugin("bad", "Breaks.", Options, files=files, templates=tmp_path), HEALTHY)
    (finding,) = found.findings
    assert finding.message.endswith("x.j2, line 1: ZeroDivisionError: division by zero")


async def passes(_view: Any, _subject: Any, _world: World) -> AsyncIterator[Finding]:
    for _ in ():
        yield _


async def crashes(_view: Any, _subject: Any, _world: World) -> AsyncIterator[Finding]:
    yield GOOD.at("x", text="seen")
    raise KeyError("hunter2")


async def lacks_a_fact(_view: Any, _subject: Any, _world: World) -> AsyncIterator[Finding]:
    yield GOOD.at("x")


async def yields_text(_view: Any, _subject: Any, _world: World) -> AsyncIterator[Any]:
    yield "x"


async def panics_live(_view: Any, _subject: Any, _world: World) -> AsyncIterator[Any]:
    raise PanicError
    yield


async def cancels_itself(_view: Any, _subject: Any, _world: World) -> AsyncIterator[Any]:
    task = asyncio.current_task()
    assert task
    task.cancel()
    await asyncio.sleep(0)
    yield


def one(_: Any) -> list[str]:
    return ["subject"]


CHECKS = [
    pytest.param(raises, passes, "check bad.x, subjects raised KeyError at", id="subjects raise"),
    pytest.param(lambda _: None, passes, "check bad.x, subjects returned None", id="None"),
    pytest.param(item(Unprintable()), passes, "subjects raised RuntimeError", id="unprintable"),
    pytest.param(one, crashes, "check bad.x raised KeyError at", id="crash"),
    pytest.param(one, panics_live, "check bad.x raised PanicError at", id="panic"),
    pytest.param(one, lacks_a_fact, "check bad.x yielded XX001, whose message needs", id="fact"),
    pytest.param(one, yields_text, "check bad.x yielded str; expected Finding", id="type"),
    pytest.param(one, lambda *_: None, "check bad.x raised TypeError", id="no generator"),
]


@pytest.mark.parametrize("where", ["checks", "plan_checks"])
@pytest.mark.parametrize(("subjects", "run", "told"), CHECKS)
async def test_a_check_that_breaks_has_crashed_and_is_named(
    where: str, subjects: Any, run: Any, told: str
) -> None:
    checks = (Check("bad.x", "Breaks.", subjects, run),)
    bad = Plugin("bad", "Breaks.", Options, **{where: checks})  # type: ignore[arg-type]
    well = Plugin("well", "Goes on.", Options, **{where: (Check("ok.x", "", one, passes),)})  # type: ignore[arg-type]
    outcomes = await run_all(where, bad, well)
    (crashed,) = [outcome for outcome in outcomes if outcome.verdict is Verdict.CRASHED]
    (finding,) = [f for f in crashed.findings if f.rule is BROKEN]
    assert finding.message.startswith("plugin bad: ")
    assert told in finding.message
    assert "hunter2" not in finding.message + crashed.why
    assert "ok.x" in {outcome.check for outcome in outcomes if outcome.verdict is Verdict.PASSED}
    report = Report("verify", "x", outcomes=tuple(outcomes))
    assert exit_code(report, Severity.ERROR) is ExitCode.COULD_NOT_RUN


@pytest.mark.parametrize("run", [panics_live, cancels_itself, crashes])
async def test_checks_that_break_side_by_side_are_named_and_the_others_go_on(run: Any) -> None:
    bad = Plugin("bad", "Breaks.", Options, checks=(Check("bad.x", "", one, run),))
    well = Plugin("well", "Goes on.", Options, checks=(Check("ok.x", "", one, passes),))
    read = parsed(bad, well)
    found = build(read, Renderer())
    async with asyncio.timeout(60):
        told = {each.check: each async for each in stream(jobs(read, found, FakeWorld()))}
    assert told["ok.x"].verdict is Verdict.PASSED
    assert told["bad.x"].verdict is Verdict.CRASHED
    assert BROKEN in [finding.rule for finding in told["bad.x"].findings]


async def run_all(where: str, *plugins: Plugin[Any]) -> list[Outcome]:
    read, world = parsed(*plugins), FakeWorld()
    found = build(read, Renderer())
    if where == "plan_checks":
        return [await attempt(job) for job in danger_jobs(read, found, (), world)]
    return [await attempt(job) for job in jobs(read, found, world)]


async def test_a_facet_that_broke_is_a_crash_of_verify_too() -> None:
    bad = Plugin("bad", "Breaks.", Options, lint=Facet(site=raises))
    (crashed,) = await run_all("checks", bad)
    assert (crashed.check, crashed.subject, crashed.verdict) == (
        "bad.plugin", "lint", Verdict.CRASHED,
    )  # fmt: skip


def test_steps_of_a_plugin_that_breaks_are_not_taken() -> None:
    read = parsed(Plugin("bad", "Breaks.", Options, steps=Facet(site=raises)))
    with pytest.raises(UnusableSpecError) as caught:
        steps(read, spec_of())
    assert [finding.rule for finding in caught.value.findings] == [BROKEN]


def test_a_finding_that_lacks_a_fact_can_still_be_reported() -> None:
    finding = GOOD.at("x")
    assert (finding.message, finding.fix, finding.observed) == (
        "{text} is loud", "whisper", "{text} is loud",
    )  # fmt: skip
