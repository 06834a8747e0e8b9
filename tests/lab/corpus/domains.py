"""The domains that the messages are of: their keys, and their records in master-file form."""

import base64
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mailconf.lab import peer
from tests.lab.corpus.signer import Key, Signer

PEER, CLIENT = peer.ADDRESSES[0], "198.18.0.100"
"""Where mail comes from: the senders' own server, and somebody who passes it on."""
OWN = f"v=spf1 ip4:{PEER} -all"
KEY = rsa.generate_private_key(65537, 2048)
ANOTHER = rsa.generate_private_key(65537, 2048)
SHORT = rsa.generate_private_key(65537, 1024)
LONG = rsa.generate_private_key(65537, 4096)
ED25519 = ed25519.Ed25519PrivateKey.generate()


def public(key: Key) -> str:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        octets = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    else:
        octets = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(octets).decode()


RECORD = f"v=DKIM1; k=rsa; p={public(KEY)}"
# Selectors of every domain, with what is published under them.
SELECTORS = {
    "lab": RECORD,
    "ed": f"v=DKIM1; k=ed25519; p={public(ED25519)}",
    "short": f"v=DKIM1; p={public(SHORT)}",
    "long": f"v=DKIM1; p={public(LONG)}",
    "plain": f"p={public(KEY)}",
    "revoked": "v=DKIM1; k=rsa; p=",
    "testing": f"v=DKIM1; t=y; p={public(KEY)}",
    "strict": f"v=DKIM1; t=s; p={public(KEY)}",
    "sha256": f"v=DKIM1; h=sha256; p={public(KEY)}",
    "sha1": f"v=DKIM1; h=sha1; p={public(KEY)}",
    "tlsrpt": f"v=DKIM1; s=tlsrpt; p={public(KEY)}",
    "email": f"v=DKIM1; s=email; n=notes; p={public(KEY)}",
    "unknown": f"v=DKIM1; k=dsa; p={public(KEY)}",
    "garbage": "v=DKIM1; p=MIGfMA0GCSqGSIb3",
    "version": f"v=DKIM2; p={public(KEY)}",
    "another": f"v=DKIM1; p={public(ANOTHER)}",
}
# Domains: SPF, and DMARC where there is any.
DOMAINS: dict[str, tuple[str, str]] = {
    "author.example": (OWN, "v=DMARC1; p=none"),
    "news.author.example": (OWN, ""),
    "strict.example": (OWN, "v=DMARC1; p=none; adkim=s; aspf=s"),
    "news.strict.example": (OWN, ""),
    "reject.example": (OWN, "v=DMARC1; p=reject"),
    "quarantine.example": (OWN, "v=DMARC1; p=quarantine"),
    "branches.example": (OWN, "v=DMARC1; p=none; sp=reject"),
    "shop.branches.example": (OWN, ""),
    "silent.example": (OWN, ""),
    "provider.example": (OWN, "v=DMARC1; p=none"),
    "forwarder.example": (f"v=spf1 ip4:{CLIENT} -all", "v=DMARC1; p=none"),
    "list.example": (f"v=spf1 ip4:{CLIENT} -all", "v=DMARC1; p=none"),
    "soft.example": (f"v=spf1 ip4:{CLIENT} ~all", "v=DMARC1; p=none"),
    "neutral.example": ("v=spf1 ?all", "v=DMARC1; p=none"),
    "included.example": ("v=spf1 include:author.example -all", "v=DMARC1; p=none"),
    "redirected.example": ("v=spf1 redirect=author.example", "v=DMARC1; p=none"),
    "macro.example": ("v=spf1 exists:%{ir}.%{v}.macro.example -all", "v=DMARC1; p=none"),
    "broken.example": ("v=spf1 ipv4:192.0.2.1 -all", "v=DMARC1; p=none"),
    "mx.example": ("v=spf1 mx -all", "v=DMARC1; p=none"),
    "nospf.example": ("", "v=DMARC1; p=none"),
    "xn--bcher-kva.example": (OWN, "v=DMARC1; p=none"),
}


def zone(domain: str, spf: str, dmarc: str) -> Iterator[str]:
    """Yield the records of a domain."""
    yield f"{domain}. 300 IN A {PEER}\n{domain}. 300 IN MX 10 {domain}.\n"
    texts = {domain: spf, f"_dmarc.{domain}": dmarc}
    texts |= {f"{name}._domainkey.{domain}": text for name, text in SELECTORS.items()}
    for name, text in texts.items():
        if text:
            parts = [text[start : start + 250] for start in range(0, len(text), 250)]
            yield f"{name}. 300 IN TXT " + " ".join(f'"{part}"' for part in parts) + "\n"
    if domain == "macro.example":
        reversed_address = ".".join(reversed(PEER.split(".")))
        yield f"{reversed_address}.in-addr.{domain}. 300 IN A 127.0.0.2\n"


def apex(domain: str) -> str:
    """Return the zone of a domain: the two last labels."""
    return ".".join(domain.split(".")[-2:])


def signer(
    domain: str, selector: str = "lab", key: Key = KEY, algorithm: str = "rsa-sha256"
) -> Signer:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        algorithm = "ed25519-sha256"
    return Signer(domain, selector, key, algorithm)
