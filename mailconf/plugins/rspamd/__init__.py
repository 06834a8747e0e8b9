"""rspamd: signs what users submit, judges and filters what arrives."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.model.requests.mail import RunSigner, SignHostMail, UseSigningKey
from mailconf.plugins.rspamd.files import daemon_files
from mailconf.plugins.rspamd.lab import LAB
from mailconf.plugins.rspamd.options import RspamdOptions
from mailconf.plugins.rspamd.requests import milters

plugin = Plugin(
    name="rspamd",
    summary="Sign, verify and filter mail with rspamd.",
    options=RspamdOptions,
    requests=Facet(host=milters),
    files=Facet(host=daemon_files),
    fills=("signer",),
    takes=(RunSigner, SignHostMail, UseSigningKey),
    lab=LAB,
)
