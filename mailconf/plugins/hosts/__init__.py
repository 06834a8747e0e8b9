"""Hosts: address records, the list of reverse names, and what makes a host name fit for mail."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.model.requests.listeners import Listener
from mailconf.plugins.hosts.checks import CHECKS
from mailconf.plugins.hosts.files import ptr_list
from mailconf.plugins.hosts.lint import host_is_fit
from mailconf.plugins.hosts.options import HostsOptions
from mailconf.plugins.hosts.ports import ports_make_sense
from mailconf.plugins.hosts.records import address_records, client_records
from mailconf.plugins.hosts.topology import domain_is_served

plugin = Plugin(
    name="hosts",
    summary="Address and PTR records of the hosts.",
    options=HostsOptions,
    lint=Facet(site=ports_make_sense, host=host_is_fit, domain=domain_is_served),
    records=Facet(host=address_records, domain=client_records),
    files=Facet(site=ptr_list),
    takes=(Listener,),
    checks=CHECKS,
)
