"""Hosts: address records, the list of reverse names, and what makes a host name fit for mail."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.hosts.files import ptr_list
from mailconf.plugins.hosts.lint import host_name_is_fit
from mailconf.plugins.hosts.options import HostsOptions
from mailconf.plugins.hosts.ports import ports_make_sense
from mailconf.plugins.hosts.records import address_records

plugin = Plugin(
    name="hosts",
    summary="Addresses and reverse names of the machines.",
    options=HostsOptions,
    lint=Facet(site=ports_make_sense, host=host_name_is_fit),
    records=Facet(host=address_records),
    files=Facet(site=ptr_list),
)
