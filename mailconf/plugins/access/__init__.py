"""IMAP (RFC 9051), POP3 (RFC 1939) and ManageSieve (RFC 5804): what listeners offer and refuse."""

from mailconf.model.plugin import Plugin
from mailconf.model.requests.promises import AccessCapabilities
from mailconf.plugins.access.checks import CHECKS
from mailconf.plugins.access.options import AccessOptions

plugin = Plugin(
    name="access",
    summary="Check IMAP, POP3 and ManageSieve listeners.",
    options=AccessOptions,
    checks=CHECKS,
    takes=(AccessCapabilities,),
)
