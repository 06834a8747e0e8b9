"""Exim in the place of Postfix, on hosts that relay mail for others and on those whose programs send."""

from pathlib import Path

from mailconf.api import Facet, Plugin, RunSigner, SignHostMail, UseSigningKey
from mailconf_exim.files import exim_files
from mailconf_exim.lab import LAB
from mailconf_exim.lint import exim_can
from mailconf_exim.options import EximOptions
from mailconf_exim.quoting import exim_address, exim_item, exim_path, exim_sender
from mailconf_exim.requests import ports_and_duties

plugin = Plugin(
    name="exim",
    summary="Relay and send mail with Exim, and sign it with DKIM.",
    options=EximOptions,
    lint=Facet(host=exim_can),
    requests=Facet(host=ports_and_duties),
    files=Facet(host=exim_files),
    templates=Path(__file__).parent / "templates",
    filters={
        "exim": exim_item,
        "exim_address": exim_address,
        "exim_path": exim_path,
        "exim_sender": exim_sender,
    },
    fills=("mta", "signer"),
    takes=(RunSigner, SignHostMail, UseSigningKey),
    lab=LAB,
)
