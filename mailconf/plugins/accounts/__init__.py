"""Accounts: mailboxes and aliases make sense before any daemon sees them."""

from collections.abc import Iterator

from mailconf.model.finding import Finding
from mailconf.model.host import Host
from mailconf.model.plugin import Facet, Plugin, View
from mailconf.model.requests.accounts import ExternalAccounts
from mailconf.plugins.accounts.lint import addresses_make_sense, programs_send_as_ours
from mailconf.plugins.accounts.machines import mail_has_an_owner, owner_can_be_reached
from mailconf.plugins.accounts.options import AccountsOptions


def hosts_make_sense(view: View[AccountsOptions], host: Host) -> Iterator[Finding]:
    """Yield what is wrong with a host's own mail: where it goes, and whose name it bears."""
    yield from mail_has_an_owner(view, host)
    yield from programs_send_as_ours(view, host)


plugin = Plugin(
    name="accounts",
    summary="Validate mailboxes and aliases.",
    options=AccountsOptions,
    lint=Facet(site=owner_can_be_reached, host=hosts_make_sense, domain=addresses_make_sense),
    takes=(ExternalAccounts,),
)
