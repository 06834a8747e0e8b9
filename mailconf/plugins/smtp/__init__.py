"""SMTP (RFC 5321) and submission (RFC 6409): what listeners offer and refuse, whichever daemon runs."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.model.requests.accounts import AuthorsHeld
from mailconf.model.requests.mail import MailChecked
from mailconf.model.requests.promises import MessageSizeLimit, SmtpCapabilities
from mailconf.plugins.smtp.checks import CHECKS
from mailconf.plugins.smtp.lint import mail_is_checked
from mailconf.plugins.smtp.options import SmtpOptions
from mailconf.plugins.smtp.transactions import CHECKS as TRANSACTIONS

plugin = Plugin(
    name="smtp",
    summary="Check SMTP and submission listeners.",
    options=SmtpOptions,
    lint=Facet(host=mail_is_checked),
    checks=(*CHECKS, *TRANSACTIONS),
    takes=(AuthorsHeld, MailChecked, MessageSizeLimit, SmtpCapabilities),
)
