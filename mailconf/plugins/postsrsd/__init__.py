"""SRS: forwarded mail leaves with a sender of our own, so that SPF passes at its destination."""

from mailconf.model.plugin import Facet, Plugin
from mailconf.plugins.postsrsd.files import daemon_files
from mailconf.plugins.postsrsd.lab import LAB
from mailconf.plugins.postsrsd.lint import forwarding_is_sound
from mailconf.plugins.postsrsd.options import PostsrsdOptions
from mailconf.plugins.postsrsd.requests import rewriting

plugin = Plugin(
    name="postsrsd",
    summary="Rewrite the senders of forwarded mail, with PostSRSd.",
    options=PostsrsdOptions,
    lint=Facet(site=forwarding_is_sound),
    requests=Facet(host=rewriting),
    files=Facet(host=daemon_files),
    lab=LAB,
)
