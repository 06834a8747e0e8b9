"""The configuration of either generation of PostSRSd, and its secret."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from mailconf.model.artifact import Package, Render, Unit
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.model.secret import marked
from mailconf.plugins.postsrsd.options import PostsrsdOptions
from mailconf.plugins.postsrsd.requests import SOCKETMAP, is_wanted

SECRET = PurePosixPath("etc/postsrsd.secret")
NEEDS = (Package("postsrsd"), Unit("postsrsd", "restart"))


@dataclass(frozen=True, slots=True)
class PostsrsdData:
    """What the templates print; senders in `domains` are ours and stay as they are.

    Mail of a domain that a provider sends is not: forwarded from here, its SPF would not name us.
    """

    options: PostsrsdOptions
    domains: tuple[str, ...]


def daemon_files(view: View[PostsrsdOptions], host: Host) -> Iterator[Render]:
    """Order the configuration in the form of the target's release, and the secret."""
    if not is_wanted(view, host):
        return
    domains = tuple(d.name for d in view.spec.domains.values() if d.sends)
    names = (*domains, *(machine.hostname for machine in view.spec.hosts.values()))
    data = PostsrsdData(view.options, names)
    if host.target.has("postsrsd", SOCKETMAP):
        path, template = PurePosixPath("etc/postsrsd.conf"), "postsrsd.conf.j2"
    else:
        path, template = PurePosixPath("etc/default/postsrsd"), "postsrsd.default.j2"
    yield Render(host.key, path, template, data, "postsrsd", needs=NEEDS)
    secret = marked(view.options.secret or "", "srs-secret")
    yield Render(host.key, SECRET, "secret.j2", secret, "postsrsd", mode=0o600)
