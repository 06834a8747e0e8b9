"""Configuration profiles for Apple's devices."""

import plistlib
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailconf.formats.apple_profile import (
    MAIL,
    AppleProfile,
    AppleProfileError,
    MailAccount,
    Server,
)
from tests.conformance import documents, needs_data
from tests.formats.test_client_config import NAME, TEXT

SERVERS = st.builds(
    Server,
    NAME,
    st.integers(0, 65_535),
    st.one_of(st.none(), st.booleans()),
    st.one_of(st.just(""), TEXT),
)
UUIDS = st.uuids().map(str)
ACCOUNTS = st.builds(
    MailAccount,
    st.sampled_from(["imap", "pop3"]),
    SERVERS,
    SERVERS,
    UUIDS,
    st.sampled_from(["", "a@b.example"]),
)
PROFILES = st.builds(AppleProfile, TEXT, UUIDS, st.lists(ACCOUNTS, max_size=3).map(tuple))
ONE = AppleProfile(
    "example.org.mail",
    "4b3b9b5c-8c9c-5a80-9c9f-1f1d5d4cf8f0",
    (
        MailAccount(
            "imap",
            Server("mail.example.org", 993, ssl=True),
            Server("mail.example.org", 465, ssl=True),
            "6b3b9b5c-8c9c-5a80-9c9f-1f1d5d4cf8f0",
        ),
    ),
)


@given(PROFILES)
def test_a_profile_reads_back(profile: AppleProfile) -> None:
    assert AppleProfile.parse(str(profile)) == profile


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    for one in (text, f"<plist>{text}</plist>"):
        with suppress(AppleProfileError):
            AppleProfile.parse(one)


def test_a_signed_profile_is_read_inside_its_signature() -> None:
    signed = f"\\x30\\x82\\x0a\x06\x09*\\x86H\\x86{ONE}\\xa0\\x82more"
    assert AppleProfile.parse(signed) == ONE


def changed(**payload: Any) -> str:
    """Return the profile with keys of its account changed; None takes them away."""
    body = plistlib.loads(str(ONE).encode())
    (account,) = body["PayloadContent"]
    account |= payload
    body["PayloadContent"] = [
        {k: v for k, v in account.items() if v is not None},
        {"PayloadType": "other"},
    ]
    return plistlib.dumps(body).decode()


def test_passwords_are_seen_and_not_kept() -> None:
    found = AppleProfile.parse(changed(IncomingPassword="s3cret"))
    assert found.accounts[0].incoming.has_password
    assert "s3cret" not in repr(found)


def test_what_is_left_out_is_told() -> None:
    left = {"OutgoingMailServerPortNumber": None, "OutgoingMailServerUseSSL": None}
    (account,) = AppleProfile.parse(changed(**left)).accounts
    assert account.outgoing == replace(ONE.accounts[0].outgoing, port=0, ssl=None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("<html/>", "no property list", id="web page"),
        pytest.param("<plist><dict><key>a</key></dict></plist>", "not a property list", id="cut"),
        pytest.param(changed(EmailAccountType="IMAP"), "EmailAccountType is 'IMAP'", id="type"),
        pytest.param(
            changed(PayloadVersion=1.0), "PayloadVersion is of type float", id="real version"
        ),
        pytest.param(changed(IncomingMailServerHostName=[[[]]]), "of type list", id="lists"),
        pytest.param("<plist" * 10_000, "no property list", id="never closed"),
        pytest.param("</plist><plist>", "no property list", id="the wrong way round"),
        pytest.param(
            f"<plist><dict><key>a</key><integer>0x{'f' * 20_000}</integer></dict></plist>",
            "no payload of type",
            id="large number",
        ),
        pytest.param(changed(IncomingMailServerPortNumber="993"), "expected an integer", id="port"),
        pytest.param(changed(IncomingMailServerPortNumber=True), "expected an integer", id="true"),
        pytest.param(changed(IncomingMailServerUseSSL=1), "expected true or false", id="one"),
        pytest.param(changed(IncomingMailServerHostName=None), "expected a string", id="no host"),
    ],
)
def test_what_a_device_would_not_take(text: str, told: str) -> None:
    with pytest.raises(AppleProfileError, match=told):
        AppleProfile.parse(text)


@needs_data
def test_keys_and_values_are_those_of_apples_schema() -> None:
    (schema,) = documents("mobileconfig/com.apple.mail.managed.yaml")
    keys = {one["key"]: one for one in schema["payloadkeys"]}
    kinds = {"<string>": str, "<integer>": int, "<boolean>": bool}
    payload = plistlib.loads(str(ONE).encode())["PayloadContent"][0]
    own = {name: value for name, value in payload.items() if not name.startswith("Payload")}
    assert schema["payload"]["payloadtype"] == MAIL
    for name, value in own.items():
        assert type(value) is kinds[keys[name]["type"]]
        assert value in keys[name].get("rangelist", [value])
    assert {name for name, one in keys.items() if one["presence"] == "required"} <= own.keys()
