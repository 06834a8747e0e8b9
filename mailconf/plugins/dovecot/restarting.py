"""What Dovecot keeps over a reload: its base directory, and its anvil process with all limits."""

from __future__ import annotations

from mailconf.formats.dovecot import DovecotConf, DovecotSyntaxError

KEPT = ("base_dir", "instance_name", "default_client_limit")
# anvil counts the connections of every user, so it is the one process that a reload leaves alone;
# listeners, other services and their limits are taken over (tried in tests/lab).
BLOCK = "service anvil"


def kept_values(text: str) -> dict[str, str]:
    """Return the values in a dovecot.conf that only a restart changes."""
    try:
        settings = DovecotConf.parse(text).settings
    except DovecotSyntaxError:
        return {}  # doveconf refuses the file before any service is told
    found = {name: settings.get((name,), "") for name in KEPT}
    inside = (f"{' '.join(p[1:])} = {v}" for p, v in settings.items() if p[0] == BLOCK)
    return {**found, BLOCK: "; ".join(sorted(inside))}
