"""How many people and devices a site serves, and what every limit must allow for them."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Annotated

from pydantic import Field

from mailconf.model.base import Model

CONNECTIONS = 3
"""IMAP connections that one device keeps: a phone 1 or 2, a desktop program up to 5."""
UNCOUNTED = 500
"""People of a site whose accounts are in a database or directory, where the spec declares none."""
LOGIN_CLIENTS = 1000
"""Connections that one login process holds: Dovecot's default, about 100 MB with TLS."""
LOGIN_PROCESSES = 4
"""Login processes at least: each does its handshakes on one core."""
# Dovecot's and Postfix's own defaults: no limit is ever lower.
SESSIONS, SIEVE_SESSIONS, DELIVERIES, CLIENTS, SMTPD = 1024, 100, 100, 1000, 100
# Connections from one address (IPv4) or one /64 (IPv6): what a small site needs, and the most.
SOURCE, LARGE_SOURCE = 150, 2000
SMTP_SOURCE, LARGE_SMTP_SOURCE = 50, 200
WEB_SOURCE = 100
# Attempts to log in to submission from one address in a minute.
LOGINS, MANY_LOGINS, LOGINS_PER_DEVICE = 120, 1200, 6
# inotify(7): instances of the one user who owns all mail. Watches are counted since Linux 5.11 by
# memory, up to 1048576; less than that must not be written.
OTHER_INSTANCES, WATCHES_PER_SESSION, WATCHES = 128, 8, 1_048_576
OPEN_FILES = 65_536


class Load(Model):
    """What the site must serve at the same time."""

    users: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    """People who use mailboxes; by default the number of mailboxes in the spec."""
    devices: Annotated[int, Field(ge=1, le=100)] = 3
    """Devices and programs of one person that keep a connection open."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """Limits that follow from people and their devices; every one is a number at the same time.

    A limit is no reservation: processes and memory are used only when clients come. So limits allow
    every device of everybody at once, and bound what one address can take of them.
    """

    people: int
    devices: int

    @property
    def sessions(self) -> int:
        """IMAP sessions, which are processes: all connections of all devices."""
        return max(SESSIONS, self._connections)

    @property
    def pop3_sessions(self) -> int:
        """POP3 sessions: one of each device, for seconds."""
        return max(SESSIONS, self.people * self.devices)

    @property
    def sieve_sessions(self) -> int:
        """ManageSieve sessions: one of ten people changes a script."""
        return max(SIEVE_SESSIONS, self.people // 10)

    @property
    def per_person(self) -> int:
        """Connections of one person from one address: all devices at home, twice after a cut line."""
        return max(30, 2 * self.devices * CONNECTIONS)

    @property
    def per_source(self) -> int:
        """Connections to a login port from one address: a whole office behind one router."""
        return min(max(SOURCE, self._connections), LARGE_SOURCE)

    def login_processes(self, sessions: int) -> int:
        """Return those of a login service: all sessions (TLS ends there), and two silent addresses."""
        wanted = sessions + 2 * self.per_source
        return max(LOGIN_PROCESSES, ceil(wanted / LOGIN_CLIENTS))

    @property
    def smtp_per_source(self) -> int:
        """Connections to a submission port from one address: one of a device, for seconds."""
        return min(max(SMTP_SOURCE, self.people * self.devices // 10), LARGE_SMTP_SOURCE)

    @property
    def logins_per_source(self) -> int:
        """Attempts to log in to submission from one address in a minute, right or wrong."""
        wanted = self.people * self.devices * LOGINS_PER_DEVICE
        return min(max(LOGINS, wanted), MANY_LOGINS)

    @property
    def workers(self) -> int:
        """Processes that verify passwords: each takes a core and the memory of one hash (64 MiB)."""
        return min(max(4, self.people // 50), 30)

    @property
    def inotify_instances(self) -> int:
        """One for every IMAP session that waits for news (inotify(7), max_user_instances)."""
        return self.sessions + OTHER_INSTANCES

    @property
    def inotify_watches(self) -> int:
        """A few for every instance (inotify(7), max_user_watches)."""
        return max(WATCHES, WATCHES_PER_SESSION * self.sessions)

    @property
    def _connections(self) -> int:
        return self.people * self.devices * CONNECTIONS


def smtpd_processes(per_source: int) -> int:
    """Return the processes of an SMTP listener: four addresses at their limit leave no one out.

    Each connection occupies a process, also before TLS; `per_source` 0 is no limit.
    """
    return max(SMTPD, 4 * per_source)
