"""rspamd: signs what users submit, judges and filters what arrives."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.rspamd.files import daemon_files
from mailconf.plugins.rspamd.options import RspamdOptions
from mailconf.plugins.rspamd.settings import milters

plugin = Plugin(
    name="rspamd",
    summary="Sign, verify and filter mail with rspamd.",
    options=RspamdOptions,
    settings=Facet(host=milters),
    files=Facet(host=daemon_files),
    fills=("signer",),
    takes={"run": "one", "key *": "one", "name *": "one"},
)
