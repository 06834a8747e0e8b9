"""Keys: both halves belong together, and nothing is overwritten."""

import base64
from datetime import UTC, datetime
from pathlib import Path
from string import ascii_lowercase

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from mailconf.engine.keys import KeyExistsError, add_key, key_pair
from mailconf.engine.texts import SpecFileError
from mailconf.formats.dkim import KeyType
from tests.disk.fullness import no_space
from tests.engine.specs import written

TODAY = datetime(2026, 11, 24, 9, tzinfo=UTC)


def selectors(spec: Path, domain: str = "example.org") -> dict[str, dict[str, str]]:
    body = yaml.safe_load((spec.parent / "mailconf.keys.yaml").read_text())
    found: dict[str, dict[str, str]] = body["domains"][domain]["dkim"]["selectors"]
    return found


def test_the_halves_of_an_rsa_key_belong_together() -> None:
    pair = key_pair()
    private = load_pem_private_key(pair.private.encode(), None)
    assert isinstance(private, RSAPrivateKey)
    assert private.key_size == 2048
    der = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert base64.b64encode(der).decode() == pair.public_key


def test_the_halves_of_an_ed25519_key_belong_together() -> None:
    pair = key_pair("ed25519")
    seed = base64.b64decode(pair.private)
    private = Ed25519PrivateKey.from_private_bytes(seed)
    assert base64.b64encode(private.public_key().public_bytes_raw()).decode() == pair.public_key
    assert pair.private == base64.b64encode(seed).decode() + "\n"


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_no_two_keys_are_the_same(kind: KeyType) -> None:
    assert key_pair(kind).public_key != key_pair(kind).public_key


def test_selectors_are_made_from_the_month(tmp_path: Path) -> None:
    spec = written(tmp_path)
    names = [add_key(spec, "example.org", "", TODAY).selector for _ in range(3)]
    assert names == ["s202611a", "s202611b", "s202611c"]


def test_a_month_has_no_more_selectors_than_letters(tmp_path: Path) -> None:
    spec = written(tmp_path)
    taken = {f"s202611{letter}": {"state": "retired"} for letter in ascii_lowercase}
    keys = {"domains": {"example.org": {"dkim": {"selectors": taken}}}}
    written(tmp_path, yaml.safe_dump(keys), "mailconf.keys.yaml")
    with pytest.raises(KeyExistsError, match="all 26 selectors of this month"):
        add_key(spec, "example.org", "", TODAY)


@pytest.mark.parametrize(
    ("kind", "file", "described"),
    [
        pytest.param(
            "rsa",
            "example.org.one.pem",
            {"state": "active", "created": "2026-11-24", "since": "2026-11-24T09:00:00Z"},
            id="rsa",
        ),
        pytest.param(
            "ed25519",
            "example.org.one.seed",
            {
                "state": "active",
                "created": "2026-11-24",
                "since": "2026-11-24T09:00:00Z",
                "type": "ed25519",
            },
            id="ed25519",
        ),
    ],
)
def test_the_key_file_describes_a_key(
    tmp_path: Path, kind: KeyType, file: str, described: dict[str, str]
) -> None:
    made = add_key(written(tmp_path), "example.org", "one", TODAY, kind=kind)
    entry = selectors(tmp_path / "mailconf.yaml")["one"]
    assert entry.pop("public_key")
    assert entry.pop("private_key") == f"ref+file://keys/{file}"
    assert entry == described
    assert made.private == tmp_path / "keys" / file


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_private_halves_are_for_their_owner_only(tmp_path: Path, kind: KeyType) -> None:
    private = add_key(written(tmp_path), "example.org", "one", TODAY, kind=kind).private
    assert private.stat().st_mode & 0o777 == 0o600
    assert private.parent.stat().st_mode & 0o777 == 0o700
    assert (private.parent / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize(("signs", "state"), [(False, "active"), (True, "published")])
def test_a_key_waits_when_another_of_its_type_signs(
    tmp_path: Path, signs: bool, state: str
) -> None:
    assert add_key(written(tmp_path), "example.org", "", TODAY, signs=signs).state == state


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_a_declared_selector_only_gets_its_halves(tmp_path: Path, kind: KeyType) -> None:
    spec = written(tmp_path)
    made = add_key(spec, "example.org", "next", TODAY, kind=kind, declared="published")
    assert made.state == "published"
    assert selectors(spec)["next"].keys() == {"public_key", "private_key"}


def test_keys_of_other_domains_stay(tmp_path: Path) -> None:
    spec = written(tmp_path)
    add_key(spec, "example.org", "one", TODAY)
    before = selectors(spec)
    add_key(spec, "example.net", "one", TODAY)
    assert selectors(spec) == before
    assert selectors(spec, "example.net")["one"]["state"] == "active"


def test_a_selector_is_never_given_twice(tmp_path: Path) -> None:
    spec = written(tmp_path)
    made = add_key(spec, "example.org", "one", TODAY)
    before = made.private.read_text(), made.public.read_text()
    with pytest.raises(KeyExistsError, match="has a selector one already"):
        add_key(spec, "example.org", "one", TODAY, kind="ed25519")
    assert (made.private.read_text(), made.public.read_text()) == before


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_a_lost_public_half_does_not_cost_the_private_one(tmp_path: Path, kind: KeyType) -> None:
    spec = written(tmp_path)
    made = add_key(spec, "example.org", "one", TODAY, kind=kind)
    before = made.private.read_text()
    made.public.unlink()
    with pytest.raises(KeyExistsError):
        add_key(spec, "example.org", "one", TODAY, kind=kind)
    assert made.private.read_text() == before
    assert not made.public.exists()


def test_an_unreadable_key_file_is_left_alone(tmp_path: Path) -> None:
    spec = written(tmp_path)
    broken = written(tmp_path, "domains: {", "mailconf.keys.yaml")
    with pytest.raises(SpecFileError):
        add_key(spec, "example.org", "one", TODAY)
    assert broken.read_text() == "domains: {"
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize("octets", [pytest.param(0, id="at once"), pytest.param(1750, id="later")])
def test_a_disk_that_was_full_does_not_stand_in_the_way(tmp_path: Path, octets: int) -> None:
    spec = written(tmp_path)
    (tmp_path / "mailconf.keys.yaml").write_text(f"x-note: {'x' * 1750}\n")
    with no_space(octets), pytest.raises(OSError, match="too large"):
        add_key(spec, "example.org", "", TODAY)
    left = [path.name for path in (tmp_path / "keys").glob("*")]
    assert left in ([], [".gitignore"])
    assert add_key(spec, "example.org", "", TODAY).selector == "s202611a"
