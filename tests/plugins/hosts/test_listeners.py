"""Ports that two daemons of a host have."""

from typing import Any

import pytest

from tests.plugins.rendering import FLEET, SITE, options, rendered


def told(changes: dict[str, Any], site: dict[str, Any] = SITE) -> list[str]:
    found = rendered(changes, site).build.findings
    return sorted({finding.message for finding in found if finding.rule.code == "PRT019"})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"protocols": {"pop3s": {"port": 8891}}}, "OpenDKIM and pop3s both listen at port 8891"),
        ({"protocols": {"pop3s": {"port": 12340}}}, "Dovecot's quota-status and pop3s both"),
        ({"protocols": {"pop3s": {"port": 10027}}}, "Postfix and pop3s both listen at port 10027"),
        ({"protocols": {"pop3s": {"port": 80}}}, "nginx and pop3s both listen at port 80"),
        ({"protocols": {"submission": {"port": 443}}}, "nginx and submission both"),
        (options("opendkim", port=8890), "at port 8890"),
        (options("opendkim", port=25), "OpenDKIM and smtp both listen at port 25"),
        (options("postfix", master_cf=["587 inet n - y - - smtpd"]), "587 in master_cf and sub"),
        (
            options("postfix", master_cf=["[192.0.2.25]:25 inet n - y - - smtpd"]),
            "[192.0.2.25]:25 in master_cf and smtp both",
        ),
        (options("postfix", master_cf=["10027 inet n - y - - smtpd"]), "10027"),
    ],
)
def test_two_daemons_at_one_port_are_an_error(changes: dict[str, Any], message: str) -> None:
    (found,) = told(changes)
    assert message in found


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"protocols": {"imap": {"port": 143}, "pop3s": {"port": 995}}},
        options("postfix", master_cf=["127.0.0.1:10026 inet n - y - - smtpd"]),
        options("postfix", master_cf=["127.0.0.2:10027 inet n - y - - smtpd"]),
        options("postfix", master_cf=["submission inet n - y - - smtpd"]),  # PFX023
        options("postfix", master_cf=["10025 inet smtpd"]),  # PFX024
        options("dkim", signer="rspamd"),
    ],
)
def test_daemons_at_ports_of_their_own_are_none(changes: dict[str, Any]) -> None:
    assert told(changes) == []


def test_lmtp_has_its_port_where_others_deliver() -> None:
    found = told({"protocols": {"pop3s": {"port": 24}}}, FLEET)
    assert any("Dovecot's LMTP and pop3s both listen at port 24" in one for one in found)
    assert told({}, FLEET) == []


def test_a_port_inside_one_host_is_free_on_another() -> None:
    """OpenDMARC judges on the MX, where nobody reads mail."""
    assert told({"hosts": {"st1": {"protocols": {"imaps": {"port": 8893}}}}}, FLEET) == []
    assert told({"hosts": {"st1": {"protocols": {"imaps": {"port": 12340}}}}}, FLEET) != []
