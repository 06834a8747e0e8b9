"""A role whose job nothing fills is an error, and so is a job that two plugins fill."""

from typing import Any

import pytest

from mailconf.engine.build import build
from mailconf.engine.load import Loaded
from mailconf.engine.merge import overlay
from mailconf.engine.parse import parse
from mailconf.engine.registry import builtin
from mailconf.engine.render import Renderer
from mailconf.model.base import Model
from mailconf.model.finding import Severity
from mailconf.model.host import JobName
from mailconf.model.place import Places
from mailconf.model.plugin import Plugin
from tests.plugins.rendering import FLEET, SITE, Site


class Options(Model):
    """No options."""


KEY = {"state": "active", "public_key": "", "private_key": "ref+env://KEY"}
SIGNED = {"domains": {"example.org": {"dkim": {"selectors": {"s1": KEY}}}}}


def site(changes: dict[str, Any], *more: Plugin[Any], base: dict[str, Any] = SITE) -> Site:
    data = overlay(overlay(base, SIGNED), changes)
    installed = builtin() | {plugin.name: plugin for plugin in more}
    return Site(build(parse(Loaded(data, Places("x", {})), installed), Renderer()))


def off(*names: str) -> dict[str, Any]:
    return {"plugins": dict.fromkeys(names, "off")}


@pytest.mark.parametrize(
    ("changes", "jobs"),
    [
        pytest.param({}, [], id="all there"),
        pytest.param(off("postfix"), ["mta"], id="no MTA"),
        pytest.param(off("dovecot"), ["access"], id="no store"),
        pytest.param(off("webserver"), ["web"], id="no web server"),
        pytest.param(off("opendkim"), ["signer"], id="no signer"),
        pytest.param(off("rspamd"), [], id="a signer that is not chosen"),
        pytest.param(off("opendkim", "dkim"), [], id="nothing signs on purpose"),
        pytest.param(off("firewall"), [], id="a firewall is a choice"),
        pytest.param(off("webserver", "mta_sts", "autoconfig"), [], id="nothing to serve"),
        pytest.param(off("postfix", "smtp"), ["mta"], id="without its checks too"),
        pytest.param(
            {"plugins": {"opendkim": "off", "dkim": {"signer": "rspamd"}}}, [], id="rspamd signs"
        ),
        pytest.param(
            {"hosts": {"mail": {"roles": ["send-only"]}}, **off("dovecot", "webserver")},
            [],
            id="roles without those jobs",
        ),
    ],
)
def test_jobs_that_nothing_fills(changes: dict[str, Any], jobs: list[str]) -> None:
    found = [f for f in site(changes).build.findings if f.rule.code == "HST031"]
    assert [finding.facts["job"] for finding in found] == jobs
    assert all(f"jobs: {{{job}: other}}" in f.fix for f, job in zip(found, jobs, strict=True))


@pytest.mark.parametrize(
    ("job", "plugin"), [("mta", "postfix"), ("access", "dovecot"), ("web", "webserver")]
)
def test_another_plugin_or_program_may_fill_a_job(job: JobName, plugin: str) -> None:
    theirs = Plugin("theirs", "Does it.", Options, fills=(job,))
    assert site(off(plugin), theirs).codes("HST031", "HST033", "CFG088") == []
    assert site({"jobs": {job: "other"}}).codes("HST031", "HST033", "CFG088") == []


def test_another_plugin_may_sign() -> None:
    theirs = Plugin(
        "theirs", "Signs.", Options, fills=("signer",), takes=builtin()["opendkim"].takes
    )
    chosen = {"plugins": {"dkim": {"signer": "theirs"}, "opendkim": "off"}}
    assert site(chosen, theirs).codes("HST031", "CFG083") == []
    assert site({"jobs": {"signer": "other"}, **off("opendkim")}).codes("HST031") == []
    assert site({"plugins": {"dkim": {"signer": "opendkm"}}}).codes("CFG083") == ["CFG083"] * 3


def test_what_another_program_does_is_not_rendered() -> None:
    made = site({"jobs": {"mta": "other"}})
    assert made.files("etc/postfix") == set()
    assert made.files("etc/dovecot") != set()
    assert site({"jobs": {"signer": "other"}}).files("etc/opendkim") == set()


def test_two_plugins_for_one_job() -> None:
    theirs = Plugin("exim", "Does it.", Options, fills=("mta",))
    (found,) = [f for f in site({}, theirs).build.findings if f.rule.code == "CFG088"]
    assert found.message == "the job mta is filled by postfix and exim; expected one of them"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({}, [], id="served"),
        pytest.param(off("postfix"), ["25, 465, 587"], id="no MTA"),
        pytest.param(off("dovecot"), ["993"], id="no store"),
        pytest.param(off("postfix", "firewall"), [], id="nothing is opened"),
        pytest.param({"jobs": {"mta": "other"}}, [], id="served by another program"),
    ],
)
def test_a_port_that_is_open_and_not_served(changes: dict[str, Any], told: list[str]) -> None:
    found = [f for f in site(changes).build.findings if f.rule.code == "HST033"]
    assert [finding.facts["ports"] for finding in found] == told


def test_jobs_of_a_fleet_are_told_once_each_with_the_hosts() -> None:
    made = site(off("postfix", "dovecot"), base=FLEET).build
    found = [f for f in made.findings if f.rule.code == "HST031"]
    assert [f.facts["hosts"] for f in found] == [
        "mx1, sub, st1, st2, out, bak, app",
        "sub, st1, st2",
    ]
    assert {f.rule.severity for f in found} == {Severity.ERROR}
