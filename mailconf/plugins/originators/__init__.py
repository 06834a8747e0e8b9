"""Hold the authors of a message to who sends it, and refuse messages without exactly one readable From.

DMARC, DKIM and mail readers all look at From (RFC 5322 §3.6.2); SMTP's login and MAIL FROM say nothing
of it. The milter stands before signers and verifiers, so that both see what they all read alike.
"""

from mailconf.model.plugin import Facet, Plugin
from mailconf.model.requests.accounts import (
    AuthorsHeld,
    ExternalAccounts,
    RewrittenSenders,
    SieveNotices,
    SpfFieldAdded,
)
from mailconf.model.requests.firewall import LocalService, LocalServicesGuarded
from mailconf.plugins.originators.files import daemon_files
from mailconf.plugins.originators.lab import LAB
from mailconf.plugins.originators.lint import services_are_guarded
from mailconf.plugins.originators.options import OriginatorsOptions
from mailconf.plugins.originators.requests import milters

plugin = Plugin(
    name="originators",
    summary="Check From: against the login or host that sends a message.",
    options=OriginatorsOptions,
    lint=Facet(host=services_are_guarded),
    requests=Facet(host=milters),
    files=Facet(host=daemon_files),
    takes=(
        AuthorsHeld,
        ExternalAccounts,
        LocalService,
        LocalServicesGuarded,
        RewrittenSenders,
        SieveNotices,
        SpfFieldAdded,
    ),
    lab=LAB,
)
