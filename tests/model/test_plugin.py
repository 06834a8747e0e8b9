"""A view gives the options in force, and the settings of one host."""

from mailconf.model.base import Model
from mailconf.model.plugin import Facet, Plugin, Scopes, View
from mailconf.model.setting import Setting, Settings
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


def test_settings_are_told_apart_by_host() -> None:
    asked = Settings(Setting("postfix", host, "k", "v", "test") for host in ("mail", "other"))
    spec = spec_of()
    view = View(spec, Options(), Scopes(Options()), asked)
    assert [setting.host for setting in view.settings_of(spec.hosts["mail"])] == ["mail"]


def test_wishes_are_found_by_their_key_or_by_its_first_word() -> None:
    keys = ("run", "key example.org s1 rsa", "key example.org s2 ed25519", "keyboard x")
    wishes = Settings(Setting("opendkim", "mail", key, key[-2:], "dkim") for key in keys)
    spec = spec_of()
    view = View(spec, Options(), Scopes(Options()), wishes)
    host = spec.hosts["mail"]
    assert view.asked(host, "run") == ("un",)
    assert view.asked(host, "walk") == ()
    assert view.asked_of(host, "key") == (
        ("example.org s1 rsa", "sa"),
        ("example.org s2 ed25519", "19"),
    )


def test_an_absent_facet_yields_nothing() -> None:
    plugin = Plugin("test", "A test.", Options)
    spec = spec_of()
    view = View(spec, Options(), Scopes(Options()))
    assert list(plugin.records.domain(view, spec.domains["example.org"])) == []
    assert plugin.files == Facet()
