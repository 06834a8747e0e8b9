"""A domain: who receives there, who sends for it, and who does neither here."""

from typing import Any

import pytest
from pydantic import ValidationError

from mailconf.model.domain import PROVIDERS, Domain, Sender
from mailconf.testing import spec_of


def domain(name: str = "example.org", **body: Any) -> Domain:
    return spec_of(domains={name: body}).domains[name]


@pytest.mark.parametrize(
    ("provider", "mx", "spf"),
    [
        pytest.param(
            "google-workspace", (1, "smtp.google.com"), "_spf.google.com", id="google-workspace"
        ),
        pytest.param(
            "microsoft-365",
            (0, "mail-example-org.mail.protection.outlook.com"),
            "spf.protection.outlook.com",
            id="microsoft-365",
        ),
        pytest.param(
            {"name": "microsoft-365", "tenant": "example-org"},
            (0, "mail-example-org.mail.protection.outlook.com"),
            "spf.protection.outlook.com",
            id="with a tenant",
        ),
    ],
)
def test_a_provider_brings_its_records(provider: object, mx: tuple[int, str], spf: str) -> None:
    found = domain("mail.example.org", provider=provider).provider
    assert found
    assert (found.mx("mail.example.org"), found.spf) == (mx, spf)


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_provider_can_be_written_as_one_word(name: str) -> None:
    provider = domain(provider=name).provider
    assert provider
    assert (provider.name, provider.tenant) == (name, "")


@pytest.mark.parametrize(
    ("body", "is_hosted", "sends"),
    [
        pytest.param({}, True, True, id="hosted"),
        pytest.param({"mail": "send-only"}, False, True, id="send-only"),
        pytest.param({"mail": "none"}, False, False, id="parked"),
        pytest.param({"provider": "google-workspace"}, False, False, id="with a provider"),
        pytest.param({"smarthost": {"host": "smtp.example.net"}}, True, True, id="smarthost"),
    ],
)
def test_where_a_domains_mail_goes(body: dict[str, Any], is_hosted: bool, sends: bool) -> None:
    found = domain(**body)
    assert (found.is_hosted, found.sends) == (is_hosted, sends)


def test_senders_are_networks_or_records() -> None:
    senders = [
        {"addresses": ["192.0.2.128/28", "2001:db8::25"]},
        {"include": "_spf.mailer.example", "dkim": {"one": "one._domainkey.mailer.example"}},
    ]
    numbers, record = domain(senders=senders).senders
    assert list(map(str, numbers.addresses)) == ["192.0.2.128/28", "2001:db8::25/128"]
    assert (numbers.include, record.addresses) == (None, ())
    assert record.include == "_spf.mailer.example"
    assert record.dkim == {"one": "one._domainkey.mailer.example"}


def test_local_parts_are_lower_case() -> None:
    found = domain(mailboxes={"Alice": {}}, aliases={"INFO": ["Bob", "Carol"]})
    assert list(found.mailboxes) == ["alice"]
    assert found.aliases == {"info": ("bob", "carol")}
    assert found.knows("alice")
    assert found.knows("info")
    assert not found.knows("bob")


@pytest.mark.parametrize(
    ("local", "address"),
    [
        pytest.param("bob", "bob@example.org", id="local part"),
        pytest.param("Bob@example.net", "Bob@example.net", id="others keep theirs"),
        pytest.param("@example.net", "@example.net", id="all of a domain"),
    ],
)
def test_a_full_address(local: str, address: str) -> None:
    assert domain().address(local) == address


@pytest.mark.parametrize(
    ("written", "targets"),
    [
        pytest.param("bob", ("bob",), id="one"),
        pytest.param(["bob", "c@example.net"], ("bob", "c@example.net"), id="several"),
    ],
)
def test_targets_are_one_or_many(written: object, targets: tuple[str, ...]) -> None:
    found = domain(aliases={"info": written}, catch_all=written)
    assert (found.aliases["info"], found.catch_all) == (targets, targets)


def test_a_smarthost_is_a_submission_service_by_default() -> None:
    smarthost = domain(smarthost={"host": "smtp.example.net"}).smarthost
    assert smarthost
    assert (smarthost.port, smarthost.username, smarthost.password) == (587, "", None)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        pytest.param({"provider": "hotmail"}, "'google-workspace' or 'microsoft-365'", id="other"),
        pytest.param({"mail": "off"}, "'hosted', 'send-only' or 'none'", id="mail"),
        pytest.param({"catch_all": []}, "at least 1 item", id="catch-all to nobody"),
        pytest.param(
            {"catch_all": "a b"}, "an address whose local part", id="catch-all with a blank"
        ),
        pytest.param({"mx": {"mail": 65536}}, "less than or equal to 65535", id="preference"),
        pytest.param(
            {"senders": [{"addresses": ["192.0.2.1/28"]}]}, "host bits zero", id="host bits"
        ),
        pytest.param({"senders": [{"include": "exa mple"}]}, "a domain name", id="record name"),
        pytest.param(
            {"smarthost": {"host": "smtp.example.net", "password": "hunter2"}},
            "never the secret itself",
            id="password of a smarthost",
        ),
        pytest.param(
            {"smarthost": {"host": "smtp.example.net", "username": "a:b"}}, "pattern", id="colon"
        ),
        pytest.param({"client_host": "mail"}, "a fully qualified name", id="one label"),
        pytest.param(
            {"mailboxes": {"a": {"send_as": ["a b"]}}}, "an address whose", id="sender address"
        ),
    ],
)
def test_what_no_domain_can_be(body: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        domain(**body)


@pytest.mark.parametrize(
    "dkim",
    [{"m 1": "x.example"}, {"m1.": "x.example"}, {"": "x.example"}, {"S1": "x.example"}, {"m1._domainkey": "x.example"}, {"m1": "x"}],
    ids=str,
)  # fmt: skip
def test_selectors_of_senders_that_no_zone_could_hold(dkim: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Sender.model_validate({"dkim": dkim})


def test_a_sender_may_have_dots_in_its_selectors() -> None:
    sender = Sender.model_validate({"dkim": {"k1.mail": "k1._domainkey.sender.example"}})
    assert sender.dkim == {"k1.mail": "k1._domainkey.sender.example"}
