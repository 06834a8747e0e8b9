"""Accounts: mailboxes and aliases make sense before any daemon sees them."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.accounts.lint import addresses_make_sense
from mailconf.plugins.accounts.machines import mail_has_an_owner, owner_can_be_reached
from mailconf.plugins.accounts.options import AccountsOptions

plugin = Plugin(
    name="accounts",
    summary="Mailboxes and aliases that make sense.",
    options=AccountsOptions,
    lint=Facet(site=owner_can_be_reached, host=mail_has_an_owner, domain=addresses_make_sense),
    takes={"external *": "one"},
)
