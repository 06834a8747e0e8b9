"""What Dovecot keeps over a reload."""

import pytest

from mailconf.plugins.dovecot.restarting import kept_values
from tests.plugins.rendering import on_target, rendered


@pytest.mark.parametrize("target", ["debian-12", "debian-13"])
def test_rendered_files_are_read(target: str) -> None:
    text = rendered(on_target(target)).text("etc/dovecot/dovecot.conf")
    assert set(kept_values(text)) >= {"base_dir", "service anvil"}


def test_limits_of_anvil_are_kept_and_those_of_others_are_not() -> None:
    before = kept_values("service anvil {\n  client_limit = 1000\n}\nservice imap {\n a = 1\n}\n")
    after = kept_values("service anvil {\n  client_limit = 5000\n}\nservice imap {\n a = 2\n}\n")
    assert {name for name in before if before[name] != after[name]} == {"service anvil"}
    assert after["service anvil"] == "client_limit = 5000"


def test_a_broken_file_keeps_nothing() -> None:
    assert kept_values("}\n") == {}
