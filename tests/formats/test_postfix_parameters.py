"""Which Postfix knows which parameter, and which ones it warns about."""

import pytest

from mailconf.formats.postfix_parameters import (
    ADDED,
    BACKPORTED,
    DEPRECATED,
    REMOVED,
    Numbers,
    exists,
    first_version,
    is_deprecated,
    is_known,
    replacement,
)


@pytest.mark.parametrize(
    ("name", "version", "known"),
    [
        pytest.param("myhostname", (3, 5), True, id="always there"),
        pytest.param("myhostname", (3, 11, 7), True, id="still there"),
        pytest.param("smtpd_hello_required", (3, 11), False, id="never there"),
        pytest.param("smtpd_hide_client_session", (3, 9, 1), False, id="before its release"),
        pytest.param("smtpd_hide_client_session", (3, 10), True, id="in its release"),
        pytest.param("smtpd_hide_client_session", (3, 10, 13), True, id="in a patch release"),
        pytest.param("smtpd_hide_client_session", (3, 11), True, id="after its release"),
        pytest.param("smtpd_forbid_bare_newline", (3, 7, 8), False, id="before the backport"),
        pytest.param("smtpd_forbid_bare_newline", (3, 7, 9), True, id="in the backport"),
        pytest.param("smtpd_forbid_bare_newline", (3, 7, 11), True, id="after the backport"),
        pytest.param("smtpd_forbid_bare_newline", (3, 8), False, id="next branch without it"),
        pytest.param("smtpd_forbid_bare_newline", (3, 5, 25), True, id="oldest branch"),
        pytest.param("smtp_tls_enforce_sts_mx_patterns", (3, 10, 4), False, id="3.10.4"),
        pytest.param("smtp_tls_enforce_sts_mx_patterns", (3, 10, 13), True, id="3.10.13"),
        pytest.param("tls_legacy_public_key_fingerprints", (3, 10, 13), True, id="last release"),
        pytest.param("tls_legacy_public_key_fingerprints", (3, 11), False, id="removed"),
        pytest.param("store_destination_recipient_limit", (3, 5), True, id="of a transport"),
        pytest.param("policyd-spf_time_limit", (3, 5), True, id="of a service"),
        pytest.param("store_destination_recipient_limits", (3, 5), False, id="of no transport"),
    ],
)
def test_a_version_knows_a_parameter(name: str, version: Numbers, known: bool) -> None:
    assert is_known(name, version) is known


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("myhostname", True),
        ("smtp_tlsrpt_enable", True),
        ("tls_legacy_public_key_fingerprints", True),
        ("store_time_limit", True),
        ("smtpd_hello_required", False),
    ],
)
def test_some_version_knows_a_parameter(name: str, found: bool) -> None:
    assert exists(name) is found


@pytest.mark.parametrize(
    ("name", "versions"),
    [
        pytest.param("myhostname", "3.5", id="always there"),
        pytest.param("smtp_tlsrpt_enable", "3.10", id="one release"),
        pytest.param("dnssec_probe", "3.6, 3.5.9", id="one backport"),
        pytest.param(
            "smtpd_forbid_bare_newline", "3.9, 3.8.4, 3.7.9, 3.6.13, 3.5.23", id="many backports"
        ),
    ],
)
def test_the_first_version_of_a_parameter(name: str, versions: str) -> None:
    assert first_version(name) == versions


@pytest.mark.parametrize(
    ("name", "version", "deprecated"),
    [
        pytest.param("smtpd_tls_security_level", (3, 11), False, id="never"),
        pytest.param("smtpd_use_tls", (3, 8, 6), False, id="not yet"),
        pytest.param("smtpd_use_tls", (3, 9), True, id="in its release"),
        pytest.param("smtpd_use_tls", (3, 10, 13), True, id="3.10 is after 3.9"),
        pytest.param("virtual_maps", (3, 10, 13), False, id="the day before"),
        pytest.param("virtual_maps", (3, 11, 7), True, id="in a patch release"),
    ],
)
def test_a_version_warns_about_a_parameter(name: str, version: Numbers, deprecated: bool) -> None:
    assert is_deprecated(name, version) is deprecated


def test_a_deprecated_parameter_may_have_a_successor() -> None:
    assert replacement("smtpd_use_tls") == "smtpd_tls_security_level"
    assert replacement("smtpd_tls_eecdh_grade") == ""


def test_a_successor_is_there_when_the_warning_comes() -> None:
    successors = {name: (since, better) for name, (since, better) in DEPRECATED.items() if better}
    assert [name for name, (since, new) in successors.items() if not is_known(new, since)] == []
    assert [name for name, (since, new) in successors.items() if is_deprecated(new, since)] == []


def test_only_what_was_there_is_deprecated_or_removed() -> None:
    before = [name for name, (since, _) in DEPRECATED.items() if not is_known(name, since)]
    assert before == []
    assert [name for name in REMOVED if not is_known(name, (3, 5))] == []


def test_a_backport_comes_to_branches_older_than_the_release() -> None:
    release = {name: since for since, names in ADDED.items() for name in names.split()}
    wrong = [
        (name, numbers)
        for name, backports in BACKPORTED.items()
        for numbers in backports
        if len(numbers) != 3 or numbers[:2] >= release[name]
    ]
    assert wrong == []


def test_a_parameter_is_new_once() -> None:
    names = [name for names in ADDED.values() for name in names.split()]
    assert sorted(names) == sorted(set(names))
