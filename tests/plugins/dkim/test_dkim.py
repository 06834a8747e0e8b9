"""DKIM keys: published in every state, signing in one."""

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mailconf.model.plugin import Scopes, View
from mailconf.model.requests.mail import UseSigningKey
from mailconf.model.spec import Spec
from mailconf.plugins.dkim import plugin
from mailconf.plugins.dkim.options import DkimOptions
from mailconf.testing import spec_of
from tests.plugins.asking import codes, view, yielded


def public(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def octets(number: int) -> str:
    return base64.b64encode(bytes(range(number))).decode()


LONG = public(rsa.generate_private_key(65537, 2048))
SHORT = public(rsa.generate_private_key(65537, 1024))
LONGER = public(rsa.generate_private_key(65537, 3072))
CURVE = public(ec.generate_private_key(ec.SECP256R1()))
GOOD = {"public_key": LONG, "private_key": "ref+file://keys/a.pem"}
SECOND = {
    "type": "ed25519",
    "public_key": octets(32),
    "private_key": "ref+file://keys/b.seed",
}


def found(selectors: dict[str, Any], **options: str) -> list[str]:
    seen = view(plugin, spec_of(), options={"selectors": selectors, **options})
    return codes(yielded(plugin.lint, seen))


@pytest.mark.parametrize(
    ("selectors", "codes"),
    [
        pytest.param({"one": GOOD}, [], id="fine"),
        pytest.param({"one": GOOD, "two": {**GOOD, "state": "published"}}, [], id="next key"),
        pytest.param({}, ["DKM020"], id="no key"),
        pytest.param({"one": {**GOOD, "state": "retired"}}, ["DKM020"], id="none active"),
        pytest.param({"one": GOOD, "two": GOOD}, ["DKM021"], id="two active"),
        pytest.param({"one": {**GOOD, "public_key": ""}}, ["DKM022"], id="no public half"),
        pytest.param({"one": {**GOOD, "public_key": "****"}}, ["DKM022"], id="no base64"),
        pytest.param({"one": {**GOOD, "public_key": "AAAA"}}, ["DKM022"], id="no key in it"),
        pytest.param({"one": {**GOOD, "public_key": CURVE}}, ["DKM022"], id="no RSA key"),
        pytest.param({"one": {"public_key": LONG}}, ["DKM023"], id="no private half"),
        pytest.param({"one": {**GOOD, "public_key": SHORT}}, ["DKM004"], id="1024 bits"),
        pytest.param({"one": {**GOOD, "public_key": LONGER}}, ["DKM005"], id="3072 bits"),
    ],
)
def test_rules(selectors: dict[str, Any], codes: list[str]) -> None:
    assert found(selectors) == codes


@pytest.mark.parametrize(
    ("selectors", "codes"),
    [
        pytest.param({"one": GOOD, "two": SECOND}, [], id="besides RSA"),
        pytest.param({"two": SECOND}, ["DKM006"], id="alone"),
        pytest.param(
            {"one": {**GOOD, "state": "retired"}, "two": SECOND}, ["DKM006"], id="RSA retired"
        ),
        pytest.param(
            {"one": GOOD, "two": SECOND, "three": SECOND}, ["DKM021"], id="two of them active"
        ),
        pytest.param(
            {"one": GOOD, "two": SECOND, "three": {**SECOND, "state": "published"}},
            [],
            id="next key",
        ),
        pytest.param(
            {"one": GOOD, "two": {**SECOND, "public_key": octets(31)}}, ["DKM022"], id="31 octets"
        ),
        pytest.param(
            {"one": GOOD, "two": {**SECOND, "public_key": LONG}}, ["DKM022"], id="an RSA key"
        ),
        pytest.param(
            {"one": GOOD, "two": {**SECOND, "public_key": "****"}}, ["DKM022"], id="no base64"
        ),
        pytest.param(
            {"one": {**GOOD, "public_key": octets(32)}}, ["DKM022"], id="in place of an RSA key"
        ),
        pytest.param(
            {"one": GOOD, "two": {**SECOND, "private_key": None}}, ["DKM023"], id="no private half"
        ),
    ],
)
def test_an_ed25519_key_signs_besides_an_rsa_key(
    selectors: dict[str, Any], codes: list[str]
) -> None:
    assert found(selectors, signer="rspamd") == codes


@pytest.mark.parametrize(
    ("state", "codes"), [("active", ["DKM024"]), ("published", []), ("retired", [])]
)
def test_opendkim_does_not_sign_twice(state: str, codes: list[str]) -> None:
    assert found({"one": GOOD, "two": {**SECOND, "state": state}}, signer="opendkim") == codes


MAIL = {"hostname": "mail.example.org", "addresses": ["192.0.2.25"]}
OUT = {"hostname": "out.example.org", "addresses": ["192.0.2.26"]}


def on_two_hosts(everywhere: str, out: str) -> View[DkimOptions]:
    """Return a view in which one of two hosts has a signer of its own."""
    keys = {"one": GOOD, "two": SECOND}
    chosen = DkimOptions.model_validate({"signer": everywhere, "selectors": keys})
    own = DkimOptions.model_validate({"signer": out, "selectors": keys})
    spec = spec_of(hosts={"mail": MAIL, "out": OUT})
    return View(spec, chosen, Scopes(chosen, {"out": own}))


@pytest.mark.parametrize(
    ("everywhere", "out", "codes"),
    [
        pytest.param("rspamd", "rspamd", [], id="rspamd on both"),
        pytest.param("rspamd", "opendkim", ["DKM024"], id="opendkim on one"),
        pytest.param("opendkim", "rspamd", ["DKM024"], id="opendkim on the other"),
        pytest.param("opendkim", "opendkim", ["DKM024"], id="said once"),
    ],
)
def test_every_host_that_signs_must_be_able_to(everywhere: str, out: str, codes: list[str]) -> None:
    findings = yielded(plugin.lint, on_two_hosts(everywhere, out))
    assert [finding.rule.code for finding in findings] == codes


# 768 bits: cryptography makes no such key any more, so a public half stands here.
TINY = (
    "MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhAMgtBWYhs9J5nY0Bnp5V/haox0LoqlQBsKNFAz1YmjKY/SuH7utAICFQijZP"
    "bJAs1UBMQCgZJZs1UU/JjWGwUs5xOeaWUtVspzXvZZPYVkqTT4IXashAXj2iOVOay7d6bwIDAQAB"
)


def test_a_key_that_receivers_ignore() -> None:
    assert found({"one": {**GOOD, "public_key": TINY}}) == ["DKM003"]


NOT_OURS = [
    pytest.param({"mail": "none"}, id="parked"),
    pytest.param({"provider": "google-workspace"}, id="with a provider"),
]


@pytest.mark.parametrize("domain", NOT_OURS)
def test_a_domain_that_does_not_send_needs_no_key(domain: dict[str, Any]) -> None:
    seen = view(plugin, spec_of(domains={"a.example": domain}))
    assert yielded(plugin.lint, seen) == []


@pytest.mark.parametrize("domain", NOT_OURS)
def test_a_domain_that_does_not_send_signs_with_no_key(domain: dict[str, Any]) -> None:
    assert signed_with(spec_of(domains={"a.example": domain}), {"one": GOOD}) == []


def keys_of(domain: dict[str, Any], **options: Any) -> dict[str, str]:
    """Return the records of keys by name, without the one that takes back all."""
    spec = spec_of(domains={"a.example": domain})
    seen = view(plugin, spec, options={"selectors": {"one": GOOD}, **options})
    records = yielded(plugin.records, seen)
    return {r.name: f"{r.type} {r.value}" for r in records if not r.name.startswith("*.")}


def test_a_parked_domain_publishes_no_key() -> None:
    assert keys_of({"mail": "none"}) == {}
    assert keys_of({"mail": "none", "provider": {"name": "microsoft-365", "tenant": "x"}}) == {}


def test_the_key_of_a_provider_is_published_as_the_provider_gives_it() -> None:
    found = keys_of({"provider": "google-workspace"}, strict=True)
    assert found == {
        "one._domainkey.a.example.": f"TXT v=DKIM1; k=rsa; p={GOOD['public_key']}",
    }


@pytest.mark.parametrize(
    ("state", "count"), [("active", 1), ("retiring", 1), ("created", 0), ("removed", 0)]
)
def test_the_state_of_a_provider_key_counts(state: str, count: int) -> None:
    selectors = {"one": {**GOOD, "state": state}}
    found = keys_of({"provider": "google-workspace"}, selectors=selectors)
    assert len(found) == count


@pytest.mark.parametrize(
    ("tenant", "below"),
    [
        pytest.param("contoso", "contoso.onmicrosoft.com", id="tenant"),
        pytest.param("contoso.onmicrosoft.com", "contoso.onmicrosoft.com", id="its whole name"),
        pytest.param(
            "contoso.n-v1.dkim.mail.microsoft", "contoso.n-v1.dkim.mail.microsoft", id="since 2025"
        ),
    ],
)
def test_the_keys_of_a_tenant_are_two_aliases(tenant: str, below: str) -> None:
    domain = {"provider": {"name": "microsoft-365", "tenant": tenant}}
    assert keys_of(domain, selectors={}) == {
        f"{name}._domainkey.a.example.": f"CNAME {name}-a-example._domainkey.{below}."
        for name in ("selector1", "selector2")
    }


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        pytest.param(GOOD["public_key"], [], id="a key"),
        pytest.param("NOT-A-KEY", ["DKM022"], id="no base64"),
        pytest.param("bm8ga2V5", ["DKM022"], id="no key"),
        pytest.param("", ["DKM022"], id="missing"),
        pytest.param(TINY, ["DKM003"], id="too short"),
    ],
)
def test_the_key_of_a_provider_must_be_one(key: str, codes: list[str]) -> None:
    spec = spec_of(domains={"a.example": {"provider": "google-workspace"}})
    options = {"selectors": {"google": {"public_key": key}}}
    found = yielded(plugin.lint, view(plugin, spec, options=options))
    assert [finding.rule.code for finding in found] == codes


def test_every_key_of_a_parked_domain_is_taken_back() -> None:
    seen = view(plugin, spec_of(domains={"a.example": {"mail": "none"}}))
    (record,) = yielded(plugin.records, seen)
    assert (record.name, record.type, record.value) == (
        "*._domainkey.a.example.",
        "TXT",
        "v=DKIM1; p=",
    )


@pytest.mark.parametrize(
    ("domain", "count"),
    [
        pytest.param({}, 1, id="hosted"),
        pytest.param({"mail": "send-only"}, 1, id="sends only"),
        pytest.param({"provider": "microsoft-365"}, 1, id="with a provider"),
        pytest.param({"mail": "none"}, 0, id="parked"),
    ],
)
def test_a_third_party_signs_with_keys_of_its_own(domain: dict[str, Any], count: int) -> None:
    sender = {"include": "_spf.mailer.example", "dkim": {"m1": "m1.dkim.mailer.example"}}
    spec = spec_of(domains={"a.example": {**domain, "senders": [sender]}})
    records = [r for r in yielded(plugin.records, view(plugin, spec)) if r.type == "CNAME"]
    expected = ("m1._domainkey.a.example.", "m1.dkim.mailer.example.")
    assert [(r.name, r.value) for r in records] == [expected] * count


def test_all_keys_are_published() -> None:
    selectors = {
        "one": GOOD,
        "next": {**GOOD, "state": "published"},
        "old": {**GOOD, "state": "retired"},
        "bad": {"public_key": "*"},
        "none": {},
    }
    seen = view(plugin, spec_of(), options={"selectors": selectors})
    names = [record.name for record in yielded(plugin.records, seen)]
    assert names == [f"{name}._domainkey.example.org." for name in ("one", "next", "old")]


@pytest.mark.parametrize(
    ("selector", "value"),
    [
        pytest.param(GOOD, f"v=DKIM1; k=rsa; p={LONG}", id="rsa"),
        pytest.param(SECOND, f"v=DKIM1; k=ed25519; p={octets(32)}", id="ed25519"),
    ],
)
def test_a_key_is_published_with_its_type(selector: dict[str, str], value: str) -> None:
    seen = view(plugin, spec_of(), options={"selectors": {"one": selector}})
    (record,) = yielded(plugin.records, seen)
    assert (record.type, record.value) == ("TXT", value)


def signed_with(
    spec: Spec, selectors: dict[str, Any], signer: str = "opendkim"
) -> list[tuple[str, str, str, str, str]]:
    """Return which signer gets which key on which host."""
    seen = view(plugin, spec, options={"selectors": selectors, "signer": signer})
    made = yielded(plugin.requests, seen)
    keys = [one for one in made if isinstance(one, UseSigningKey)]
    return [(k.to, k.host, f"{k.domain} {k.selector}", k.key_type, k.reference) for k in keys]


def test_the_active_keys_sign() -> None:
    waiting = {"next": {**GOOD, "state": "published"}, "old": {**GOOD, "state": "retired"}}
    half = {"half": {"public_key": LONG}}
    assert signed_with(spec_of(), {"one": GOOD, "two": SECOND, **waiting, **half}, "rspamd") == [
        ("rspamd", "mail", "example.org one", "rsa", "ref+file://keys/a.pem"),
        ("rspamd", "mail", "example.org two", "ed25519", "ref+file://keys/b.seed"),
    ]


def test_keys_go_only_where_mail_leaves() -> None:
    hosts = {"mail": MAIL, "out": {**OUT, "roles": ["relay"]}}
    assert signed_with(spec_of(hosts=hosts), {"one": GOOD}) == [
        ("opendkim", "out", "example.org one", "rsa", "ref+file://keys/a.pem")
    ]


def test_each_host_has_its_signer() -> None:
    made = yielded(plugin.requests, on_two_hosts("opendkim", "rspamd"))
    assert {(request.to, request.host) for request in made} == {
        ("opendkim", "mail"),
        ("rspamd", "out"),
    }


@pytest.mark.parametrize(
    ("roles", "runs"),
    [
        pytest.param(["mx"], True, id="mail arrives"),
        pytest.param(["backup-mx"], True, id="mail arrives at a backup"),
        pytest.param(["relay"], True, id="mail leaves"),
        pytest.param(["mailstore"], False, id="mail lies"),
        pytest.param(["submission"], False, id="mail goes on to the relay"),
        pytest.param(["web"], False, id="no mail"),
    ],
)
def test_a_signer_runs_where_mail_arrives_or_leaves(roles: list[str], runs: bool) -> None:
    relay = {"hostname": "relay.example.org", "addresses": ["192.0.2.27"], "roles": ["relay"]}
    seen = view(plugin, spec_of(hosts={"mail": {**MAIL, "roles": roles}, "relay": relay}))
    hosts = {request.host for request in yielded(plugin.requests, seen)}
    assert hosts == ({"mail", "relay"} if runs else {"relay"})


def test_without_relays_a_signer_runs_wherever_mail_is_handled() -> None:
    hosts = {"mail": {**MAIL, "roles": ["submission"]}, "www": {**OUT, "roles": ["web"]}}
    made = yielded(plugin.requests, view(plugin, spec_of(hosts=hosts)))
    assert {request.host for request in made} == {"mail"}


def test_a_strict_key_is_published_with_its_flag() -> None:
    options = {"selectors": {"one": GOOD}, "strict": True}
    (record,) = yielded(plugin.records, view(plugin, spec_of(), options=options))
    assert "; t=s; p=" in record.value


@pytest.mark.parametrize(
    ("domain", "found"),
    [
        pytest.param({"senders": [{"include": "spf.s.example"}]}, ["DKM014"], id="no key"),
        pytest.param({"senders": [{"addresses": ["192.0.2.1"]}]}, [], id="machines of our own"),
        pytest.param(
            {"senders": [{"include": "spf.s.example", "dkim": {"m1": "m1.s.example"}}]},
            [],
            id="key",
        ),
        pytest.param(
            {
                "senders": [{"include": "spf.s.example"}],
                "smarthost": {"host": "smtp.s.example"},
            },
            [],
            id="it passes on what we have signed",
        ),
    ],
)
def test_third_parties_sign_as_the_domain(domain: dict[str, Any], found: list[str]) -> None:
    spec = spec_of(domains={"a.example": domain})
    seen = view(plugin, spec, options={"selectors": {"one": GOOD}})
    assert codes(yielded(plugin.lint, seen)) == found
