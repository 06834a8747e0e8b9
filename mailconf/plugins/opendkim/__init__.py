"""OpenDKIM: signs what users submit, verifies what arrives."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.opendkim.files import daemon_files
from mailconf.plugins.opendkim.options import OpendkimOptions
from mailconf.plugins.opendkim.settings import milters

plugin = Plugin(
    name="opendkim",
    summary="Sign and verify DKIM with OpenDKIM.",
    options=OpendkimOptions,
    settings=Facet(host=milters),
    files=Facet(host=daemon_files),
    fills=("signer",),
    takes={"run": "one", "key *": "one", "name *": "one"},
)
