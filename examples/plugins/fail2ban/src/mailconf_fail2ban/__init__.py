"""fail2ban beside Postfix and Dovecot: addresses that guess passwords are blocked."""

from pathlib import Path

from mailconf.api import Facet, Plugin
from mailconf_fail2ban.files import jail_file
from mailconf_fail2ban.lab import LAB
from mailconf_fail2ban.lint import options_are_sensible
from mailconf_fail2ban.options import Fail2banOptions

plugin = Plugin(
    name="fail2ban",
    summary="Block addresses that guess passwords, with fail2ban.",
    options=Fail2banOptions,
    lint=Facet(site=options_are_sensible),
    files=Facet(host=jail_file),
    templates=Path(__file__).parent / "templates",
    lab=LAB,
)
