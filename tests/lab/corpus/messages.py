"""The messages, by what they are about."""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import formatdate

from tests.lab.corpus.domains import ANOTHER, CLIENT, ED25519, LONG, PEER, SHORT, signer
from tests.lab.corpus.signer import NAMES

RECIPIENT = "bob@example.org"
TEXT = b"Hello,\r\n\r\nthis is  a message \t of the corpus.\r\n.\r\n..dots\r\n\r\n"
AUTHOR = "author.example"


@dataclass(frozen=True)
class Mail:
    """A message as it is sent, with its envelope; `ip` is the client's address."""

    name: str
    octets: bytes
    mail_from: str = f"alice@{AUTHOR}"
    ip: str = PEER
    helo: str = AUTHOR


def written(
    name: str, author: str = f"Alice <alice@{AUTHOR}>", body: bytes = TEXT, extra: str = ""
) -> bytes:
    """Return a message that nobody has signed, with fields in `extra`, each with its CRLF."""
    fields = (
        f"From: {author}\r\nTo: Bob <{RECIPIENT}>\r\nSubject: corpus  about\r\n {name}\r\n"
        f"Date: {formatdate()}\r\nMessage-ID: <{token(name)}@corpus.example>\r\n{extra}"
    )
    return fields.encode() + b"\r\n" + body


def token(name: str) -> str:
    return "corpus-" + re.sub(r"[^a-z0-9]+", "-", name)


def all_mail() -> tuple[Mail, ...]:
    """Return the corpus."""
    groups = (
        canonical,
        kinds,
        bodies,
        headers,
        tags,
        broken,
        keys,
        several,
        passed_on,
        aligned,
        spf,
    )
    return tuple(mail for group in groups for mail in group())


def canonical() -> Iterator[Mail]:
    for ways in ("simple/simple", "simple/relaxed", "relaxed/simple", "relaxed/relaxed"):
        name = f"signed {ways}"
        yield Mail(name, signer(AUTHOR).sign(written(name), ways))


def kinds() -> Iterator[Mail]:
    """Keys and algorithms that are good, and one that is not any more."""
    yield Mail("ed25519", signer(AUTHOR, "ed", ED25519).sign(written("ed25519")))
    both = signer(AUTHOR).sign(written("rsa and ed25519"))
    yield Mail("rsa and ed25519", signer(AUTHOR, "ed", ED25519).sign(both))
    yield Mail("1024 bits", signer(AUTHOR, "short", SHORT).sign(written("1024 bits")))
    yield Mail("4096 bits", signer(AUTHOR, "long", LONG).sign(written("4096 bits")))
    old = signer(AUTHOR, algorithm="rsa-sha1")
    yield Mail("rsa-sha1", old.sign(written("rsa-sha1")))
    yield Mail("unsigned", written("unsigned"))


BODIES = {
    "empty body": b"",
    "nothing but empty lines": b"\r\n\r\n\r\n",
    "blanks at the end": b"text  \t\r\n \t \r\n\r\n",
    "8 bits": "Grüße aus Köln – größer als 7 Bit\r\n".encode(),
    "latin-1": "Grüße, unerklärt\r\n".encode("latin-1"),
    "long lines": b"word " * 160 + b"\r\n",
    "very long lines": b"x" * 990 + b"\r\n" + b"y" * 996 + b"\r\n",
    "dots": b".\r\n..\r\n.text\r\n",
    "large": b"0123456789" * 7 + b"\r\n" + b"line of text, and so on\r\n" * 9000,
}


def bodies() -> Iterator[Mail]:
    for name, body in BODIES.items():
        for way in ("simple", "relaxed"):
            about = f"{name}, {way}"
            yield Mail(about, signer(AUTHOR).sign(written(about, body=body), f"relaxed/{way}"))
    encoded = base64.encodebytes("Grüße\n".encode() * 40).replace(b"\n", b"\r\n")
    extra = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
    extra += "Content-Transfer-Encoding: base64\r\n"
    yield Mail("base64", signer(AUTHOR).sign(written("base64", body=encoded, extra=extra)))


def headers() -> Iterator[Mail]:
    plain = signer(AUTHOR)
    folded = "References: " + "\r\n\t".join(f"<{n}@corpus.example>" for n in range(40)) + "\r\n"
    yield Mail(
        "long header", plain.sign(written("long header", extra=folded), names=f"{NAMES}:references")
    )
    utf8 = "X-Greeting: Grüße\r\n"
    yield Mail(
        "utf-8 header", plain.sign(written("utf-8 header", extra=utf8), names=f"{NAMES}:x-greeting")
    )
    twice = "Comments: one\r\nComments: two\r\n"
    names = f"{NAMES}:comments:comments:comments"
    yield Mail("repeated field", plain.sign(written("repeated field", extra=twice), names=names))
    yield Mail("oversigned", plain.sign(written("oversigned"), names=f"{NAMES}:from:subject"))
    names = f"{NAMES}:list-id:reply-to"
    yield Mail("absent field", plain.sign(written("absent field"), names=names))
    added = plain.sign(written("absent field added"), names=names)
    yield Mail("absent field added", b"Reply-To: eve@evil.example\r\n" + added)
    yield Mail("shouting", plain.sign(written("shouting").replace(b"From:", b"FROM:")))
    yield Mail(
        "tabs", plain.sign(written("tabs").replace(b"Subject: corpus  ", b"Subject:\tcorpus \t "))
    )


def tags() -> Iterator[Mail]:
    """Tags that mean something."""
    plain = signer(AUTHOR)
    for name, more in {
        "not expired": {"t": "1700000000", "x": "4000000000"},
        "expired": {"t": "1600000000", "x": "1600086400"},
        "identity below": {"i": f"@news.{AUTHOR}"},
        "identity elsewhere": {"i": "@elsewhere.example"},
        "copied fields": {"z": "From:Alice|Subject:about"},
        "query": {"q": "dns/txt"},
        "unknown tag": {"xx": "whatever"},
    }.items():
        yield Mail(name, plain.sign(written(name), **more))
    appended = plain.sign(written("appended"), l=str(len(TEXT) - 4))
    yield Mail("appended", appended + b"An advertisement.\r\n")


def changed(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    def change(octets: bytes) -> bytes:
        assert old in octets
        return octets.replace(old, new, 1)

    return change


BREAKS: dict[str, Callable[[bytes], bytes]] = {
    "body changed": changed(b"message", b"massage"),
    "subject changed": changed(b"corpus  about", b"corpus about money"),
    "author changed": changed(b"From: Alice", b"From: Mallory"),
    "signature changed": lambda octets: re.sub(rb"\bb=(....)", rb"b=AAAA", octets, count=1),
    "body hash changed": lambda octets: re.sub(rb"bh=(....)", rb"bh=AAAA", octets, count=1),
    "no body hash": lambda octets: re.sub(rb"bh=[^;]*;\r\n\t", rb"", octets, count=1),
    "no domain": changed(b"d=author.example;\r\n\t", b""),
    "version 2": changed(b"v=1;", b"v=2;"),
    "unknown algorithm": changed(b"a=rsa-sha256", b"a=rsa-sha999"),
    "unknown canonical form": changed(b"c=relaxed/relaxed", b"c=relaxed/tight"),
    "tag twice": changed(b"s=lab;", b"s=lab; s=lab;"),
    "not base64": lambda octets: re.sub(rb"\bb=(....)", rb"b=$$$$", octets, count=1),
}


def broken() -> Iterator[Mail]:
    for name, change in BREAKS.items():
        yield Mail(name, change(signer(AUTHOR).sign(written(name))))
    name = "author not signed"
    yield Mail(name, signer(AUTHOR).sign(written(name), names="to:subject:date"))


def keys() -> Iterator[Mail]:
    """What is published under the selector decides."""
    for selector in (
        "plain",
        "revoked",
        "testing",
        "strict",
        "sha256",
        "sha1",
        "tlsrpt",
        "email",
        "unknown",
        "garbage",
        "version",
        "another",
        "nowhere",
    ):
        name = f"key {selector}"
        yield Mail(name, signer(AUTHOR, selector).sign(written(name)))
    name = "key strict, identity below"
    yield Mail(name, signer(AUTHOR, "strict").sign(written(name), i=f"@news.{AUTHOR}"))


def several() -> Iterator[Mail]:
    """More than one signature."""
    own, theirs = signer(AUTHOR), signer("provider.example")
    yield Mail("author and provider", theirs.sign(own.sign(written("author and provider"))))
    name = "one good, one broken"
    yield Mail(name, BREAKS["signature changed"](own.sign(theirs.sign(written(name)))))
    name = "broken provider, good author"
    yield Mail(name, BREAKS["signature changed"](theirs.sign(own.sign(written(name)))))
    name = "three signatures"
    octets = signer("list.example").sign(theirs.sign(own.sign(written(name))))
    yield Mail(name, octets)
    name = "wrong key, right key"
    yield Mail(name, own.sign(signer(AUTHOR, key=ANOTHER).sign(written(name))))


def passed_on() -> Iterator[Mail]:
    """Forwarders and lists."""
    own = signer(AUTHOR)
    as_it_is = {"ip": CLIENT, "helo": "forwarder.example"}
    yield Mail("forwarded", own.sign(written("forwarded")), **as_it_is)
    srs = "srs0=hash=tt=author.example=alice@forwarder.example"
    name = "forwarded with srs"
    yield Mail(name, own.sign(written(name)), srs, **as_it_is)
    yield Mail("forwarded unsigned", written("forwarded unsigned"), srs, **as_it_is)
    name = "forwarded and broken"
    yield Mail(name, own.sign(written(name)) + b"Scanned.\r\n", srs, **as_it_is)
    bounces, tagged = "bounces@list.example", changed(b"Subject: corpus", b"Subject: [list] corpus")
    at_list = {"mail_from": bounces, "ip": CLIENT, "helo": "list.example"}
    name = "list with a footer"
    footed = own.sign(written(name)) + b"-- \r\nUnsubscribe: https://list.example/\r\n"
    yield Mail(name, signer("list.example").sign(tagged(footed)), **at_list)
    name = "list rewrites the author"
    munged = written(
        name, "Alice via List <list@list.example>", extra="Reply-To: alice@author.example\r\n"
    )
    yield Mail(name, signer("list.example").sign(munged + b"-- \r\nlist\r\n"), **at_list)
    name = "list leaves all as it was"
    yield Mail(name, own.sign(written(name)), **at_list)


def aligned() -> Iterator[Mail]:
    """Whose domain is authenticated, and whose name is on it."""
    theirs = {"mail_from": "bounce@provider.example", "helo": "provider.example"}
    provider = signer("provider.example")
    for domain in (AUTHOR, "reject.example", "quarantine.example", "silent.example"):
        name = f"provider for {domain}"
        yield Mail(name, provider.sign(written(name, f"a@{domain}")), **theirs)
    for author, signs in (
        ("author.example", "news.author.example"),
        ("news.author.example", "author.example"),
        ("strict.example", "news.strict.example"),
        ("news.strict.example", "strict.example"),
        ("strict.example", "strict.example"),
        ("shop.branches.example", "branches.example"),
    ):
        name = f"{author} by {signs}"
        yield Mail(name, signer(signs).sign(written(name, f"a@{author}")), **theirs)
        name = f"{author} from {signs}"
        yield Mail(name, written(name, f"a@{author}"), f"bounce@{signs}")
    for domain in (
        "reject.example",
        "quarantine.example",
        "shop.branches.example",
        "silent.example",
    ):
        name = f"forged {domain}"
        yield Mail(name, written(name, f"a@{domain}"), **theirs)
    name = "genuine reject.example"
    yield Mail(
        name, signer("reject.example").sign(written(name, "a@reject.example")), "a@reject.example"
    )
    name = "two authors"
    yield Mail(
        name, signer(AUTHOR).sign(written(name, "alice@author.example, Al <al@author.example>"))
    )
    name = "misleading name"
    yield Mail(
        name, signer(AUTHOR).sign(written(name, '"ceo@reject.example" <alice@author.example>'))
    )
    name = "international"
    yield Mail(
        name,
        signer("xn--bcher-kva.example").sign(written(name, "a@xn--bcher-kva.example")),
        "a@xn--bcher-kva.example",
    )
    yield Mail("bounce", signer(AUTHOR).sign(written("bounce")), "")


def spf() -> Iterator[Mail]:
    """What SPF says, and what becomes of it when nobody has signed."""
    for domain in ("soft", "neutral", "included", "redirected", "macro", "broken", "mx", "nospf"):
        name = f"spf {domain}"
        yield Mail(name, written(name, f"a@{domain}.example"), f"a@{domain}.example")
