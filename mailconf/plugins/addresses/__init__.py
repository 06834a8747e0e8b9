"""Addresses: mailboxes and aliases make sense before any daemon sees them."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.addresses.lint import addresses_make_sense
from mailconf.plugins.addresses.options import AddressesOptions

plugin = Plugin(
    name="addresses",
    summary="Mailboxes and aliases that make sense.",
    options=AddressesOptions,
    lint=Facet(domain=addresses_make_sense),
)
