"""What people type is the whole value, and the priority in its own field."""

from mailconf.plugins.panel import plugin
from tests.plugins.publishing import KEY, published

TABLE = published(plugin, enabled=True)["panel/example.org.md"]
ROWS = [line for line in TABLE.splitlines() if line.startswith("| `")]


def test_every_record_is_a_row() -> None:
    assert len(ROWS) == 14


def test_a_long_key_is_one_value() -> None:
    assert f"| `s1._domainkey` | TXT | 3600 |  | `v=DKIM1; k=rsa; p={KEY}` |" in ROWS


def test_the_priority_has_its_own_field() -> None:
    assert "| `@` | MX | 3600 | 10 | `mail.example.org` |" in ROWS
    assert "| `_imaps._tcp` | SRV | 300 | 0 | `1 993 mail.example.org` |" in ROWS


def test_the_root_keeps_its_dot() -> None:
    shop = published(plugin, enabled=True)["panel/shop.example.org.md"]
    assert "| `@` | MX | 3600 | 0 | `.` |" in shop
    assert "| `_pop3._tcp` | SRV | 3600 | 0 | `0 0 .` |" in ROWS


def test_a_bar_does_not_end_the_cell() -> None:
    assert '| `text` | TXT | 3600 |  | `a "quoted" text, $ and ${var} and \\| too` |' in ROWS


def test_nothing_is_written_unless_it_is_wanted() -> None:
    assert published(plugin) == {}
