"""OpenDMARC judges what arrives, after OpenDKIM."""

from mailconf.plugins.opendkim import plugin as opendkim
from mailconf.plugins.opendmarc import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded


def test_it_is_asked_on_port_25_only_and_after_opendkim() -> None:
    (setting,) = yielded(plugin.settings, view(plugin, spec_of()))
    before = yielded(opendkim.settings, view(opendkim, spec_of()))[0]
    assert setting.key == before.key == "smtpd_milters"
    assert (setting.rank or 0) > (before.rank or 0)


def test_one_file_a_host() -> None:
    (order,) = yielded(plugin.files, view(plugin, spec_of()))
    assert (str(order.path), order.service) == ("etc/opendmarc.conf", "opendmarc")
