"""The keys that the signing daemon is to use."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.plugin import View
from mailconf.model.setting import Setting
from mailconf.model.spec import Domain
from mailconf.plugins.dkim.options import DkimOptions


def signing_keys(view: View[DkimOptions], domain: Domain) -> Iterator[Setting]:
    """Ask the signer of every host to sign with the active key: `domain selector` → reference."""
    for name, selector in view.options.selectors.items() if domain.sends else ():
        if selector.state == "active" and selector.private_key:
            for host in view.spec.hosts:
                key = f"{domain.name} {name}"
                yield Setting(view.options.signer, host, key, selector.private_key, "dkim")
