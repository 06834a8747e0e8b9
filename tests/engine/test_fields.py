"""Fields by the keys of a spec: what they declare, and the models inside."""

from mailconf.engine.fields import fields_of
from mailconf.model.domain import Domain, Mailbox, Smarthost
from mailconf.model.host import Host, Tls


def test_a_map_of_models_is_told_from_a_model() -> None:
    fields = fields_of(Domain)
    assert (fields["mailboxes"].model, fields["mailboxes"].is_map) == (Mailbox, True)
    assert (fields["smarthost"].model, fields["smarthost"].is_map) == (Smarthost, False)
    assert fields["mail"].model is None


def test_a_field_goes_by_its_key() -> None:
    assert fields_of(Host)["tls"].model is Tls
    assert "own_tls" not in fields_of(Host)
