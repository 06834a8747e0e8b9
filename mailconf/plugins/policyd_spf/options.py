"""Options of the policyd_spf section."""

from typing import Literal

from mailconf.model.base import Model

Verdict = Literal["Fail", "Softfail", "False"]


class PolicydSpfOptions(Model):
    """policyd-spf as a policy service of Postfix (policyd-spf.conf(5))."""

    reject_helo: Verdict = "Fail"
    """Refuse a host whose own name's record does not allow it."""
    reject_mail_from: Verdict = "False"
    """Forwarded mail fails SPF honestly; DKIM and DMARC decide about it (RFC 9989 §7.1)."""
