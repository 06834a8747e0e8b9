"""Live checks: servers that set up mail programs announce the listeners of the spec."""

from __future__ import annotations

from mailconf.model.plugin import Check
from mailconf.plugins.client_names.apple import profile_agrees, profiles
from mailconf.plugins.client_names.outlook import (
    apex_does_not_answer,
    apexes,
    autodiscover_agrees,
    autodiscovers,
    spelling_does_not_matter,
)

CHECKS = (
    Check(
        "client_names.autodiscover",
        "Autodiscover announces the listeners of the spec.",
        autodiscovers,
        autodiscover_agrees,
    ),
    Check(
        "client_names.path-case",
        "Autodiscover accepts its path in any case.",
        autodiscovers,
        spelling_does_not_matter,
        former=("client_names.spelling",),
    ),
    Check(
        "client_names.apex",
        "The domain's web site does not interfere with Autodiscover.",
        apexes,
        apex_does_not_answer,
    ),
    Check(
        "client_names.apple_profile",
        "The Apple profile announces the listeners of the spec.",
        profiles,
        profile_agrees,
    ),
)
