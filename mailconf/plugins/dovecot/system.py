"""What the kernel and systemd must allow Dovecot: inotify, open files, processes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from mailconf.model.artifact import Render, Unit
from mailconf.plugins.dovecot.duty import Duty
from mailconf.plugins.dovecot.limits import Limits

SYSCTL = PurePosixPath("etc/sysctl.d/60-mailconf-dovecot.conf")
DROP_IN = PurePosixPath("etc/systemd/system/dovecot.service.d/mailconf.conf")
# It reads sysctl.d again: `systemctl restart` is what `sysctl --system` is at boot.
KERNEL = "systemd-sysctl"


def system_files(duty: Duty, limits: Limits) -> Iterator[Render]:
    """Order the kernel's limits where mailboxes lie, and the unit's everywhere."""
    key = duty.host.key
    if duty.is_store:
        needs = (Unit(KERNEL, "restart"),)
        yield Render(key, SYSCTL, "sysctl.conf.j2", limits, KERNEL, needs=needs)
    yield Render(key, DROP_IN, "unit.conf.j2", limits, "dovecot")
