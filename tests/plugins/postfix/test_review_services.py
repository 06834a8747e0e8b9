"""What a reviewer finds in the services of master.cf, and what it leaves alone."""

import pytest

from tests.plugins.postfix.reviewing import in_master


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        pytest.param(["smtp inet n - y - - smtpd"], [], id="port 25"),
        pytest.param(
            ["smtp inet n - y - - smtpd", "-o smtpd_tls_security_level=encrypt"],
            ["PFX010"],
            id="TLS demanded on 25",
        ),
        pytest.param(
            ["submission inet n - y - - smtpd", "-o smtpd_tls_security_level=encrypt"],
            [],
            id="TLS demanded of users",
        ),
        pytest.param(
            ["587 inet n - y - - smtpd", "-o smtpd_sasl_auth_enable=yes"],
            ["PFX013"],
            id="users send as anybody",
        ),
        pytest.param(
            [
                "587 inet n - y - - smtpd",
                "-o smtpd_sasl_auth_enable=yes",
                "-o smtpd_sender_restrictions=reject_unknown_sender_domain",
            ],
            ["PFX013"],
            id="senders checked for something else",
        ),
        pytest.param(
            [
                "587 inet n - y - - smtpd",
                "-o smtpd_sasl_auth_enable=yes",
                "-o smtpd_sender_restrictions=reject_sender_login_mismatch",
            ],
            [],
            id="senders checked",
        ),
        pytest.param(
            [
                "587 inet n - y - - smtpd",
                "-o smtpd_sasl_auth_enable=yes",
                "-o smtpd_recipient_restrictions=reject_authenticated_sender_login_mismatch,permit",
            ],
            [],
            id="senders checked with the recipients",
        ),
        pytest.param(
            ["smtp inet n - y - - smtpd", "-o no_such_parameter=1"], ["PFX003"], id="unknown"
        ),
        pytest.param(
            ["smtp inet n - y - - smtpd", "-o { smtpd_banner = a # b }"], ["PFX012"], id="comment"
        ),
        pytest.param(
            ["x unix - - y - - lmtp", "-o { lmtp_host_lookup = unix:/run/x }"],
            ["PFX017"],
            id="socket outside",
        ),
        pytest.param(["smtp inet smtpd"], ["PFX021"], id="columns missing"),
        pytest.param(["smtp inet n - y - - smtpd", "-o biff"], ["PFX021"], id="no value"),
    ],
)
def test_services(lines: list[str], found: list[str]) -> None:
    assert in_master(*lines) == found


@pytest.mark.parametrize(
    ("service", "found"),
    [
        pytest.param("smtp inet", ["PFX014"], id="port 25"),
        pytest.param("smtpd pass", ["PFX014"], id="behind postscreen"),
        pytest.param("submission inet", [], id="users"),
    ],
)
def test_only_users_are_hidden(service: str, found: list[str]) -> None:
    line = f"{service} n - y - - smtpd"
    assert in_master(line, "-o smtpd_hide_client_session=yes", target="debian-13") == found
