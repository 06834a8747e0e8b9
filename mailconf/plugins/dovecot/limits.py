"""Dovecot's limits on one host, as its configuration, sysctl.d and its unit spell them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mailconf.model.load import (
    CLIENTS,
    DELIVERIES,
    LARGE_SMTP_SOURCE,
    LOGIN_CLIENTS,
    OPEN_FILES,
    UNCOUNTED,
    Capacity,
    smtpd_processes,
)
from mailconf.plugins.dovecot.duty import Duty, Login

# Deliveries that one host makes to one destination at the same time, and for each recipient again
# (postconf(5), default_destination_concurrency_limit).
DELIVERIES_PER_EDGE = 40
# Services that Dovecot always runs, with a few processes each: anvil, config, indexer, log, stats.
OTHER_PROCESSES = 200


@dataclass(frozen=True, slots=True)
class LoginLimit:
    """A login service, and the sessions behind it."""

    service: str
    processes: int
    clients: int
    sessions: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What dovecot.conf says of numbers; `caches` tells whether verified users are remembered."""

    logins: tuple[LoginLimit, ...]
    deliveries: int
    quota_questions: int
    clients: int
    workers: int
    per_person: int
    instances: int
    watches: int
    tasks: int
    caches: bool
    files: int

    @classmethod
    def of(cls, duty: Duty) -> Limits:
        """Return the limits of a host for the people whose mailboxes lie there, or who send there."""
        capacity = capacity_of(duty)
        logins = tuple(_logins(duty, capacity)) if duty.is_store else ()
        asking = len(_asking(duty)) * 3 * smtpd_processes(capacity.smtp_per_source)
        deliveries = DELIVERIES + DELIVERIES_PER_EDGE * len(
            duty.spec.hosts_with("mx", "submission")
        )
        processes = deliveries + asking + sum(one.processes + one.sessions for one in logins)
        sends = 2 * smtpd_processes(LARGE_SMTP_SOURCE) if duty.host.is_("submission") else 0
        workers = capacity.workers if duty.is_store else _questions(capacity)
        tasks = processes + workers + OTHER_PROCESSES
        clients = CLIENTS + tasks + sends
        return cls(
            logins=logins,
            deliveries=deliveries,
            quota_questions=asking,
            clients=clients,
            workers=workers,
            per_person=duty.options.max_connections or capacity.per_person,
            instances=capacity.inotify_instances,
            watches=capacity.inotify_watches,
            tasks=tasks,
            caches=not duty.is_2_4 and duty.is_store and not _is_changed_elsewhere(duty),
            files=max(OPEN_FILES, 2 * clients),
        )


def capacity_of(duty: Duty) -> Capacity:
    """Return the limits for everybody, or on one of several stores for those who are there."""
    spec = duty.spec
    elsewhere = UNCOUNTED if duty.has_external_accounts else 0
    here = sum(len(domain.mailboxes) for domain in duty.domains)
    if not duty.is_store or elsewhere or not spec.mailboxes:
        return spec.capacity(uncounted=elsewhere)
    return spec.capacity(here / spec.mailboxes)


def _logins(duty: Duty, capacity: Capacity) -> Iterator[LoginLimit]:
    sessions = {
        "imap": capacity.sessions,
        "pop3": capacity.pop3_sessions,
        "sieve": capacity.sieve_sessions,
    }
    for login in duty.logins:
        if login.is_open:
            yield _login(login, sessions[login.family], capacity)


def _login(login: Login, sessions: int, capacity: Capacity) -> LoginLimit:
    processes = capacity.login_processes(sessions)
    return LoginLimit(login.service, processes, LOGIN_CLIENTS, sessions)


def _questions(capacity: Capacity) -> int:
    """Return how many logins a host asks its stores for at once: one for each smtpd process.

    A worker waits for each, with a wrong password for 2 s (auth_failure_delay of the store): with
    fewer workers one client's guesses would be in the way of everybody's logins.
    """
    return 2 * smtpd_processes(capacity.smtp_per_source)


def _asking(duty: Duty) -> tuple[str, ...]:
    """The hosts whose every smtpd process may ask whether there is room in a mailbox."""
    asking = duty.spec.hosts_with("mx", "submission", "backup-mx") if duty.is_store else ()
    return tuple(host.key for host in asking)


def _is_changed_elsewhere(duty: Duty) -> bool:
    """A cache is emptied by a reload, which no change in a database or directory brings about."""
    return duty.has_external_accounts or bool(duty.options.oauth2)
