"""Scripts replace what is ours alone and leave other people's texts where they are."""

import dns.zone
import pytest

from mailconf.plugins.nsupdate import plugin
from tests.plugins.publishing import published

SCRIPT = published(plugin, enabled=True)["nsupdate/example.org"]
LINES = SCRIPT.splitlines()


def added() -> list[str]:
    return [line.removeprefix("update add ") for line in LINES if line.startswith("update add ")]


def test_every_record_is_added() -> None:
    head = "example.org. 300 IN SOA a. b. 1 2 3 4 5\nexample.org. 300 IN NS a.\n"
    zone = dns.zone.from_text(head + "\n".join(added()), origin="example.org.", relativize=False)
    assert len(list(zone.iterate_rdatas())) == 14 + 2


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("update delete _imaps._tcp.example.org. SRV", id="ours alone"),
        pytest.param("update delete mail.example.org. CNAME", id="an alias would swallow the rest"),
        pytest.param("update delete autoconfig.example.org. ANY", id="nothing beside an alias"),
        pytest.param("update delete _dmarc.example.org. TXT", id="one policy"),
    ],
)
def test_old_values_go_first(line: str) -> None:
    name = line.split()[2]
    first = next(other for other in LINES if other.startswith(f"update add {name} "))
    assert LINES.index(line) < LINES.index(first)


def test_texts_of_others_stay() -> None:
    assert "update delete example.org. TXT" not in LINES
    assert any(line.startswith("update add example.org. 3600 IN TXT") for line in LINES)


def test_it_is_one_transaction() -> None:
    assert (LINES[2], LINES[-1], LINES.count("send")) == ("zone example.org.", "send", 1)


def test_nothing_is_written_unless_it_is_wanted() -> None:
    assert published(plugin) == {}
