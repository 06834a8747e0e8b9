"""Break one thing at a time in the rendered tree: the lab names the fault."""

import pytest

from tests.lab.launching import broken, needs_root

pytestmark = [pytest.mark.lab, needs_root]


@pytest.mark.parametrize(
    ("fault", "code", "told"),
    [
        pytest.param(
            "milter socket", "LAB011", "connect to Milter service inet:127.0.0.1:8899", id="milter"
        ),
        pytest.param(
            "mistyped restriction",
            "LAB011",
            'unknown smtpd restriction: "reject_unknown_sender_domian"',
            id="restriction",
        ),
        pytest.param("dkim selector", "LAB013", "does not say dkim=pass", id="dkim selector"),
        pytest.param(
            "mx record", "DNS010", "MX 10 mail.example.org. is not published", id="mx record gone"
        ),
        pytest.param(
            "expired certificate", "TLS006", "the certificate ended on", id="expired certificate"
        ),
        pytest.param(
            "expired certificate", "LAB010", "a user could not send", id="refused by senders"
        ),
        pytest.param("expired certificate", "LAB012", "could not be read", id="refused by readers"),
        pytest.param(
            "media type", "ACF020", "served as text/html, wanted text/xml", id="media type"
        ),
        pytest.param(
            "open relay",
            "SMT009",
            "mail to a foreign domain is accepted",
            id="open relay seen by verify",
        ),
        pytest.param(
            "open relay",
            "LAB015",
            "mail to a foreign domain was accepted",
            id="open relay seen by the peer",
        ),
        pytest.param("spoofing allowed", "LAB014", "in our own name was accepted", id="spoofing"),
        pytest.param(
            "unknown parameter",
            "LAB001",
            "unused parameter: smtpd_hello_required",
            id="unknown parameter",
        ),
    ],
)
def test_a_fault_is_named(fault: str, code: str, told: str) -> None:
    found = broken(fault).findings()
    assert any(told in message for message in found.get(code, [])), found


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        pytest.param(
            "missing certificate", "fullchain.pem: No such file or directory", id="certificate"
        ),
        pytest.param("passdb driver", "Unknown passdb driver 'passwdfile'", id="passdb driver"),
        pytest.param(
            "no working restriction",
            "specify at least one working instance of: reject_unauth_destination",
            id="no relay restriction left",
        ),
    ],
)
def test_a_boot_that_fails_shows_the_line_that_explains_it(fault: str, told: str) -> None:
    done = broken(fault)
    assert done.status == 1
    assert done.stderr.startswith("boot: ")
    assert told in done.stderr


def test_only_dkim_fails_when_only_dkim_is_broken() -> None:
    checks = {outcome["check"] for outcome in broken("dkim selector").outcomes("failed")}
    assert checks == {"roundtrip.dkim"}
