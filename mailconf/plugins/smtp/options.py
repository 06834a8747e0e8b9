"""Options of the smtp section."""

from mailconf.model.base import Model


class SmtpOptions(Model):
    """SMTP and submission: what every server must keep, whichever daemon runs; nothing to choose."""
