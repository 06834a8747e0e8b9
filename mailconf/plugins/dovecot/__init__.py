"""Dovecot: stores mail, serves IMAP and POP3, authenticates users for itself and Postfix."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.model.requests.firewall import PortGuarded
from mailconf.model.requests.mail import LearnSpam, SieveBefore
from mailconf.plugins.dovecot.files import daemon_files
from mailconf.plugins.dovecot.filters import FILTERS
from mailconf.plugins.dovecot.lab import LAB
from mailconf.plugins.dovecot.lint import target_fits
from mailconf.plugins.dovecot.options import DovecotOptions
from mailconf.plugins.dovecot.requests import ways_to_stores

plugin = Plugin(
    name="dovecot",
    summary="Run Dovecot as mail store, IMAP and POP3 server.",
    options=DovecotOptions,
    lint=Facet(host=target_fits),
    requests=Facet(host=ways_to_stores),
    files=Facet(host=daemon_files),
    fills=("access",),
    takes=(LearnSpam, PortGuarded, SieveBefore),
    filters=FILTERS,
    lab=LAB,
)
