"""What Postfix keeps over a reload: parameters that its master process reads once."""

from __future__ import annotations

import re

from mailconf.formats.postfix import MainCf, PostfixSyntaxError

# postconf(5): "you must stop and start Postfix after changing this parameter". The directories and
# the owner are those in which the running master holds its lock and its sockets. What changes in
# master.cf, listeners included, is taken over by a reload (master(8); tried in tests/lab).
KEPT = {
    "inet_interfaces": "all",
    "inet_protocols": "",
    "queue_directory": "/var/spool/postfix",
    "data_directory": "/var/lib/postfix",
    "mail_owner": "postfix",
    "setgid_group": "postdrop",
}
"""By name, what counts where main.cf is silent; the built-in inet_protocols differs by version."""
REFERENCE = re.compile(r"\$[({]?([A-Za-z0-9_]+)")


def kept_values(text: str) -> dict[str, str]:
    """Return the values in a main.cf that only a restart changes, and those that they refer to."""
    try:
        values = MainCf.parse(text).values
    except PostfixSyntaxError:
        return {}  # postconf refuses the file before any service is told
    found = {name: values.get(name, default) for name, default in KEPT.items()}
    waiting = list(found.values())
    while waiting:
        for name in REFERENCE.findall(waiting.pop()):
            if name not in found:
                found[name] = values.get(name, "")
                waiting.append(found[name])
    return found
