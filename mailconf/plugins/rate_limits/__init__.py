"""How much one user may send: a stolen password sends little before somebody notices."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.rate_limits.files import daemon_file
from mailconf.plugins.rate_limits.lab import LAB
from mailconf.plugins.rate_limits.options import RateLimitsOptions
from mailconf.plugins.rate_limits.requests import policy_service

plugin = Plugin(
    name="rate_limits",
    summary="Limit how many recipients each login may write to, with policyd-rate-limit.",
    options=RateLimitsOptions,
    requests=Facet(host=policy_service),
    files=Facet(host=daemon_file),
    lab=LAB,
)
