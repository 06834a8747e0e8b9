"""Dovecot's limits: in both dialects, for the people whose mailboxes lie there."""

from typing import Any

import pytest

from mailconf.engine.merge import overlay
from tests.plugins.dovecot.reading import BOTH, NEW, OLD, conf
from tests.plugins.rendering import FLEET, Site, fleet_on, on_target, options, rendered

MANY = {"load": {"users": 400}}
LDAP = options("dovecot", ldap={"uris": ["ldaps://ldap.example.org"], "base": "dc=example"})
COUNT = {OLD: ("service_count", "0"), NEW: ("restart_request_count", "unlimited")}
DROP_IN = "etc/systemd/system/dovecot.service.d/mailconf.conf"
SYSCTL = "etc/sysctl.d/60-mailconf-dovecot.conf"


def on(target: str, **more: Any) -> Site:
    return rendered(overlay(on_target(target), more))


def settings(text: str) -> dict[str, str]:
    lines = (line.split("=") for line in text.splitlines() if "=" in line and line[0] != "#")
    return {name.strip(): value.strip() for name, value in lines}


@BOTH
def test_all_sessions_have_their_processes(target: str) -> None:
    whole = conf(on(target, **MANY))
    assert whole.one("service imap").settings["process_limit"] == "3600"
    login = whole.one("service imap-login").settings
    assert int(login["process_limit"]) * int(login["client_limit"]) >= 3600 + 2 * 2000
    name, value = COUNT[target]
    assert login[name] == value


@BOTH
def test_whatever_may_run_may_be_a_client_of_auth_and_stats(target: str) -> None:
    whole = conf(on(target, **MANY))
    services = [block.settings for block in whole.all("service")]
    processes = sum(int(service.get("process_limit", 0)) for service in services)
    assert int(whole.settings["default_client_limit"]) > processes


def test_a_service_that_is_not_offered_has_no_limits() -> None:
    heads = {block.head for block in conf(rendered()).all("service")}
    assert "service imap-login" in heads
    assert "service pop3-login" not in heads


@pytest.mark.parametrize(
    ("elsewhere", "cached"),
    [
        pytest.param({}, "10M", id="a reload empties the cache"),
        pytest.param(LDAP, None, id="no reload when a directory changes"),
    ],
)
def test_known_passwords_are_verified_beside_the_process_that_all_wait_for(
    elsewhere: Any, cached: str | None
) -> None:
    whole = conf(on(OLD, **elsewhere))
    assert whole.settings.get("auth_cache_size") == cached
    assert whole.settings.get("auth_cache_verify_password_with_worker") == (cached and "yes")


def test_dovecot_2_4_verifies_in_workers_and_caches_nothing() -> None:
    whole = conf(on(NEW))
    assert "auth_cache_size" not in whole.settings
    assert whole.one("passdb passwd-file").settings["use_worker"] == "yes"
    assert whole.one("service auth-worker").settings["process_limit"] == "4"


@BOTH
def test_workers_run_before_the_first_login(target: str) -> None:
    """The auth process of 2.4 learns its limit from the first one."""
    whole = conf(on(target))
    assert whole.one("service auth-worker").settings["process_min_avail"] == "4"
    ready = [block.settings.get("process_min_avail") for block in whole.all("service auth")]
    assert ("1" in ready) is (target == NEW)


@BOTH
def test_a_store_counts_no_wrong_passwords_against_hosts_that_ask_for_others(target: str) -> None:
    fleet = fleet_on(target)
    anvil = conf(fleet, "st1").one("service anvil").one("unix_listener anvil-auth-penalty")
    assert anvil.settings == {"mode": "00"}
    assert conf(fleet, "st1").settings["auth_failure_delay"] == "4 secs"
    for whole in (conf(fleet, "sub"), conf(on(target))):
        assert not whole.all("service anvil")
        assert "auth_failure_delay" not in whole.settings


@BOTH
def test_every_submission_process_may_ask_the_store_at_once(target: str) -> None:
    whole = conf(fleet_on(target), "sub")
    asked = (
        whole.settings.get("auth_worker_max_count")
        or (whole.one("service auth-worker").settings["process_limit"])
    )
    assert asked == "400"


@pytest.mark.parametrize(
    ("asked", "most"),
    [
        pytest.param({}, "30", id="three devices"),
        pytest.param({"load": {"devices": 10}}, "60", id="ten devices"),
        pytest.param(options("dovecot", max_connections=7), "7", id="as the spec has it"),
    ],
)
def test_one_person_has_connections_for_all_devices(asked: Any, most: str) -> None:
    imap = conf(rendered(asked)).one("protocol imap")
    assert imap.settings["mail_max_userip_connections"] == most


def test_the_kernel_and_the_unit_allow_what_dovecot_is_told() -> None:
    site = rendered(MANY)
    kernel = settings(site.text(SYSCTL))
    assert kernel["fs.inotify.max_user_instances"] == "3728"
    unit, whole = settings(site.text(DROP_IN)), conf(site)
    assert int(unit["LimitNOFILE"]) >= 2 * int(whole.settings["default_client_limit"])
    assert int(unit["TasksMax"]) > 3600
    order = site.file(SYSCTL).order
    assert order.service == "systemd-sysctl"


def test_a_host_without_mailboxes_watches_nothing() -> None:
    site = rendered(base=FLEET)
    assert "60-mailconf-dovecot.conf" not in site.files("etc/sysctl.d", "sub")


def test_one_of_several_stores_serves_its_share() -> None:
    people: dict[str, Any] = {f"u{number}": {} for number in range(9)}
    more = {"domains": {"example.net": {"mailboxes": people}}, "load": {"users": 1100}}
    site = rendered(more, FLEET)
    limits = {
        h: conf(site, h).one("service imap").settings["process_limit"] for h in ("st1", "st2")
    }
    assert limits == {"st1": "1024", "st2": "9000"}


def test_people_of_a_directory_are_not_known_and_told_of() -> None:
    assert rendered(LDAP).codes("DVC014") == ["DVC014"]
    assert rendered({**LDAP, "load": {"users": 50}}).codes("DVC014") == []


def test_more_sessions_than_one_machine_holds_are_told_of() -> None:
    assert rendered({"load": {"users": 3000}}).codes("DVC015") == ["DVC015"]


@BOTH
def test_what_postfix_has_accepted_is_delivered(target: str) -> None:
    whole = conf(on(target))
    lmtp = whole.one("protocol lmtp")
    if target == OLD:
        assert "quota" not in lmtp.settings["mail_plugins"].split()
    else:
        assert lmtp.one("mail_plugins").settings["quota"] == "no"
    assert whole.settings["lmtp_rcpt_check_quota"] == "no"


@BOTH
def test_an_alias_of_one_mailbox_is_as_full_as_that(target: str) -> None:
    aliases = {"sales": "alice", "both": ["alice", "bob"], "nested": "sales"}
    mailboxes = {"alice": {"quota": "1G"}, "bob": {}}
    domain = {"aliases": aliases, "mailboxes": mailboxes}
    site = on(target, domains={"example.org": domain})
    quota = {
        OLD: "userdb_quota_rule=*:bytes=1073741824",
        NEW: "userdb_quota_storage_size=1073741824B",
    }
    lines = site.text("etc/dovecot/aliases").splitlines()
    asked = f"userdb_user=alice@example.org {quota[target]}"
    assert f"sales@example.org:::::::{asked}" in lines
    assert f"nested@example.org:::::::{asked}" in lines
    assert not any(line.startswith("both@") for line in lines)
    assert conf(site).one("protocol quota-status")


@BOTH
def test_a_catch_all_is_as_full_as_its_mailbox(target: str) -> None:
    mailboxes = {"alice": {"quota": "1G"}, "bob": {}}
    caught = {"mailboxes": mailboxes, "catch_all": "alice"}
    shared = {"catch_all": ["alice@example.org", "bob@example.org"]}
    site = on(target, domains={"example.org": caught, "example.net": shared})
    (line,) = site.text("etc/dovecot/catch-alls").splitlines()
    assert line.startswith("example.org:::::::userdb_user=alice@example.org ")
    assert "/etc/dovecot/catch-alls" in site.text("etc/dovecot/dovecot.conf")
    assert "catch-alls" not in on(target).text("etc/dovecot/dovecot.conf")


@pytest.mark.parametrize(("target", "shown"), [(OLD, "a%%%%{x}b"), (NEW, "a%%%{x}b")])
def test_a_percent_sign_in_the_owner_of_machine_mail_is_no_variable(
    target: str, shown: str
) -> None:
    site = rendered(overlay({"system_mail": "a%%{x}b@elsewhere.example"}, on_target(target)))
    assert f'postmaster_address = "{shown}@elsewhere.example"' in site.text(
        "etc/dovecot/dovecot.conf"
    )
