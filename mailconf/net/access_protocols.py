"""Languages by family of protocols, and how each says goodbye."""

from __future__ import annotations

from collections.abc import Mapping

from mailconf.model.endpoint import Family
from mailconf.net import imap, imap_mailbox, pop3, pop3_mailbox, sieve
from mailconf.net.access import AccessProtocol

IMAP = AccessProtocol(
    upgrade_keyword="STARTTLS",
    greeting=imap.greeting,
    capabilities=imap.capabilities,
    login=imap.login,
    ask_for_tls=imap.ask_for_tls,
    authenticate=imap.authenticate,
    look=imap_mailbox.look,
)
POP3 = AccessProtocol(
    upgrade_keyword="STLS",
    greeting=pop3.greeting,
    capabilities=pop3.capabilities,
    login=pop3.login,
    ask_for_tls=pop3.ask_for_tls,
    authenticate=pop3.authenticate,
    look=pop3_mailbox.look,
)
SIEVE = AccessProtocol(
    upgrade_keyword="STARTTLS",
    greeting=sieve.greeting,
    capabilities=sieve.capabilities,
    login=sieve.login,
    ask_for_tls=sieve.ask_for_tls,
    authenticate=sieve.authenticate,
    look=sieve.look,
    inside=sieve.listed,
)
LANGUAGES: Mapping[Family, AccessProtocol] = {"imap": IMAP, "pop3": POP3, "sieve": SIEVE}
FAREWELLS: Mapping[Family, str] = {
    "smtp": "QUIT",
    "imap": "a0 LOGOUT",
    "pop3": "QUIT",
    "sieve": "LOGOUT",
}
