"""The rest of the Internet, played by a second domain on a host of its own."""

from __future__ import annotations

from mailconf.engine.load import Loaded
from mailconf.model.place import Places

DOMAIN = "mailconf-peer.example"
HOSTNAME = f"mx.{DOMAIN}"
USER = f"peer@{DOMAIN}"
STRANGER = f"stranger@{DOMAIN}"
"""Who sends without belonging to anybody here."""
SELECTOR = "lab"
KEY = "mailconf-peer"
# RFC 2544 and RFC 5180 benchmarking networks: no spec for the real Internet uses them.
ADDRESSES = ("198.18.0.25", "2001:2::25")
PROTOCOLS = {
    "submissions": {"port": 465},
    "submission": {"port": 587},
    "imaps": {"port": 993},
}


def peer(release: str) -> Loaded:
    """Return the peer as loaded data: rendered by the same plugins as any other spec."""
    data = {
        "version": 1,
        "hosts": {
            KEY: {"hostname": HOSTNAME, "addresses": list(ADDRESSES), "target": release},
        },
        "protocols": PROTOCOLS,
        # The lab's strangers speak from here, and are neither root nor Postfix.
        "plugins": {"firewall": "off"},
        "domains": {
            DOMAIN: {
                "mailboxes": {"peer": {}},
                "aliases": {"postmaster": "peer", "abuse": "peer"},
                "dkim": {"selectors": {SELECTOR: {"state": "active"}}},
            }
        },
    }
    return Loaded(data, Places("the lab's peer", {}))
