"""Settings that no plugin takes are findings at the plugin that asks."""

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
from mailconf.model.setting import Setting
from tests.plugins.rendering import SITE


class Options(Model):
    """No options."""


def findings(*plugins: Plugin[Any], changes: dict[str, Any] | None = None) -> list[Finding]:
    """Return the findings about settings of a site with these plugins besides the built-in ones."""
    named: dict[str, Any] = {plugin.name: {} for plugin in plugins}
    data = overlay(SITE, overlay({"plugins": named}, changes or {}))
    installed = builtin() | {plugin.name: plugin for plugin in plugins}
    made = build(parse(Loaded(data, Places("x", {})), installed), Renderer())
    wanted = ("CFG030", "CFG080", "CFG082", "CFG083", "CFG084", "CFG085", "CFG086", "HST031")
    return [finding for finding in made.findings if finding.rule.code in wanted]


def asks(*settings: Setting, name: str = "asks") -> Plugin[Options]:
    def wishes(_: View[Options]) -> tuple[Setting, ...]:
        return settings

    return Plugin(name, "Asks.", Options, settings=Facet(site=wishes))


def wish(
    to: str = "postfix", host: str = "mail", key: str = "after", rank: int | None = 5
) -> Setting:
    return Setting(to, host, key, f"192.0.2.{rank or 1}", "asks", rank)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        pytest.param([wish()], [], id="taken"),
        pytest.param([wish("spf"), wish("spf")], ["CFG082"], id="of a plugin that takes none"),
        pytest.param([wish(key="quota_polcy")], ["CFG082"], id="misspelt key"),
        pytest.param([wish("postfxi")], ["CFG083"], id="unknown plugin"),
        pytest.param([wish(host="mial")], ["CFG084"], id="unknown host"),
        pytest.param([wish(key="transport x", rank=None)], [], id="key with a first word"),
        pytest.param(
            [wish("dovecot", key="sieve_before", rank=n) for n in (1, 2)],
            ["CFG085"],
            id="two of one",
        ),
        pytest.param([wish("smtp"), wish("access")], ["CFG082", "CFG082"], id="checks take few"),
        pytest.param([wish("firewall", key="2222", rank=None)], [], id="every key"),
    ],
)
def test_settings(settings: list[Setting], told: list[str]) -> None:
    found = findings(asks(*settings))
    assert [finding.rule.code for finding in found] == told
    assert all("asks" in finding.message for finding in found)
    assert all(finding.where == ("plugins", "asks") for finding in found)


def test_what_is_misspelt_is_told_once_with_what_there_is() -> None:
    (found,) = findings(asks(*(wish(key=f"polcy {n}") for n in range(20))))
    assert "quota_policy" in found.message


def test_an_answer_need_not_be_read() -> None:
    answer = Setting("spf", "mail", "guarded", "25", "asks", is_answer=True)
    assert findings(asks(answer)) == []


def does(job: JobName, name: str = "exim", **parts: Any) -> Plugin[Options]:
    return Plugin(name, "Does a job.", Options, fills=(job,), **parts)


OFF = {"plugins": {"postfix": "off"}}


def test_who_takes_the_place_of_a_plugin_is_asked_in_its_place() -> None:
    heard: list[str] = []

    def settings(view: View[Options]) -> tuple[Setting, ...]:
        heard.extend(setting.key for setting in view.settings)
        return ()

    exim = does("mta", settings=Facet(site=settings), takes={"transport *": "one"})
    told = findings(exim, changes=OFF)
    assert "transport example.org" in heard
    assert {finding.rule.code for finding in told} == {"CFG086"}
    assert any("plugin dovecot needs " in f.message and "quota_policy" in f.message for f in told)


def test_who_reads_all_settings_is_told_nothing() -> None:
    def settings(view: View[Options]) -> tuple[Setting, ...]:
        return view.settings[:0]

    assert findings(does("mta", settings=Facet(site=settings)), changes=OFF) == []


def test_what_another_program_must_do_is_told() -> None:
    told = findings(changes={"jobs": {"mta": "other"}})
    assert {finding.rule.code for finding in told} == {"CFG086"}
    assert any("another program does not take them" in finding.message for finding in told)


def test_a_plugin_that_is_off_by_choice_is_asked_in_vain_without_a_word() -> None:
    assert findings(changes={"plugins": {"firewall": "off", "tls_certificates": "off"}}) == []


def test_the_built_in_plugins_ask_for_nothing_that_is_not_taken() -> None:
    assert findings(changes={"plugins": {"dkim": {"signer": "rspamd"}}}) == []
