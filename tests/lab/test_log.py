"""The line of the log that explains: the cause, not its consequence."""

import threading

import pytest

from mailconf.lab.log import QUIET_SECONDS, Entry, LabLog

OPEN = "postfix/smtpd[7]: error: open database /etc/postfix/virtual_aliases: No such file"
AUTH = "postfix/smtpd[8]: warning: SASL: Connect to private/aut failed: No such file"
DEAD = "postfix/smtpd[8]: fatal: no SASL authentication mechanisms"
REJECT = "postfix/smtpd[7]: NOQUEUE: reject: RCPT from x[192.0.2.1]: 451 Temporary lookup failure"


def journal(*lines: str) -> LabLog:
    found = LabLog()
    found.entries.extend(Entry("mail", line) for line in lines)
    return found


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        pytest.param((REJECT,), REJECT, id="only a consequence"),
        pytest.param((OPEN, REJECT), OPEN, id="a cause"),
        pytest.param(("postfix/qmgr[1]: started", "other[2]: connected"), "", id="nothing wrong"),
    ],
)
def test_the_cause_explains(lines: tuple[str, ...], told: str) -> None:
    assert journal(*lines).explanation() == (f"mail: {told}" if told else "")


def test_what_the_same_process_said_first_comes_first() -> None:
    told = f"mail: {AUTH}; fatal: no SASL authentication mechanisms"
    assert journal(OPEN, AUTH, DEAD).explanation() == told
    assert journal(OPEN, AUTH, DEAD).death() == told


UNKNOWN = "dovecot: auth: Fatal: Unknown passdb driver 'passwdfile'"


@pytest.mark.parametrize("lines", [(DEAD, UNKNOWN), (UNKNOWN, DEAD)], ids=["first", "last"])
def test_who_gives_up_because_of_another_explains_nothing(lines: tuple[str, ...]) -> None:
    assert journal(*lines).death() == journal(*lines).explanation() == f"mail: {UNKNOWN}"
    assert journal(DEAD).death() == ""
    assert journal(DEAD).explanation() == f"mail: {DEAD}"


UID = "dovecot: auth: Error: passwd-file: Invalid UID value 'nosuchuser'"
OLD_CLIENT = (
    "dovecot: imap-login: Login aborted: SSL_accept() failed: error:0A000102: unsupported protocol"
)
OLD_SENDER = (
    "postfix/smtpd[9]: warning: TLS library problem: error:0A000102:unsupported protocol:x.c:1"
)


ECHOED = "dovecot: imap(a)<1>: Error: auth-master: login: request failed: Internal auth failure"
READ_ONCE = "dovecot: auth: Error: passwd-file: Invalid UID value 'nosuchuser'"


def test_what_dovecots_auth_said_once_explains_later_failures() -> None:
    """It reads a file once: whoever asks later hears of a failure without a reason."""
    found = journal(READ_ONCE, ECHOED)
    assert found.explanation(1) == f"mail: {READ_ONCE}"
    assert journal(OPEN, ECHOED).explanation(1) == f"mail: {ECHOED}"


def test_a_client_that_is_turned_away_for_its_old_tls_explains_nothing() -> None:
    assert journal(OLD_CLIENT, UID, OLD_SENDER).explanation() == f"mail: {UID}"
    assert journal(OLD_CLIENT, OLD_SENDER).explanation() == ""


def test_a_process_says_the_cause_once_and_long_ago() -> None:
    said = journal(OPEN, REJECT)
    mark = said.mark() - 1
    told = REJECT.partition(": ")[2]
    assert said.explanation(mark) == f"mail: {OPEN}; {told}"


def test_other_machines_explain_nothing() -> None:
    assert journal(OPEN).explanation(machine="other") == ""


def test_the_last_line_with_a_pattern() -> None:
    assert journal(OPEN, AUTH).last(r"SASL: Connect") == f"mail: {AUTH}"
    assert journal(OPEN).last(r"SASL: Connect") == ""


def test_a_cause_that_is_written_down_late_is_waited_for() -> None:
    found = journal(DEAD)

    def late() -> None:
        with found.arrived:
            found.entries.append(Entry("mail", UNKNOWN))
            found.arrived.notify_all()

    timer = threading.Timer(QUIET_SECONDS / 4, late)
    timer.start()
    assert found.explanation() == f"mail: {UNKNOWN}"
    timer.join()


def test_a_client_that_offers_weak_ciphers_only_explains_nothing() -> None:
    weak = OLD_CLIENT.replace("unsupported protocol", "no shared cipher")
    assert journal(weak, UID).explanation() == f"mail: {UID}"
    assert journal(weak).explanation() == ""
