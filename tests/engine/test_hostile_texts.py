"""Hostile text in every option and key of a spec: a finding, or files of the same shape; never an exception."""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin
from xml.etree import ElementTree

import pytest
import yaml
from pydantic import BaseModel

from mailconf.engine.build import build, read
from mailconf.engine.lifecycle import steps
from mailconf.engine.load import Loaded
from mailconf.engine.parse import Parsed, parse
from mailconf.engine.registry import builtin
from mailconf.engine.render import Renderer
from mailconf.engine.untrusted import fields_of, kinds_of
from mailconf.formats.dovecot import DovecotConf
from mailconf.model.artifact import Artifact
from mailconf.model.base import FreeText
from mailconf.model.finding import Severity
from mailconf.model.place import Places
from mailconf.model.spec import Spec
from tests.engine.specs import written

KEY = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr"
FULL = """
version: 1
system_mail: postmaster@example.org
hosts:
  mail:
    hostname: mail.example.org
    system_mail: abuse@example.org
    addresses: [192.0.2.25]
    target: debian-13
    send_as: [app@example.org]
    jobs: {web: webserver}
    tls: {certificate: /etc/ssl/mail.pem, private_key: /etc/ssl/mail.key}
    dane: {keys: [{sha256: %(sha)s}]}
domains:
  example.org:
    mx: {mail: 10}
    store: mail
    mailboxes:
      alice: {password: ref+env://ALICE, send_as: [sales@example.org]}
    aliases: {postmaster: [alice], abuse: [alice], sales: [alice]}
    %(catch_all)s
    senders:
      - {include: spf.sender.example, dkim: {s2: s2.sender.example}}
    smarthost: {host: relay.sender.example, username: user, password: ref+env://RELAY}
    client_host: imap.example.org
    tls: {certificate: /etc/ssl/imap.pem, private_key: /etc/ssl/imap.key}
    autoconfig: {display_name: Example}
    bimi: {logo: "https://example.org/logo.svg", evidence: "https://example.org/logo.pem"}
    client_names:
      ua_auto_config: auto.example.org
      apple_profile: "https://example.org/x.mobileconfig"
    dkim:
      selectors:
        s1: {public_key: %(key)s, private_key: "ref+file://keys/s1.pem"}
    dmarc: {reports: ["mailto:dmarc@example.org"]}
    silent_names: {names: [shop]}
    texts: {values: [some-verification=x]}
    tls_rpt: {reports: ["mailto:tls@example.org"]}
  provided.example:
    provider: {name: google-workspace, tenant: example}
    client_names: {autodiscover: autodiscover.example.org}
jobs: {mta: postfix}
dns: {zones: [example.org, provided.example, sender.example], ttls: {spf: 30m}}
waivers: [{code: XXX001, where: nothing, reason: none}]
plugins:
  caa:
    issuers: [{domain: letsencrypt.org, account: "https://acme.example/1", methods: [dns-01]}]
    iodef: "mailto:security@example.org"
  dkim: {signer: opendkim}
  dnsbl: {address_lists: [zen.example.net], domain_lists: [dbl.example.net]}
  dovecot:
    sieve_before: "keep;\\n"
    sieve_after: "keep;\\n"
    %(accounts)s
  postfix:
    postscreen: {dnsbl: ["zen.example.net=127.0.0.2*3"]}
    tls_policy: {example.net: dane}
    tlsrpt_socket: run/tlsrpt.sock
    main_cf: {message_drop_headers: bcc}
    master_cf: ["own unix - - n - - smtp"]
  firewall: {smtp_users: [nagios]}
  postsrsd: {domain: example.org, secret: ref+env://SRS}
  rate_limits:
    per_login: [{recipients: 100, per: 1h}]
    exceptions: {alice@example.org: [{recipients: 10, per: 1h}]}
  round_trip: {logins: {alice@example.org: ref+env://ALICE_PASSWORD}}
  tls_certificates: {dns_plugin: rfc2136}
  zonefile: {name_servers: [ns.other.example], contact: hostmaster@example.org}
  octodns: {enabled: true}
  panel: {enabled: true}
  nsupdate: {enabled: true}
  dnscontrol: {enabled: true}
  terraform: {provider: route53}
"""
ACCOUNTS = (
    "sql: {driver: mysql, host: db.example.org, dbname: mail, username: mail, password: ref+env://S,"
    " password_query: 'SELECT 1', user_query: 'SELECT 1'}",
    "ldap: {uris: ['ldaps://l.example.org'], base: dc=example, filter: '(mail=%%{user})',"
    " bind_dn: cn=x, password: ref+env://L}",
    "oauth2: {introspection_url: ref+env://O, username_attribute: email}",
)
# Users of a database or directory and a catch-all exclude each other.
CAUGHT = {"sql:": "", "ldap": "", "oaut": "catch_all: [alice]"}
TEXTS = (
    "", " ", "x\ny", "\t", '"', "\\", "${x}", "a: b", "#x", "}", "%{user}", "null", "1e3", "]]>",
    "/../x", "/a/./b", "x" * 5000, "é", "a\u200db", "x;y", "x,y", "-x", "{% raw %}", "trail ", "|id",
    'x" ; } user = root; #',
)  # fmt: skip
UNPRINTABLE = ("x\0y", "\u202ex")
Where = tuple[str | int, ...]
RENDERER = Renderer()


@cache
def specs() -> tuple[dict[str, Any], ...]:
    facts = {"sha": "ab" * 32, "key": _public_key()}
    texts = (
        FULL % {**facts, "accounts": each % (), "catch_all": CAUGHT[each[:4]]} for each in ACCOUNTS
    )
    return tuple(map(yaml.safe_load, texts))


def _public_key() -> str:
    from mailconf.engine.keys import key_pair  # noqa: PLC0415

    return key_pair("rsa").public_key


def parsed(data: dict[str, Any]) -> Parsed:
    return parse(Loaded(deepcopy(data), Places("x", {})), builtin())


@dataclass(frozen=True)
class Text:
    """Where a text of the spec stands; `name` is that of the option."""

    where: Where
    name: str
    is_key: bool = False
    is_free: bool = False


def strings(kind: Any, value: Any, where: Where, name: str) -> Iterator[Text]:
    for plain, marks in kinds_of(kind):
        if plain is str and isinstance(value, str):
            yield Text(where, name, is_free=any(isinstance(mark, FreeText) for mark in marks))
        for inner, item, step, spelled in parts(plain, value):
            yield from strings(inner, item, (*where, step), name + spelled)
        if get_origin(plain) is dict and any(one is str for one, _ in kinds_of(get_args(plain)[0])):
            yield from (Text((*where, key), f"{name}.<key>", is_key=True) for key in value)


def parts(plain: Any, value: Any) -> Iterator[tuple[Any, Any, str | int, str]]:
    """Yield the type of a part, the part, its key and how that is spelled in the name of an option."""
    if isinstance(value, dict) and isinstance(plain, type) and issubclass(plain, BaseModel):
        for key, inner in fields_of(plain):
            if key in value:
                yield inner, value[key], key, f".{key}"
    elif isinstance(value, dict) and get_origin(plain) is dict:
        yield from ((get_args(plain)[1], item, key, ".*") for key, item in value.items())
    elif isinstance(value, list) and get_origin(plain) in (tuple, list):
        yield from ((get_args(plain)[0], item, n, "[]") for n, item in enumerate(value))


def all_strings(data: dict[str, Any]) -> Iterator[Text]:
    yield from strings(Spec, data, (), "")
    places = ("plugins",), ("hosts", "mail"), *(("domains", name) for name in data["domains"])
    for name, plugin in builtin().items():
        for where in places:
            if name in at(data, where):
                yield from strings(plugin.options, at(data, where)[name], (*where, name), name)


def at(data: Any, where: Where) -> Any:
    for step in where:
        data = data[step]
    return data


def with_text(data: dict[str, Any], place: Text, text: Any) -> dict[str, Any]:
    changed = deepcopy(data)
    outer = at(changed, place.where[:-1])
    if place.is_key:
        outer[text] = outer.pop(place.where[-1])
    else:
        outer[place.where[-1]] = text
    return changed


CASES = [
    pytest.param(number, place, id=f"{place.name} of {number}")
    for number, data in enumerate(specs())
    for place in all_strings(data)
    if number == 0 or "dovecot" in place.where
]


def patterns(kind: Any, where: str) -> Iterator[str]:
    """Yield every option and key of a model that is text."""
    for plain, _ in kinds_of(kind):
        if plain is str:
            yield where
        elif isinstance(plain, type) and issubclass(plain, BaseModel):
            for key, inner in fields_of(plain):
                if not key.startswith("<"):
                    yield from patterns(inner, f"{where}.{key}")
        elif get_origin(plain) is dict:
            of_keys, of_values = get_args(plain)
            yield from patterns(of_keys, f"{where}.<key>")
            yield from patterns(of_values, f"{where}.*")
        elif get_origin(plain) in (tuple, list):
            yield from patterns(get_args(plain)[0], f"{where}[]")


def test_every_text_of_a_spec_is_tried() -> None:
    wanted = set(patterns(Spec, ""))
    for name, plugin in builtin().items():
        wanted |= set(patterns(plugin.options, name))
    tried = {place.name for data in specs() for place in all_strings(data)}
    assert sorted(wanted ^ tried) == []


def test_the_specs_are_sound() -> None:
    for data in specs():
        found = build(parsed(data), RENDERER).findings
        assert [f.message for f in found if f.rule.severity is Severity.ERROR] == []


def shapes(data: dict[str, Any]) -> dict[str, object] | None:
    """Return the shapes of all files, or None for a spec with errors."""
    found = parsed(data)
    made = build(found, RENDERER) if found.spec else None
    if made is None or any(f.rule.severity is Severity.ERROR for f in made.findings):
        return None
    return {str(a.path): shape(a) for a in made.artifacts}


def harmless(data: dict[str, Any], place: Text) -> dict[str, object]:
    """Return the shapes with a plain word in a place, or where that is an error with the text that is there."""
    return shapes(with_text(data, place, "plainword")) or shapes(data) or {}


def shape(artifact: Artifact) -> object:
    """Return what must not change with a text: how many settings, entries and lines there are."""
    path, text = str(artifact.path), artifact.text
    if path.endswith(".json"):
        return skeleton(json.loads(text))
    if path.endswith((".yaml", ".yml")):
        return skeleton(yaml.safe_load(text))
    if path.endswith(".xml"):
        return [element.tag for element in ElementTree.fromstring(text).iter()]
    if path.endswith("dovecot.conf"):
        return sorted(DovecotConf.parse(text).settings)
    return len(text.splitlines())


def skeleton(body: Any) -> object:
    if isinstance(body, dict):
        return sorted((type(value).__name__, repr(skeleton(value))) for value in body.values())
    return [skeleton(item) for item in body] if isinstance(body, list) else type(body).__name__


@pytest.mark.parametrize(("number", "place"), CASES)
def test_hostile_text_is_told_or_stays_one_value(number: int, place: Text) -> None:
    data = specs()[number]
    usual = {} if place.is_free else harmless(data, place)
    # Free text is a language of its own, which may hold as many lines as it likes.
    for text in TEXTS[::5] if place.is_free else TEXTS:
        found = shapes(with_text(data, place, text))
        if found and text:
            both = found.keys() & usual.keys()
            assert {p: found[p] for p in both} == {p: usual[p] for p in both}, text


@pytest.mark.parametrize(("number", "place"), CASES)
def test_text_that_is_not_printable_is_told(tmp_path: Path, number: int, place: Text) -> None:
    for text in UNPRINTABLE:
        data = with_text(specs()[number], place, text)
        with pytest.raises(Exception, match="the text has the character U") as caught:
            read(written(tmp_path, json.dumps(data)))
        assert "SpecFileError" in type(caught.value).__name__


OTHERS: tuple[Any, ...] = (
    None, True, -1, 0, 10**17, 0.5, 1e99, [], {}, [[]], {"x": {}}, "off", ["x", 1],
    "9999-12-31", "0001-01-01", "9999-12-31T23:59:59-23:00", "1000000w", "999999999999999999w",
)  # fmt: skip


def everywhere(value: Any, where: Where = ()) -> Iterator[Where]:
    items: Any = ()
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*where, key)
        yield from everywhere(inner, (*where, key))


@pytest.mark.parametrize("other", OTHERS, ids=repr)
def test_values_of_another_kind_are_told(other: object) -> None:
    data = specs()[0]
    for where in everywhere(data):
        found = parsed(with_text(data, Text(where, ""), other))
        assert found.spec or found.findings, where


TIMES = {
    "since": ("dkim", "selectors", "s1"),
    "created": ("dkim", "selectors", "s1"),
    "rotate_after": ("dkim",),
    "keep_retired": ("dkim",),
    "observe_for": ("dmarc",),
}


@pytest.mark.parametrize("name", TIMES)
def test_times_and_spans_at_the_ends_of_their_range_have_steps(name: str) -> None:
    for text in ("1970-01-01", "2999-12-31", "2999-12-31T23:59:59-12:00", "5200w", 0):
        data = deepcopy(specs()[0])
        at(data, ("domains", "example.org", *TIMES[name]))[name] = text
        found = parsed(data)
        if found.spec:
            assert isinstance(steps(found, found.spec), list)
