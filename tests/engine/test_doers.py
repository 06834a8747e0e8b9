"""A spec says what does a job, everywhere or on one host; elsewhere nobody is switched off by it."""

from pathlib import PurePosixPath

import pytest

from mailconf.model.artifact import Render
from mailconf.model.plugin import Facet, Plugin
from tests.engine.test_jobs import Options, off, site
from tests.plugins.rendering import FLEET


def test_a_plugin_works_on_the_hosts_that_the_spec_gives_it() -> None:
    """Its facets run there and nowhere else, and what is requested of the others is told."""
    theirs = Plugin(
        "theirs",
        "Does it.",
        Options,
        fills=("mta",),
        files=Facet(host=lambda _view, host: [Render(host.key, PurePosixPath("x"), "x.j2", None)]),
    )
    given = {"jobs": {"mta": "postfix"}, "hosts": {"app": {"jobs": {"mta": "theirs"}}}}
    made = site(given, theirs, base=FLEET)
    assert made.codes("HST031", "HST033", "CFG088", "CFG093") == []
    assert {a.order.host for a in made.build.artifacts if a.source == "postfix"} == (
        {"mx1", "sub", "st1", "st2", "out", "bak"}
    )
    assert [f.subject for f in made.build.findings if f.rule.code == "CFG034"] == ["x"]
    vain = [f for f in made.build.findings if f.rule.code == "CFG086"]
    assert [(f.facts["hosts"], f.facts["instead"]) for f in vain] == [("app", "theirs")] * len(vain)
    assert vain


def test_another_program_may_do_a_job_on_one_host() -> None:
    made = site({"hosts": {"app": {"jobs": {"mta": "other"}}}}, base=FLEET)
    assert made.codes("HST031", "HST033", "CFG088", "CFG093") == []
    assert "app" not in {a.order.host for a in made.build.artifacts if a.source == "postfix"}


def test_options_of_a_plugin_on_a_host_that_another_serves_have_no_effect() -> None:
    body = {"jobs": {"mta": "other"}, "postfix": {"main_cf": {"delay_warning_time": "4h"}}}
    made = site({"hosts": {"app": body}}, base=FLEET)
    assert [f.subject for f in made.build.findings if f.rule.code == "HST032"] == ["postfix"]


@pytest.mark.parametrize(
    ("jobs", "told"),
    [
        ({"mta": "postfx"}, "jobs.mta is 'postfx'; expected other or postfix"),
        ({"mta": "dovecot"}, "jobs.mta is 'dovecot'; expected other or postfix"),
        ({"signer": "rspamd"}, "jobs.signer is 'rspamd'; expected other"),
    ],
)
def test_what_does_no_such_job_is_told(jobs: dict[str, str], told: str) -> None:
    found = [f for f in site({"jobs": jobs}).build.findings if f.rule.code == "CFG093"]
    assert [f.message for f in found] == [told]
    found = [
        f
        for f in site({"hosts": {"mail": {"jobs": jobs}}}).build.findings
        if f.rule.code == "CFG093"
    ]
    assert [f.message for f in found] == [f"hosts.mail.{told}"]


def test_a_plugin_that_is_chosen_and_off_is_told() -> None:
    made = site({"jobs": {"mta": "postfix"}, **off("postfix")})
    (found,) = [f for f in made.build.findings if f.rule.code == "CFG093"]
    assert found.fix == "set plugins: {postfix: on}"
