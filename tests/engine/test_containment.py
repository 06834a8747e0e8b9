"""A plugin that breaks takes nobody down, and is named with the line."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

import pytest

from mailconf.engine.build import UnusableSpecError, build, enable, facet, with_requests
from mailconf.engine.containment import BROKEN, KINDS, check_item
from mailconf.engine.exit_codes import ExitCode, exit_code
from mailconf.engine.lifecycle import steps
from mailconf.engine.load import Loaded
from mailconf.engine.manifest import manifest
from mailconf.engine.parse import Parsed, parse
from mailconf.engine.plan import danger_jobs
from mailconf.engine.registry import builtin
from mailconf.engine.render import Renderer
from mailconf.engine.run import attempt, stream
from mailconf.engine.secrets import Secrets
from mailconf.engine.verify import jobs
from mailconf.engine.write import tree
from mailconf.model.artifact import Port, Render
from mailconf.model.base import Model
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.outcome import Build, Outcome, Report, Verdict
from mailconf.model.place import Places
from mailconf.model.plugin import Check, Facet, Plugin, Scopes, View
from mailconf.model.record import Record
from mailconf.model.request import PluginRequest
from mailconf.model.requests.mail import JudgeMail
from mailconf.model.secret import marked
from mailconf.model.step import Step
from mailconf.model.world import World
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.rendering import FLEET, SITE

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


class Leaving:
    """A value that ends the program when it is printed."""

    def __str__(self) -> str:
        raise SystemExit(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd(PluginRequest):
    """A request about nothing that can be said."""

    @property
    def subject(self) -> str:
        return 5  # type: ignore[return-value]


def order(**fields: Any) -> Any:
    return Render(
        **{
            "host": "mail",
            "path": PurePosixPath("etc/x"),
            "template": "x.j2",
            "data": None,
            **fields,
        }
    )


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
        "whose where has an item that is dict; expected text or a number",
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
        "yielded a Finding whose rule has the field severity, which is str; expected Severity",
        id="severity in words",
    ),
    pytest.param(
        "requests",
        item(JudgeMail(host=spec_of().hosts["mail"])),  # type: ignore[arg-type]
        "yielded a JudgeMail whose host is Host; expected text",
        id="host itself",
    ),
    pytest.param(
        "lint",
        item(replace(GOOD, code=5).at("x", text="x")),  # type: ignore[arg-type]
        "whose rule has the field code, which is int; expected text",
        id="code",
    ),
    pytest.param(
        "lint",
        item(replace(GOOD.at("x", text="x"), place=5)),  # type: ignore[arg-type]
        "a Finding whose place is int; expected Place",
        id="place",
    ),
    pytest.param(
        "lint",
        item(GOOD.at("x", text=Leaving())),
        "lint raised SystemExit at",
        id="a fact that ends the program",
    ),
    pytest.param(
        "records",
        item(Record("a.example.", "NAPTR", "x")),  # type: ignore[arg-type]
        "a Record whose type is 'NAPTR'; expected one of A, ",
        id="type of record",
    ),
    pytest.param(
        "records",
        item(Record("a.example.", "TXT", "x", where="domains")),  # type: ignore[arg-type]
        "a Record whose where is str; expected a tuple",
        id="path of a record",
    ),
    pytest.param(
        "records",
        item(Record("a.example.", "A", "here")),
        "records yielded a A record: the value is 'here'; expected an IPv4 address",
        id="address",
    ),
    pytest.param("files", item(order(mode="0644")), "mode is str; expected a number", id="mode"),
    pytest.param("files", item(order(mode=-1)), "mode is -1; expected 644", id="less than no mode"),
    pytest.param(
        "files", item(order(mode=0o100644)), "mode is 100644; expected", id="all of st_mode"
    ),
    pytest.param("files", item(order(owner=0)), "owner is int; expected text", id="owner"),
    pytest.param(
        "files", item(order(path="etc/x")), "path is str; expected PurePosixPath", id="path"
    ),
    pytest.param("files", item(order(review=5)), "review is int; expected a function", id="review"),
    pytest.param(
        "files", item(order(restart_on={})), "restart_on is dict; expected", id="restart_on"
    ),
    pytest.param("files", item(order(needs=[])), "needs is list; expected a tuple", id="needs"),
    pytest.param(
        "files", item(order(needs=("postfix",))), "needs has an item that is str", id="need"
    ),
    pytest.param(
        "files",
        item(order(needs=(Port("25"),))),  # type: ignore[arg-type]
        "needs has an item that has the field number, which is str; expected a number",
        id="field of a need",
    ),
    pytest.param(
        "requests", item(Odd(host="mail")), "a Odd whose subject is no text", id="subject"
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


@pytest.mark.parametrize(
    ("read", "told"),
    [
        pytest.param(raises, "restart_on of etc/x returned generator", id="generator"),
        pytest.param(lambda _: 1 / 0, "restart_on of etc/x raised ZeroDivisionError", id="raises"),
        pytest.param(lambda _: None, "restart_on of etc/x returned None", id="None"),
        pytest.param(lambda _: {"a": 5}, "restart_on of etc/x returned dict", id="numbers"),
    ],
)
def test_what_reads_values_for_a_restart_and_breaks_is_named(
    tmp_path: Any, read: Any, told: str
) -> None:
    (tmp_path / "x.j2").write_text("x")
    files: Facet[Options, Render] = Facet(site=item(order(restart_on=read)))
    found = made(Plugin("bad", "Breaks.", Options, files=files, templates=tmp_path))
    assert [told in message for message in broken(found)] == [True]
    assert json.loads(manifest(found))["files"][0]["restart_on"] == {}


def test_a_review_that_breaks_on_a_secret_is_named(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def review(text: str) -> Any:
        return iter(()) if "ref+env" in text else [text]

    monkeypatch.setenv("PASSWORD", "hunter2")
    (tmp_path / "x.j2").write_text("{{ data }}")
    one = order(data=marked("ref+env://PASSWORD"), review=review)
    files: Facet[Options, Render] = Facet(site=item(one))
    found = made(Plugin("bad", "Breaks.", Options, files=files, templates=tmp_path))
    assert broken(found) == []
    with pytest.raises(UnusableSpecError) as caught:
        tree(found, Secrets(tmp_path))
    (finding,) = caught.value.findings
    assert "plugin bad: review of etc/x yielded str" in finding.message


def test_data_that_ends_the_program_when_it_is_printed_is_named(tmp_path: Any) -> None:
    (tmp_path / "x.j2").write_text("{{ data }}")
    files: Facet[Options, Render] = Facet(site=item(order(data=Leaving())))
    found = made(Plugin("bad", "Breaks.", Options, files=files, templates=tmp_path), HEALTHY)
    assert ["data of etc/x raised SystemExit" in message for message in broken(found)] == [True]


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


STEP = Step("x", "old", "new", ())


@pytest.mark.parametrize(
    ("step", "told"),
    [
        pytest.param(
            replace(STEP, earliest=datetime(2026, 1, 1)),
            "earliest is datetime; expected a datetime with its zone",
            id="a time of nowhere",
        ),
        pytest.param(replace(STEP, edit={"a": {1}}), "edit is not of plain values", id="a set"),
        pytest.param(
            replace(STEP, late=GOOD.at("x")), "XX001, whose message needs the fact", id="finding"
        ),
    ],
)
def test_steps_that_cannot_be_taken_are_told(step: Step, told: str) -> None:
    read = parsed(Plugin("bad", "Breaks.", Options, steps=Facet(site=item(step))))
    with pytest.raises(UnusableSpecError) as caught:
        steps(read, spec_of())
    assert told in caught.value.findings[0].message


def test_a_finding_that_lacks_a_fact_can_still_be_reported() -> None:
    finding = GOOD.at("x")
    assert (finding.message, finding.fix, finding.observed) == (
        "{text} is loud", "whisper", "{text} is loud",
    )  # fmt: skip


@pytest.mark.parametrize("site", [SITE, FLEET], ids=["site", "fleet"])
def test_what_built_in_plugins_yield_is_of_its_types(site: Any) -> None:
    """They are not looked at in each run, as those of others are."""
    parsed = parse(Loaded(site, Places("x", {})), builtin())
    assert parsed.spec
    enabled, _ = with_requests(parsed.spec, enable(parsed, parsed.spec))
    for one in enabled:
        for part, kind in KINDS.items():
            for item in facet(one, part, parsed.spec):
                check_item(item, kind)
        assert one.broken == []
