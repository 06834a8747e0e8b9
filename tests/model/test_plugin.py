"""A view gives the options in force, and the requests on one host."""

from mailconf.model.base import Model
from mailconf.model.plugin import Facet, Plugin, Scopes, View
from mailconf.model.request import Requested, Requests
from mailconf.model.requests.mail import JudgeMail
from mailconf.testing import spec_of


class Options(Model):
    """Options of a plugin for tests."""

    level: int = 0


def test_options_of_a_domain_and_of_a_host_come_first() -> None:
    spec = spec_of()
    scopes = Scopes(Options(), {"mail": Options(level=1)}, {"example.org": Options(level=2)})
    view = View(spec, Options(), scopes)
    assert view.for_host(spec.hosts["mail"]).level == 1
    assert view.for_domain(spec.domains["example.org"]).level == 2


def test_requests_are_told_apart_by_host() -> None:
    made = Requests(Requested(JudgeMail(host=host), "test") for host in ("mail", "other"))
    spec = spec_of()
    view = View(spec, Options(), Scopes(Options()), made)
    assert view.requests_on(spec.hosts["mail"]).of(JudgeMail) == (JudgeMail(host="mail"),)


def test_an_absent_facet_yields_nothing() -> None:
    plugin = Plugin("test", "A test.", Options)
    spec = spec_of()
    view = View(spec, Options(), Scopes(Options()))
    assert list(plugin.records.domain(view, spec.domains["example.org"])) == []
    assert plugin.files == Facet()
