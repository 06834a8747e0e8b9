"""OpenDMARC: judges what arrives by SPF, DKIM and the sender's policy."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.model.requests.mail import JudgeMail
from mailconf.plugins.opendmarc.files import daemon_file
from mailconf.plugins.opendmarc.lab import LAB
from mailconf.plugins.opendmarc.options import OpendmarcOptions
from mailconf.plugins.opendmarc.requests import milters

plugin = Plugin(
    name="opendmarc",
    summary="Reject mail that fails DMARC, with OpenDMARC.",
    options=OpendmarcOptions,
    requests=Facet(host=milters),
    files=Facet(host=daemon_file),
    takes=(JudgeMail,),
    lab=LAB,
)
