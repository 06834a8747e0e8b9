"""OpenDKIM: signs what users submit, verifies what arrives."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.model.requests.mail import RunSigner, SignHostMail, UseSigningKey
from mailconf.plugins.opendkim.files import daemon_files
from mailconf.plugins.opendkim.lab import LAB
from mailconf.plugins.opendkim.options import OpendkimOptions
from mailconf.plugins.opendkim.requests import milters

plugin = Plugin(
    name="opendkim",
    summary="Sign and verify DKIM with OpenDKIM.",
    options=OpendkimOptions,
    requests=Facet(host=milters),
    files=Facet(host=daemon_files),
    fills=("signer",),
    takes=(RunSigner, SignHostMail, UseSigningKey),
    lab=LAB,
)
