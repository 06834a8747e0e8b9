"""The operator's own parameters and services, and what the target lacks."""

from typing import Any

import pytest

from mailconf.engine.merge import overlay
from mailconf.model.finding import Finding
from tests.plugins.rendering import FLEET, on_target, options, rendered

SOCKET = options("postfix", tlsrpt_socket="run/tlsrpt/tlsrpt.sock")


def own(**additions: Any) -> dict[str, Any]:
    return options("postfix", **additions)


def found(changes: dict[str, Any]) -> list[Finding]:
    return [f for f in rendered(changes).build.findings if f.rule.code.startswith("PFX")]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        pytest.param({}, [], id="nothing of one's own"),
        pytest.param(
            own(main_cf={"delay_warning_time": "4h"}), [], id="a parameter we leave alone"
        ),
        pytest.param(own(main_cf={"biff": "yes"}), ["PFX022"], id="a parameter of ours"),
        pytest.param(own(main_cf={"biff": "no"}), ["PFX022"], id="the same value is still twice"),
        pytest.param(own(main_cf={"smtpd_hello_required": "yes"}), ["PFX003"], id="none at all"),
        pytest.param(own(master_cf=["10025 inet n - y - - smtpd"]), [], id="a service"),
        pytest.param(
            own(master_cf=["submission inet n - y - - smtpd"]), ["PFX023"], id="a service of ours"
        ),
        pytest.param(
            own(master_cf=["cleanup unix n - y - 0 cleanup"]),
            ["PFX023"],
            id="a service of Postfix's own",
        ),
        pytest.param(
            own(master_cf=["submission unix n - y - - smtpd"]), [], id="the same name, another type"
        ),
        pytest.param(own(master_cf=["10025 inet smtpd"]), ["PFX024"], id="no service"),
        pytest.param(
            own(master_cf=["10025 inet n - y - - smtpd -o biff"]), ["PFX024"], id="no setting"
        ),
        pytest.param(SOCKET, ["PFX025"], id="TLS reports before 3.10"),
        pytest.param(overlay(SOCKET, on_target("debian-13")), [], id="TLS reports"),
    ],
)
def test_additions(changes: dict[str, Any], codes: list[str]) -> None:
    assert [finding.rule.code for finding in found(changes)] == codes


OTHER = {"jobs": {"access": "other"}}
STORE = {"virtual_transport": "lmtp:unix:private/lmtp"}


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        (OTHER, ["PFX030", "PFX031"]),
        (overlay(OTHER, own(main_cf=STORE)), ["PFX031"]),
        (overlay(OTHER, own(main_cf={**STORE, "smtpd_sasl_path": "private/auth"})), []),
        ({}, []),
    ],
)
def test_another_store_has_to_be_named(changes: dict[str, Any], codes: list[str]) -> None:
    told = [finding.rule.code for finding in found(changes)]
    assert [code for code in told if code in ("PFX030", "PFX031")] == codes


def test_a_finding_shows_both_values() -> None:
    (finding,) = found(own(main_cf={"biff": "yes"}))
    assert finding.message == "main_cf: biff = 'yes' overrides 'no'"
    assert finding.where == ("plugins", "postfix", "main_cf", "biff")


def test_what_stands_under_a_host_is_found_there() -> None:
    additions = {"main_cf": {"biff": "yes"}, "tlsrpt_socket": "run/tlsrpt/tlsrpt.sock"}
    wheres = {f.rule.code: f.where for f in found({"hosts": {"mail": {"postfix": additions}}})}
    assert wheres == {
        "PFX022": ("hosts", "mail", "postfix", "main_cf", "biff"),
        "PFX025": ("hosts", "mail", "postfix", "tlsrpt_socket"),
    }


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("smtpd_hello_required", "yes", "PFX003"),
        ("mynetworks", "0.0.0.0/0", "PFX002"),
        ("smtp_tls_security_level", "encryptt", "PFX026"),
        ("smtpd_tls_auth_only", "ja", "PFX026"),
        ("smtpd_forbid_bare_newline", "no", "PFX007"),
    ],
)
def test_a_fault_of_one_s_own_is_found_where_it_is_written(
    name: str, value: str, code: str
) -> None:
    findings = [f for f in found(own(main_cf={name: value})) if f.rule.code == code]
    assert [f.where for f in findings] == [("plugins", "postfix", "main_cf", name)]


@pytest.mark.parametrize("value", ["yes", "NO", "$biff"])
def test_words_may_be_written_in_capitals_or_referred_to(value: str) -> None:
    codes = {f.rule.code for f in found(own(main_cf={"smtpd_tls_auth_only": value}))}
    assert "PFX026" not in codes


def test_a_finding_says_what_the_target_has_and_needs() -> None:
    (finding,) = found(SOCKET)
    assert finding.message == "tlsrpt_socket needs Postfix 3.10, but debian-12 has 3.7.11"


def test_a_service_nobody_can_read_keeps_postfix_unwritten() -> None:
    site = rendered(own(master_cf=["10025 inet smtpd"]))
    assert site.files("etc/postfix") == set()
    assert site.codes("PFX") == ["PFX024"]


def test_a_web_host_has_no_postfix_to_add_to() -> None:
    additions = own(main_cf={"biff": "yes"})
    subjects = [
        f.subject for f in rendered(additions, FLEET).build.findings if f.rule.code == "PFX022"
    ]
    assert sorted(subjects) == ["app", "bak", "mx1", "out", "st1", "st2", "sub"]
