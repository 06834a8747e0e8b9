"""policyd-spf: refuses hosts that greet with a name that is not theirs (RFC 7208)."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.model.requests.mail import JudgeMail
from mailconf.plugins.policyd_spf.files import policy_file
from mailconf.plugins.policyd_spf.options import PolicydSpfOptions
from mailconf.plugins.policyd_spf.requests import policy_service

plugin = Plugin(
    name="policyd_spf",
    summary="Check SPF during the SMTP session, with policyd-spf.",
    options=PolicydSpfOptions,
    requests=Facet(host=policy_service),
    files=Facet(host=policy_file),
    takes=(JudgeMail,),
)
