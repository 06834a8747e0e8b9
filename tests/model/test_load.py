"""Limits that follow people and devices, and what no limit goes below or above."""

import pytest

from mailconf.model.load import Capacity, smtpd_processes
from mailconf.testing import spec_of

MAILBOXES: dict[str, dict[str, str]] = {f"u{number}": {} for number in range(40)}


@pytest.mark.parametrize(
    ("people", "devices", "sessions"),
    [
        pytest.param(3, 3, 1024, id="never less than Dovecot's default"),
        pytest.param(400, 3, 3600, id="three connections of each device"),
        pytest.param(400, 1, 1200, id="one device"),
    ],
)
def test_every_device_of_everybody_has_its_sessions(
    people: int, devices: int, sessions: int
) -> None:
    assert Capacity(people, devices).sessions == sessions


@pytest.mark.parametrize("people", [1, 50, 400, 3000, 20_000])
def test_two_silent_addresses_leave_room_for_all_sessions(people: int) -> None:
    capacity = Capacity(people, 3)
    held = capacity.login_processes(capacity.sessions) * 1000
    assert held >= capacity.sessions + 2 * capacity.per_source


@pytest.mark.parametrize("people", [1, 400, 20_000])
def test_every_session_may_wait_for_news(people: int) -> None:
    capacity = Capacity(people, 3)
    assert capacity.inotify_instances > capacity.sessions
    assert capacity.inotify_watches >= 2 * capacity.sessions


def test_the_kernel_s_own_number_of_watches_is_not_lowered() -> None:
    assert Capacity(1, 1).inotify_watches >= 1_048_576


@pytest.mark.parametrize(
    ("people", "source"),
    [
        pytest.param(2, 150, id="small"),
        pytest.param(50, 450, id="all of them in one office"),
        pytest.param(9000, 2000, id="the most"),
    ],
)
def test_an_office_behind_one_address_gets_in(people: int, source: int) -> None:
    assert Capacity(people, 3).per_source == source


def test_one_client_may_not_have_all_processes_of_a_listener() -> None:
    assert [smtpd_processes(most) for most in (0, 10, 50, 200)] == [100, 100, 200, 800]


def test_people_are_the_mailboxes_unless_they_are_declared() -> None:
    domains = {"example.org": {"mailboxes": MAILBOXES}}
    assert spec_of(domains=domains).capacity().people == 40
    assert spec_of(domains=domains, load={"users": 700}).capacity().people == 700
    assert spec_of(domains=domains).capacity(uncounted=500).people == 500
    assert spec_of(domains=domains, load={"users": 7}).capacity(uncounted=500).people == 7


def test_a_store_of_several_has_its_share() -> None:
    assert spec_of(load={"users": 700}).capacity(0.25).people == 175
    assert spec_of(load={"users": 1}).capacity(0.0).people == 1
