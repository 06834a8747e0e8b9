"""What the milter is told on each host of a site, and that Postfix asks it first."""

import json
from typing import Any

import pytest

from mailconf.programs.originators.__main__ import rules_of
from tests.plugins.rendering import FLEET, rendered

RULES = "etc/mailconf/originators.json"
SITE = rendered(base=FLEET)


def rules(host: str, site: Any = SITE) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(site.text(RULES, host))
    return found


@pytest.mark.parametrize("host", ["mx1", "sub", "st1", "out", "bak", "app"])
def test_every_host_that_handles_mail_asks_it_first(host: str) -> None:
    main = SITE.main(host)
    assert main["smtpd_milters"].startswith("inet:127.0.0.1:8890")
    assert main["non_smtpd_milters"].startswith("inet:127.0.0.1:8890")
    assert main["myhostname"] in rules_of(rules(host)).hostnames


def test_a_web_host_has_none() -> None:
    assert SITE.files("etc/mailconf", "www") == set()


def test_who_may_send_is_what_postfix_has() -> None:
    assert rules("sub")["logins"] == {
        address: logins.split(", ")
        for address, logins in SITE.table("sender_logins", "sub").items()
    }
    assert rules("mx1")["logins"] == {}


def test_only_a_store_takes_mail_of_scripts() -> None:
    assert {host for host in ("mx1", "sub", "st1", "st2", "out") if rules(host)["sieve"]} == {
        "st1",
        "st2",
    }


def test_programs_have_the_name_of_their_host_and_what_the_spec_gives() -> None:
    given = rendered({"hosts": {"mail": {"send_as": ["@Example.org", "app@example.net"]}}})
    assert rules("mail", given)["programs"] == [
        "@mail.example.org",
        "@example.org",
        "app@example.net",
    ]
    envelope = given.text("etc/postfix/local_login_senders").splitlines()[-1]
    assert envelope == "/^(.*)$/ $1 <> @mail.example.org @example.org app@example.net"


def test_a_host_without_users_is_held_to_its_own_names_everywhere() -> None:
    for host in ("mx1", "out"):
        assert rules(host)["hosts"] == {"192.0.2.7": ["@app.example.org"]}
        assert "192.0.2.2" in rules(host)["trusted"]


def test_the_files_of_the_program_are_its_source() -> None:
    found = {path.rpartition("/")[2] for path in SITE.files("usr/local/lib/mailconf", "mx1")}
    assert {"__init__.py", "__main__.py", "fields.py", "policy.py", "session.py"} <= found
