"""Caddy in the place of nginx: it serves the pages that other plugins of mailconf request."""

from pathlib import Path

from mailconf.api import Facet, Plugin, ServedPage
from mailconf_caddy.files import caddy_files
from mailconf_caddy.lab import LAB
from mailconf_caddy.options import CaddyOptions
from mailconf_caddy.quoting import caddyfile_token
from mailconf_caddy.requests import ports_and_certificates

plugin = Plugin(
    name="caddy",
    summary="Serve client configuration and MTA-STS policies with Caddy.",
    options=CaddyOptions,
    requests=Facet(host=ports_and_certificates),
    files=Facet(host=caddy_files),
    templates=Path(__file__).parent / "templates",
    filters={"caddyfile": caddyfile_token},
    fills=("web",),
    takes=(ServedPage,),
    lab=LAB,
)
