"""Spec in, Build out; and the golden trees of the examples."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from mailconf.engine.build import UnusableSpecError, build, read
from mailconf.engine.containment import BROKEN
from mailconf.engine.parse import Parsed
from mailconf.engine.render import Renderer
from mailconf.engine.write import tree
from mailconf.model.artifact import Render
from mailconf.model.base import Model
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.outcome import Build
from mailconf.model.place import Place, Places
from mailconf.model.plugin import Facet, Plugin, Scopes, View
from mailconf.model.request import PluginRequest, Requests
from mailconf.testing import spec_of
from tests.engine.specs import EXAMPLES, GOOD, built, codes, parsed, told


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_renders_its_golden_tree(example: Path) -> None:
    rendered = tree(build(read(example / "mailconf.yaml"), Renderer()), None).texts
    expected = example / "expected"
    golden = {
        str(path.relative_to(expected)): path.read_text()
        for path in expected.rglob("*")
        if path.is_file()
    }
    assert rendered == golden


def test_a_spec_with_errors_is_not_built(tmp_path: Path) -> None:
    with pytest.raises(UnusableSpecError) as caught:
        build(parsed(tmp_path, GOOD.replace("version: 1", "version: 7")), Renderer())
    assert codes(caught.value.findings) == ["CFG022"]


def test_findings_of_plugins_have_places(tmp_path: Path) -> None:
    findings = built(tmp_path).findings
    assert codes(findings) == ["ADR004", "DKM020"]
    assert all(finding.place and finding.place.line for finding in findings)


def test_a_parked_domain_needs_no_host_of_its_own(tmp_path: Path) -> None:
    result = built(tmp_path, GOOD + "  parked.example: {mail: none}\n")
    values = {r.value for r in result.records if "parked.example" in r.name}
    assert values == {
        "0 .",
        "v=spf1 -all",
        "v=DMARC1; p=reject; sp=reject; np=reject; adkim=s; aspf=s",
        "v=DKIM1; p=",
    }


class Options(Model):
    """Options of a plugin for tests."""


PLACES = Places("mailconf.yaml", {("hosts", "mail"): Place("mailconf.yaml", 3, 3)})
TOO_LOUD = Rule("XX001", "text-too-loud", Severity.WARNING, "{text} is loud", "whisper")


def together(renderer: Renderer, *plugins: Plugin[Any]) -> Build:
    """Build a small spec with these plugins alone."""
    scopes = {plugin.name: Scopes(Options()) for plugin in plugins}
    by_name = {plugin.name: plugin for plugin in plugins}
    return build(Parsed(spec_of(), PLACES, by_name, scopes, ()), renderer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted(PluginRequest):
    """A request to one plugin."""

    unique = ()
    value: str = "yes"


def wanted(to: str, value: str = "yes") -> Wanted:
    return Wanted(host="mail", to=to, value=value)


def asks(name: str, made: Callable[[Requests], Iterable[Wanted]]) -> Plugin[Options]:
    """Return a plugin that requests something of others, depending on what is requested of it."""

    def requests(view: View[Options]) -> Iterable[Wanted]:
        return made(view.requests)

    return Plugin(name, "A test.", Options, requests=Facet(site=requests), takes=(Wanted,))


ORIGIN = asks("origin", lambda _: [wanted("middle")])
MIDDLE = asks("middle", lambda asked: [wanted("end")] if asked else [])


def writes(
    directory: Path, review: Callable[[str], Iterable[Finding]] | None = None
) -> Plugin[Options]:
    """Return a plugin called `end` that writes down who asks it for something."""

    def files(view: View[Options], host: Host) -> Iterator[Render]:
        sources = ",".join(requested.source for requested in view.requests_on(host))
        yield Render(host.key, PurePosixPath("etc/x"), "x.j2", sources, review=review)

    (directory / "x.j2").write_text("asked by {{ data }}")
    return Plugin(
        "end", "A test.", Options, files=Facet(host=files), templates=directory, takes=(Wanted,)
    )


@pytest.mark.parametrize(
    "order", list(permutations(range(3))), ids=lambda order: "-".join(map(str, order))
)
def test_a_chain_of_requests_settles_in_whatever_order_plugins_run(
    order: tuple[int, ...], tmp_path: Path
) -> None:
    plugins = (ORIGIN, MIDDLE, writes(tmp_path))
    made = together(Renderer(), *(plugins[number] for number in order))
    assert [artifact.text for artifact in made.artifacts] == ["asked by middle"]
    assert made.findings == ()


def test_without_the_first_request_nobody_asks(tmp_path: Path) -> None:
    made = together(Renderer(), MIDDLE, writes(tmp_path))
    assert [artifact.text for artifact in made.artifacts] == ["asked by "]


def test_requests_that_disagree_in_a_later_round_are_told(tmp_path: Path) -> None:
    rival = asks("rival", lambda _: [wanted("end", "no")])
    made = together(Renderer(), ORIGIN, MIDDLE, rival, writes(tmp_path))
    assert codes(made.findings) == ["CFG030"]
    assert {"middle", "rival"} <= set(made.findings[0].message.split())


def test_a_request_that_is_taken_back_is_not_held_against_others(tmp_path: Path) -> None:
    early = asks("early", lambda asked: [] if asked else [wanted("end", "no")])
    origin = asks("origin", lambda _: [wanted("middle"), wanted("early")])
    made = together(Renderer(), early, MIDDLE, origin, writes(tmp_path))
    assert made.findings == ()
    assert [artifact.text for artifact in made.artifacts] == ["asked by middle"]


def test_requests_that_never_settle_are_told_with_who_makes_them() -> None:
    restless = asks("restless", lambda asked: [] if asked else [wanted("restless")])
    made = together(Renderer(), ORIGIN, restless)
    assert [finding.message for finding in made.findings if finding.rule is BROKEN] == [
        "plugin restless: requests do not settle within 10 rounds"
    ]


def loud(text: str) -> Iterator[Finding]:
    if text.isupper():
        yield TOO_LOUD.at("x", ("hosts", "mail"), text=text)


def test_a_finished_file_is_reviewed(tmp_path: Path) -> None:
    assert together(Renderer(), writes(tmp_path, loud)).findings == ()
    own = tmp_path / "own"
    (own / "end").mkdir(parents=True)
    (own / "end/x.j2").write_text("HELLO")
    made = together(Renderer(own), writes(tmp_path, loud))
    assert [told(finding) for finding in made.findings] == ["3:3 XX001"]
    assert made.findings[0].message == "HELLO is loud"


def test_a_file_that_could_not_be_written_is_not_reviewed(tmp_path: Path) -> None:
    plugin = writes(tmp_path, loud)
    (tmp_path / "x.j2").write_text("HELLO {{ data.none }}")
    assert codes(together(Renderer(), plugin).findings) == ["CFG034"]


def test_a_file_for_a_host_that_there_is_not_is_told_and_not_written(tmp_path: Path) -> None:
    def files(_view: View[Options]) -> Iterator[Render]:
        yield Render("mial", PurePosixPath("etc/x"), "x.j2", None)

    plugin = Plugin("end", "A test.", Options, files=Facet(site=files), templates=tmp_path)
    made = together(Renderer(), plugin)
    assert made.artifacts == ()
    assert codes(made.findings) == ["CFG068"]
    assert made.findings[0].message == (
        "plugin end renders etc/x for host mial; expected one of mail"
    )
