"""SRV records: what is offered, and what decidedly is not."""

from mailconf.plugins.srv import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded


def test_every_client_protocol_has_a_record() -> None:
    seen = view(plugin, spec_of(protocols={"imap": {"port": 1143}, "submission": "off"}))
    values = {
        record.name.partition(".")[0]: record.value for record in yielded(plugin.records, seen)
    }
    assert values == {
        "_submissions": "0 1 465 mail.example.org.",
        "_submission": "0 0 0 .",
        "_imaps": "0 1 993 mail.example.org.",
        "_imap": "10 1 1143 mail.example.org.",
        "_pop3s": "0 0 0 .",
        "_pop3": "0 0 0 .",
    }


def test_a_domain_without_mailboxes_announces_nothing() -> None:
    seen = view(plugin, spec_of(domains={"a.example": {"mail": "send-only"}}))
    assert yielded(plugin.records, seen) == []
