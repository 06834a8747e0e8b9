"""Autoconfig: the file that sets up Thunderbird, K-9, Evolution and others."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.autoconfig.checks import CHECKS
from mailconf.plugins.autoconfig.files import config_file
from mailconf.plugins.autoconfig.options import AutoconfigOptions
from mailconf.plugins.autoconfig.records import name_record
from mailconf.plugins.autoconfig.requests import web_location

plugin = Plugin(
    name="autoconfig",
    summary="Mozilla autoconfiguration for mail clients (draft-ietf-mailmaint-autoconfig).",
    options=AutoconfigOptions,
    requests=Facet(domain=web_location),
    records=Facet(domain=name_record),
    files=Facet(domain=config_file),
    checks=CHECKS,
)
