"""Requests that no plugin takes are findings at the plugin that makes them."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from mailconf.engine.build import build
from mailconf.engine.load import Loaded
from mailconf.engine.merge import overlay
from mailconf.engine.parse import parse
from mailconf.engine.registry import builtin
from mailconf.engine.render import Renderer
from mailconf.model.base import Model
from mailconf.model.finding import Finding
from mailconf.model.host import JobName
from mailconf.model.place import Places
from mailconf.model.plugin import Facet, Plugin, View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.firewall import OpenPort
from mailconf.model.requests.mta import StartAfter, StoreTransport
from tests.plugins.rendering import SITE


class Options(Model):
    """No options."""


def findings(*plugins: Plugin[Any], changes: dict[str, Any] | None = None) -> list[Finding]:
    """Return the findings about requests on a site with these plugins besides the built-in ones."""
    named: dict[str, Any] = {plugin.name: {} for plugin in plugins}
    data = overlay(SITE, overlay({"plugins": named}, changes or {}))
    installed = builtin() | {plugin.name: plugin for plugin in plugins}
    made = build(parse(Loaded(data, Places("x", {})), installed), Renderer())
    wanted = ("CFG030", "CFG080", "CFG082", "CFG083", "CFG084", "CFG086", "HST031")
    return [finding for finding in made.findings if finding.rule.code in wanted]


@dataclass(frozen=True, slots=True, kw_only=True)
class Juggle(PluginRequest):
    """Something that no plugin takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(PluginRequest):
    """Something that nobody needs to take."""

    is_optional = True


def asks(*requests: PluginRequest, name: str = "asks") -> Plugin[Options]:
    def made(_: View[Options]) -> tuple[PluginRequest, ...]:
        return requests

    return Plugin(name, "Asks.", Options, requests=Facet(site=made))


PORT = OpenPort(host="mail", port=2222)


@pytest.mark.parametrize(
    ("requests", "told"),
    [
        pytest.param([StartAfter(host="mail", unit="x")], [], id="taken"),
        pytest.param(
            [Juggle(host="mail"), Juggle(host="mail")], ["CFG082"], id="a type of its own"
        ),
        pytest.param([replace(PORT, to="spf")], ["CFG082"], id="of a plugin that takes others"),
        pytest.param([replace(PORT, to="firewal")], ["CFG083"], id="of an unknown plugin"),
        pytest.param([replace(PORT, host="mial")], ["CFG084"], id="unknown host"),
        pytest.param([PORT, replace(PORT, sources=("192.0.2.1",))], ["CFG030"], id="two of one"),
        pytest.param([PORT, PORT], [], id="the same twice"),
        pytest.param([Answer(host="mail")], [], id="an answer"),
    ],
)
def test_requests(requests: list[PluginRequest], told: list[str]) -> None:
    found = findings(asks(*requests))
    assert [finding.rule.code for finding in found] == told
    assert all("asks" in finding.message for finding in found)


def test_what_no_plugin_takes_is_told_once_at_who_requests_it() -> None:
    (found,) = findings(asks(*(Juggle(host="mail", order=n) for n in range(20))))
    assert found.where == ("plugins", "asks")
    assert found.message == ("plugin asks requests Juggle on mail, which no enabled plugin takes")


def test_a_package_may_have_types_of_its_own() -> None:
    heard: list[Juggle] = []

    def files(view: View[Options]) -> tuple[Any, ...]:
        heard.extend(view.requests.of(Juggle))
        return ()

    takes = Plugin("takes", "Takes.", Options, files=Facet(site=files), takes=(Juggle,))
    assert findings(asks(Juggle(host="mail")), takes) == []
    assert heard == [Juggle(host="mail")]


def does(job: JobName, name: str = "exim", **parts: Any) -> Plugin[Options]:
    return Plugin(name, "Does a job.", Options, fills=(job,), **parts)


OFF = {"plugins": {"postfix": "off"}}
MTA = builtin()["postfix"].takes


def test_who_does_the_job_of_a_plugin_gets_its_requests() -> None:
    heard: list[str] = []

    def requests(view: View[Options]) -> tuple[PluginRequest, ...]:
        heard.extend(way.domain for way in view.requests.of(StoreTransport))
        return ()

    exim = does("mta", requests=Facet(site=requests), takes=(StoreTransport,))
    told = findings(exim, changes=OFF)
    assert "example.org" in heard
    assert {finding.rule.code for finding in told} == {"CFG086"}
    assert any("plugin dovecot needs " in f.message and "PolicyService" in f.message for f in told)


def test_who_takes_all_requests_is_told_nothing() -> None:
    assert findings(does("mta", takes=MTA), changes=OFF) == []


def test_what_another_program_must_do_is_told() -> None:
    told = findings(changes={"jobs": {"mta": "other"}})
    assert {finding.rule.code for finding in told} == {"CFG086"}
    assert any("another program does not take them" in finding.message for finding in told)


def test_a_plugin_that_is_off_by_choice_gets_requests_in_vain_without_a_word() -> None:
    assert findings(changes={"plugins": {"firewall": "off", "tls_certificates": "off"}}) == []


def test_the_built_in_plugins_request_nothing_that_is_not_taken() -> None:
    assert findings(changes={"plugins": {"dkim": {"signer": "rspamd"}}}) == []
