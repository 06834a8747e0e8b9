"""The lab's checks of Exim: programs send as what the spec gives their host, signed, and as nothing else."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

from mailconf.api import (
    Finding,
    Host,
    Inconclusive,
    LabCheck,
    LabScene,
    NotApplicable,
    Rule,
    Severity,
    View,
)
from mailconf_exim.duty import may_send_as
from mailconf_exim.options import EximOptions

SECONDS, POLL_SECONDS = 30.0, 0.5
STRANGER = "mallory@stranger.example"
AS_PROGRAM = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
LOST = Rule(
    code="EXM004",
    name="exim-program-mail-lost",
    severity=Severity.ERROR,
    found_by="lab",
    message="mail of a program on {host} as {author} does not arrive: {problem}",
    fix="read what exim4 logs on {host} and on its relay (--log)",
)
UNSIGNED = Rule(
    code="EXM005",
    name="exim-program-mail-not-signed",
    severity=Severity.ERROR,
    found_by="lab",
    message="mail of a program on {host} as {author} has {count} DKIM signatures; expected 1",
    fix="compare /etc/exim4/dkim_domains with dkim_selectors and the keys in /etc/exim4/dkim",
)
FORGED = Rule(
    code="EXM006",
    name="exim-author-forged",
    severity=Severity.ERROR,
    found_by="lab",
    message="{host} accepts a message whose From: is {field!r}",
    fix="correct check_author in exim4.conf",
)
ACCEPTED = ("{own}", "{own} (Cron Daemon)", "Shop <{own}>", '"Shop, Ltd." <{own}>', "<{own}>")
"""Fields that programs write."""
REFUSED = (
    "{other}",
    "Shop <{other}>",
    "{own}\nFrom: {other}",
    "{other}\nFrom: {own}",
    "{own}, {other}",
    "Friends: {own};",
    "{own} <{other}>",
    "<{own}> <{other}>",
    "<@relay.example:{other}>",
    "{own} ({other})",
    "({own}) {other}",
    '"{own}" <{other}>',
    "Shop <{own}(a)>",
    "Shop <{own} >",
    '"shop"{own}',
)
"""Fields that are somebody else's, or that some readers take for somebody else's."""


def hosts(view: View[EximOptions]) -> Iterator[Host]:
    """Yield the hosts whose programs Exim sends for."""
    for host in view.spec.hosts.values():
        if host.is_mta and view.spec.doer_of("mta", host) == "exim":
            yield host


async def arrives(view: View[EximOptions], host: Host, lab: LabScene) -> AsyncIterator[Finding]:
    """Send to a mailbox of the site, in every form that programs use; read what arrived."""
    own, mailbox = own_address(host), first_mailbox(view)
    for number, form in enumerate(ACCEPTED):
        token = f"exim{time.time_ns():x}.{number}"
        author = form.format(own=own)
        done = lab.machine(host).run(*AS_PROGRAM, *sendmail(author, own, mailbox, token))
        facts = {"host": host.key, "author": author}
        if done.status:
            problem = done.errors.strip() or f"sendmail ended with exit status {done.status}"
            yield LOST.at(host.key, ("hosts", host.key), problem=problem, **facts)
            continue
        text = await header_of(view, lab, mailbox, token)
        if not text:
            yield LOST.at(host.key, ("hosts", host.key), problem="not within 30 s", **facts)
            continue
        count = text.lower().count("dkim-signature:")
        if is_signed_here(view, host) and count != 1:
            yield UNSIGNED.at(host.key, ("hosts", host.key), count=count, **facts)


async def is_held(view: View[EximOptions], host: Host, lab: LabScene) -> AsyncIterator[Finding]:
    """Try the authors that no program may name, by sendmail and by SMTP to localhost."""
    own, mailbox = own_address(host), first_mailbox(view)
    for form in REFUSED:
        field = form.format(own=own, other=STRANGER)
        by_sendmail = sendmail(field, own, mailbox, "forged")
        if not lab.machine(host).run(*AS_PROGRAM, *by_sendmail).status:
            yield FORGED.at(host.key, ("hosts", host.key), host=host.key, field=field)
        by_smtp = swaks(field, own, mailbox)
        if not lab.machine(host).run(*by_smtp).status:
            yield FORGED.at(host.key, ("hosts", host.key), host=host.key, field=field)


def own_address(host: Host) -> str:
    """Return an address that programs on a host may use."""
    given = may_send_as(host)[-1]
    return f"shop{given}" if given.startswith("@") else given


def first_mailbox(view: View[EximOptions]) -> str:
    """Return a mailbox of the site; raises NotApplicable where there is none."""
    for domain in view.spec.hosted:
        for local in domain.mailboxes:
            return domain.address(local)
    raise NotApplicable("the site has no mailbox")


def sendmail(author: str, sender: str, recipient: str, token: str) -> tuple[str, ...]:
    """Return the command of a program that sends a message."""
    text = f"From: {author}\nTo: {recipient}\nMessage-ID: <{token}@lab.example>\n\nx\n"
    script = 'printf %s "$1" | /usr/sbin/sendmail -i -f "$2" "$3"'
    return ("sh", "-c", script, "sh", text, sender, recipient)


def swaks(author: str, sender: str, recipient: str) -> tuple[str, ...]:
    """Return the command of a client that sends a message to the host it runs on."""
    text = f"From: {author}\nTo: {recipient}\nSubject: x\n\nx\n".replace("\n", "\\n")
    return ("swaks", "--server", "127.0.0.1", "-f", sender, "-t", recipient, "-d", text)


async def header_of(view: View[EximOptions], lab: LabScene, mailbox: str, token: str) -> str:
    """Return the header of a message that arrives; empty when it does not."""
    domain = view.spec.domains[mailbox.rpartition("@")[2]]
    store = view.spec.store_of(domain)
    if store is None:
        raise Inconclusive("no host keeps the mailbox")
    find = ("doveadm", "fetch", "-u", mailbox, "hdr", "mailbox", "INBOX", "header", "message-id")
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        found = lab.machine(store).run(*find, f"{token}@lab.example")
        if found.output.strip():
            return found.output
        await asyncio.sleep(POLL_SECONDS)
    return ""


def is_signed_here(view: View[EximOptions], host: Host) -> bool:
    """Tell whether a message of the host passes a host that signs with Exim."""
    ways = [host] if view.spec.is_egress(host) else list(view.spec.egress)
    return any(view.spec.doer_of("mta", way) == "exim" for way in ways)


CHECKS = (
    LabCheck("exim.program-sends", "Programs on the host send mail, signed.", hosts, arrives),
    LabCheck("exim.authors-held", "Programs on the host name no other author.", hosts, is_held),
)
