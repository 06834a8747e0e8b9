"""What strangers say of themselves that OpenDMARC, OpenDKIM or PostSRSd would misread."""

import time

import pytest

from mailconf.programs.originators.policy import refusal
from mailconf.programs.originators.rules import Message
from tests.programs.originators.test_policy import OUTSIDE, RULES


def said(
    sender: str = "x@e.example",
    helo: str = "mx.e.example",
    signature: str = "",
    client: str = OUTSIDE,
) -> str:
    one = Message(client, "mail.a.example", mail_from=sender, helo=helo)
    one.fields = [("From", "x@e.example"), *([("DKIM-Signature", signature)] if signature else [])]
    found = refusal(one, RULES)
    return found.text if found else ""


@pytest.mark.parametrize(
    "sender",
    [
        '"x@a.example"@e.example',
        '"a b@a.example"@e.example',
        '"x\\@a.example"@e.example',
        "x'@a.example'@e.example",
        "x@a.example,@e.example",
        "x@a.example,.e.example",
        "x@a.example'.e.example",
        '"x("@e.example',
        '"x; dmarc=pass"@e.example',
    ],
)
def test_a_sender_with_two_domains_is_refused(sender: str) -> None:
    assert "sender address" in said(sender=sender)


@pytest.mark.parametrize(
    "helo",
    ["a.example,@e.example", 'a.example"@e.example', "a.example,.e.example", "a.example'.e.example", "a b"],
)  # fmt: skip
def test_a_helo_name_with_two_domains_is_refused(helo: str) -> None:
    """It stands for the sender's domain where the sender is null, and only there."""
    assert "HELO" in said(helo=helo, sender="")
    assert said(helo=helo) == ""


@pytest.mark.parametrize(
    "tags",
    [
        "i==22x=22=3B=20dkim=3Dpass=20header.d=3Da.example=3B=20spf=3Dpass@e.example",
        'i="x"; dkim=pass header.d=a.example',
        "i=x=28@e.example",
        "i=x@a.example@e.example",
        "I =x=22@e.example",
        "s=lab(",
        "d=e.example\\",
        'b="(;',
        "s==header.d=a.example",
        "s=x==header.d=a.example",
        "s=x.=header.d=a.example",
        "s=.x",
        "s=x..y",
        "d==a.example",
        "a=.rsa-sha256",
        "i=.header.d=3Da.example..body.b=3Dy@e.example",
        "i==2Eheader.d=3Da.example@e.example",
        "i=x..header.d=3Da.example..header.b=3Dy@e.example",
        "i=x=3Dheader.d=3Da.example=3Dheader.b=3Dy@e.example",
        "i=x=3D=3Dy@e.example",
        "i=@e.example=3D",
        "i=x@e.exampl=65=A",
        "i=x@e.example=6",
        "i=x=zz@e.example",
        "i=x=3d@e.example",
        "i=x header.d=\r\n AB.a.example header.b=\r\n AB@s.e.exampl=65=A ",
        "i=x=\r\n 3Dy@e.example",
        "s=x.",
        "i=x y@e.example",
        "i=@e.example\xa0",
        "s=x\x85",
        "i=x@e.\r\n example",
        "i=\xe9@e.example",
        "i=x@[192.0.2.1]",
        "d=e.example.",
        "b=AbC==header.d=a.example",
        "b=AbC=.header.d",
    ],
)
def test_a_signature_that_writes_other_results_is_refused(tags: str) -> None:
    assert "DKIM-Signature" in said(signature=f"v=1; a=rsa-sha256; d=e.example; {tags}; b=AbC/+=")


@pytest.mark.parametrize(
    "value", ["i=" + "a" * 500_000, "i=" + "=40" * 150_000, "i=" + "a.b" * 150_000, "s=" + "a." * 250_000]
)  # fmt: skip
def test_long_tags_are_read_in_linear_time(value: str) -> None:
    begun = time.process_time()
    said(signature=value)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "known",
    [
        {"sender": ""},
        {"sender": "o'brien@e.example"},
        {"sender": "bounces+123-abc=e.example@f.example"},
        {"sender": '"john doe"@e.example'},
        {"sender": "prvs=0123456789=x@e.example"},
        {"sender": "SRS0=aa=bb=f.example=x@e.example"},
        {"sender": "x@[192.0.2.1]"},
        {"sender": "x/y!z%w@e.example"},
        {"helo": "localhost.(none)", "sender": ""},
        {"helo": "john's-mac.local"},
        {"helo": "[192.0.2.1]"},
        {"helo": "[IPv6:2001:db8::1]"},
        {"helo": "MY_PC"},
        {"helo": "2001:db8::1"},
        {"helo": ""},
        {"signature": "v=1; a=rsa-sha256; c=relaxed/simple; d=e.example; s=s1; i=@e.example; b=aB+/=="},
        {"signature": "v=1; d=e.example; i=bounce+a=3Db@e.example; bh=x=; b=a\r\n b\r\n c="},
        {"signature": "v=1; i=o'brien@e.example;\r\n\t d=e.example; s=a.b_c"},
        {"signature": "v=1; d=e.example; i=policy.team@smtp.e.example; s=header"},
        {"signature": "broken"},
        {"signature": "v=1; d=e.example; s=x; b=!!!no base64%%%"},
        {"signature": "v=1; d=e.example; s=2026-11.a_b; i=info=3Dexample.com@e.example; b="},
        {"signature": "v=1; a=ed25519-sha256; d=e.example; s=x; i=john.doe@news.e.example; b=aaa="},
        {"helo": "a,b@c", "client": "192.0.2.8"},
    ],
)  # fmt: skip
def test_what_genuine_servers_say_passes(known: dict[str, str]) -> None:
    assert said(**known) == ""
