"""Two keys that become one are an error that names both places; nothing disappears."""

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from mailconf.engine.build import read
from mailconf.engine.registry import builtin
from mailconf.engine.spelling import KEY_TWICE, Shape, Speller, shape_of
from mailconf.model.address import reading
from mailconf.model.place import Place, Places
from mailconf.model.spec import Spec
from tests.engine.specs import GOOD, codes, parsed, written

MODELS = {"": Spec, **{name: plugin.options for name, plugin in builtin().items()}}
CONTEXT = reading({"example.org": {}})
SPELLINGS = (
    ("Anna", "anna", "ANNA"),
    ("S1", "s1"),
    ("17", 17),
    ("example.org", "EXAMPLE.org", "example.org.", "Example.Org."),
    ("bücher.example", "BÜCHER.example", "xn--bcher-kva.example", "xn--bcher-kva.example."),
    ("[mail.example.org]:587", "[Mail.example.org]:587"),
    ("anna@example.org", "Anna@example.org", "anna@EXAMPLE.org", "anna@example.org."),
    ("anna@bücher.example", "anna@xn--bcher-kva.example"),
    ("smtpd_banner", "SMTPD_banner"),
    ("imaps", "IMAPS"),
    ("txt", "TXT"),
)


def maps(shape: Shape, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Shape]]:
    """Yield every map of a model, by the path that leads there; `*` is any key, `0` any item."""
    if shape.keys:
        yield path, shape
    for step, inner in (("*", shape.values), ("0", shape.items), *shape.fields.items()):
        if inner:
            yield from maps(inner, (*path, step))


EVERY_MAP = [
    pytest.param(model, path, shape, id=".".join((name, *path)))
    for name, model in MODELS.items()
    for path, shape in maps(shape_of(model), ())
]


def test_every_map_of_the_models_is_known() -> None:
    """A type that is written as dict[…] somewhere in a field is reached by the walk."""
    found = {path.id for path in EVERY_MAP}
    assert {
        ".hosts", ".domains", ".domains.*.mailboxes", ".domains.*.aliases", ".domains.*.mx",
        ".domains.*.senders.0.dkim", ".hosts.*.protocols", ".protocols", ".dns.ttls",
        "dkim.selectors", "postfix.tls_policy", "postfix.main_cf", "rate_limits.exceptions",
        "round_trip.logins",
    } <= found  # fmt: skip


def around(path: tuple[str, ...], value: Any) -> Any:
    """Return data in which a value stands at a path."""
    for step in reversed(path):
        value = [value] if step == "0" else {"x" if step == "*" else step: value}
    return value


def placed(path: tuple[str, ...], keys: tuple[Any, Any]) -> Places:
    real = tuple(0 if step == "0" else "x" if step == "*" else step for step in path)
    return Places("f", {(*real, key): Place("f", line, 1) for line, key in enumerate(keys, 1)})


def is_one(keys: TypeAdapter[Any], pair: tuple[Any, Any]) -> bool:
    try:
        one, two = (keys.validate_python(key, context=CONTEXT) for key in pair)
    except ValidationError:
        return False
    return bool(one == two)


@pytest.mark.parametrize(("model", "path", "shape"), EVERY_MAP)
def test_no_key_of_any_map_disappears(
    model: type[BaseModel], path: tuple[str, ...], shape: Shape
) -> None:
    """Keys that pydantic would make one are reported with both places; others are left alone."""
    assert shape.keys
    for pair in (p for same in SPELLINGS for p in permutations(same, 2)):
        speller = Speller(placed(path, pair), CONTEXT)
        speller.spelled(model, around(path, dict.fromkeys(pair)), ())
        reported = [(f.rule, f.place, f.facts["place"]) for f in speller.findings]
        both = [(KEY_TWICE, Place("f", 2, 1), Place("f", 1, 1))]
        assert reported == (both if is_one(shape.keys, pair) else []), pair


@pytest.mark.parametrize(
    "path",
    [".domains.*.mailboxes", ".domains.*.aliases", "rate_limits.exceptions", "round_trip.logins"],
)
def test_maps_by_address_have_one_spelling(path: str) -> None:
    """The test above is not empty: these keys do become one."""
    shape = next(p.values[2] for p in EVERY_MAP if p.id == path)
    assert isinstance(shape, Shape)
    assert shape.keys
    pairs = (("Anna", "anna"), ("Anna@example.org", "anna@example.org"))
    assert any(is_one(shape.keys, pair) for pair in pairs)


TWO_ANNAS = GOOD.replace("{alice: {}}", "{Anna: {quota: 5G}, anna: {}}")
INCLUDING = GOOD.replace("version: 1", "version: 1\ninclude: [a.yaml, b.yaml]")


def mailbox(name: str) -> str:
    return f"domains: {{example.org: {{mailboxes: {{{name}: {{}}}}}}}}\n"


def test_two_spellings_in_one_file(tmp_path: Path) -> None:
    found = parsed(tmp_path, TWO_ANNAS)
    assert found.spec is None
    (twice,) = found.findings
    assert twice.rule.code == "CFG090"
    assert str(twice.place).endswith("mailconf.yaml:6:36")
    assert "mailconf.yaml:6:17 in another spelling" in twice.message


def test_two_spellings_in_two_included_files(tmp_path: Path) -> None:
    written(tmp_path, mailbox("Anna"), "a.yaml")
    written(tmp_path, mailbox("anna"), "b.yaml")
    (twice,) = read(written(tmp_path, INCLUDING)).findings
    assert twice.rule.code == "CFG090"
    assert {str(twice.place).rpartition("/")[2], str(twice.facts["place"]).rpartition("/")[2]} == {
        "a.yaml:1:37", "b.yaml:1:37",
    }  # fmt: skip


def test_two_spellings_in_a_file_and_an_environment(tmp_path: Path) -> None:
    (tmp_path / "environments").mkdir()
    written(tmp_path, mailbox("ALICE"), "environments/prod.yaml")
    (twice,) = read(written(tmp_path, GOOD), "prod").findings
    assert twice.rule.code == "CFG090"
    assert str(twice.place).endswith("environments/prod.yaml:1:37")


def test_two_spellings_in_defaults_and_a_domain_are_told_once(tmp_path: Path) -> None:
    text = GOOD + "  example.net: {}\ndefaults: {mailboxes: {Zoe: {}, zoe: {}}}\n"
    found = parsed(tmp_path, text).findings
    assert codes(found) == ["CFG090"]
    assert "mailconf.yaml:9:24" in found[0].message


def test_two_spellings_in_a_plugin_and_a_host(tmp_path: Path) -> None:
    text = GOOD.replace("[192.0.2.25]", "[192.0.2.25], postfix: {tls_policy: {X.example: may}}")
    found = parsed(tmp_path, text + "plugins: {postfix: {tls_policy: {x.example: dane}}}\n")
    assert codes(found.findings) == ["CFG090"]


def test_two_spellings_of_a_domain_in_the_key_file(tmp_path: Path) -> None:
    keys = "domains: {xn--bcher-kva.example: {mail: none}, bücher.example: {}}\n"
    written(tmp_path, keys, "mailconf.keys.yaml")
    found = parsed(tmp_path, GOOD + "  Bücher.example: {}\n").findings
    assert "CFG025" in codes(found)


def test_two_domains_name_both_places_and_all_that_is_wrong_in_either(tmp_path: Path) -> None:
    found = parsed(tmp_path, GOOD + "  EXAMPLE.org: {mailboxes: {ALICE: {}}}\n").findings
    assert codes(found) == ["CFG025", "CFG090"]
    assert all("mailconf.yaml:" in finding.message for finding in found)


def test_two_hosts_with_one_hostname(tmp_path: Path) -> None:
    host = "  out: {hostname: MAIL.example.org., addresses: [192.0.2.26], roles: [relay]}\n"
    found = parsed(tmp_path, GOOD.replace("domains:", host + "domains:")).findings
    assert codes(found) == ["CFG092"]
    assert "mailconf.yaml:3:10" in found[0].message


def test_findings_about_a_key_in_another_spelling_have_its_place(tmp_path: Path) -> None:
    (found,) = parsed(tmp_path, GOOD.replace("{alice: {}}", "{Alice: {quota: big}}")).findings
    assert found.where == ("domains", "example.org", "mailboxes", "alice", "quota")
    assert str(found.place).endswith("mailconf.yaml:6:25")


@pytest.mark.parametrize(
    "more",
    [
        "    mailboxes: {alice: {quota: 2000}}\n",
        "plugins: {dovecot: {quota: 5}}\n",
        "plugins: {postfix: {message_size: 50000000}}\n",
        "plugins: {postfix: {message_size: '50000000'}}\n",
        "plugins: {rate_limits: {per_login: [{recipients: 5, per: 60}]}}\n",
        "dns: {ttl: 3600}\n",
    ],
    ids=str.strip,
)
def test_a_number_has_its_unit(tmp_path: Path, more: str) -> None:
    text = GOOD.replace("    mailboxes: {alice: {}}\n", "") if "mailboxes" in more else GOOD
    (found,) = parsed(tmp_path, text + more).findings
    assert found.rule.code == "CFG091"
    assert found.fix.startswith("write ")
    assert "expected a" in found.message
