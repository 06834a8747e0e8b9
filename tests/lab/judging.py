"""The corpus, judged by real daemons and by mailconf; the first process of a lab's namespaces.

`python -m tests.lab.judging SIGNER RELEASE` prints, by message, what either of them found.
"""

import asyncio
import json
import smtplib
import ssl
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

from mailconf.engine.load import load, retargeted
from mailconf.engine.render import Renderer
from mailconf.formats.authentication_results import AuthenticationResults
from mailconf.lab import mail, peer
from mailconf.lab.boot import boot
from mailconf.lab.image import image, release_of
from mailconf.lab.log import LabLog
from mailconf.lab.network import on_network_of
from mailconf.lab.roundtrip import CLIENT
from mailconf.lab.site import LabFile, Site
from mailconf.mailauth.message import Envelope, inspect
from mailconf.net.live import LiveWorld
from tests.lab.corpus import domains
from tests.lab.corpus.messages import RECIPIENT, Mail, all_mail, token
from tests.lab.flow import Bench, side_by_side, until

SPEC = Path(__file__).parent / "specs" / "judging.yaml"
HOSTNAME = "mail.example.org"
# Where OpenDMARC and rspamd look up which names are public suffixes.
SUFFIXES = "/usr/share/publicsuffix/public_suffix_list.dat"
SOURCES = {domains.PEER: peer.KEY, domains.CLIENT: CLIENT}


def with_domains(site: Site) -> None:
    """Publish the domains of the corpus besides ours; their parent is a public suffix to everybody."""
    for domain, (spf, dmarc) in domains.DOMAINS.items():
        apex = domains.apex(domain)
        text = "".join(domains.zone(domain, spf, dmarc))
        site.zones[apex] = site.zones.get(apex, "") + text
    host = site.hosts["mail"]
    known = image(release_of(host.host.target)).root / SUFFIXES.lstrip("/")
    host.files[SUFFIXES] = LabFile(known.read_text() + "\nexample\n")


def send(bench: Bench, one: Mail) -> str:
    """Send a message as its author's server or who passes it on; return the reply."""
    envelope = (f"MAIL FROM:<{one.mail_from}> BODY=8BITMIME", f"RCPT TO:<{RECIPIENT}>")
    at = bench.at("smtp")
    pour = partial(mail.pour, at, bench.context, one.helo, envelope, one.octets)
    try:
        on_network_of(SOURCES[one.ip], pour)
    except smtplib.SMTPResponseException as why:
        return f"{why.smtp_code} {why.smtp_error!r}"
    return "250"


def arrived(bench: Bench, accepted: int) -> dict[str, EmailMessage]:
    """Return all messages by their token, once they are there, as the mailbox has them."""
    mailbox = bench.lab.machines["mail"].root / "var/vmail"

    def look() -> list[Path]:
        files = [f for f in mailbox.glob("**/*") if f.parent.name in {"new", "cur"}]
        return files if len(files) >= accepted else []

    messages = [message_from_bytes(f.read_bytes(), policy=policy.default) for f in until(look)]
    return {
        str(m["Message-ID"]).strip("<>").partition("@")[0]: m
        for m in messages
        if isinstance(m, EmailMessage)
    }


def said(message: EmailMessage | None) -> list[dict[str, Any]]:
    """Return what our host has found out, a result each."""
    texts = message.get_all("Authentication-Results", []) if message else []
    fields = [AuthenticationResults.parse_leniently(" ".join(str(t).split()))[0] for t in texts]
    return [
        {"method": one.method, "result": one.result, "text": str(one)}
        | {f"{p.type}.{p.name}": p.value for p in one.properties}
        for field in fields
        if field.authserv_id == HOSTNAME
        for one in field.results
    ]


async def found(one: Mail) -> dict[str, Any]:
    """Return what mailconf finds out."""
    world = LiveWorld(resolver="127.0.0.1:53")
    seen = await inspect(one.octets, world, Envelope(one.ip, one.helo, one.mail_from))
    return {
        "spf": seen.spf.result if seen.spf else "",
        "dkim": [(x.domain, x.selector, x.result, x.why) for x in seen.dkim],
        "dmarc": seen.dmarc.result if seen.dmarc else "",
        "disposition": seen.dmarc.disposition if seen.dmarc else "",
    }


async def all_found(corpus: tuple[Mail, ...]) -> list[dict[str, Any]]:
    return [await found(one) for one in corpus]


def main(signer: str, release: str) -> None:
    loaded, corpus = retargeted(load(SPEC), release), all_mail()
    loaded.data["plugins"] = {"dkim": {"signer": signer}}
    lab = boot(loaded, Renderer(), lambda _step: None, LabLog(), with_domains)
    bench = Bench(lab, ssl.create_default_context(cafile=str(lab.authority_file)))
    replies = side_by_side(partial(send, bench), corpus)
    letters = arrived(bench, replies.count("250"))
    ours = on_network_of(CLIENT, lambda: asyncio.run(all_found(corpus)))
    told = {
        one.name: {"reply": reply, "theirs": said(letters.get(token(one.name))), "ours": own}
        for one, reply, own in zip(corpus, replies, ours, strict=True)
    }
    sys.stdout.write(json.dumps(told, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
