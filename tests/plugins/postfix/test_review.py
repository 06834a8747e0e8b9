"""What a reviewer finds in main.cf, and what it leaves alone."""

from typing import Any

import pytest

from tests.plugins.postfix.reviewing import SOUND, as_lines, in_main, reviewer
from tests.plugins.rendering import options, rendered


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        pytest.param({}, [], id="sound"),
        pytest.param(
            {"smtpd_relay_restrictions": "permit_mynetworks"}, ["PFX001"], id="nothing refuses"
        ),
        pytest.param(
            {"smtpd_relay_restrictions": "permit, reject"}, ["PFX001"], id="permitted first"
        ),
        pytest.param(
            {"smtpd_relay_restrictions": "permit_mynetworks defer_unauth_destination"},
            [],
            id="put off",
        ),
        pytest.param(
            {"smtpd_recipient_restrictions": "permit_mynetworks"},
            [],
            id="recipients leave relaying to the other list",
        ),
        pytest.param(
            {"smtpd_recipient_restrictions": "permit"}, [], id="recipients, beside the default"
        ),
        pytest.param(
            {"smtpd_relay_restrictions": "permit", "smtpd_recipient_restrictions": "reject"},
            [],
            id="recipients refuse",
        ),
        pytest.param(
            {
                "smtpd_relay_restrictions": "permit",
                "smtpd_recipient_restrictions": "permit_mynetworks, permit",
            },
            ["PFX001"],
            id="neither list refuses",
        ),
        pytest.param(
            {
                "smtpd_relay_restrictions": "check_recipient_access static:OK, reject",
            },
            ["PFX001"],
            id="a table that permits everything",
        ),
        pytest.param(
            {
                "smtpd_relay_restrictions": "check_client_access regexp:{{/./ OK}}, reject",
            },
            ["PFX001"],
            id="a pattern that matches everything",
        ),
        pytest.param(
            {
                "smtpd_relay_restrictions": "check_client_access inline:{192.0.2.7=OK}, reject",
            },
            [],
            id="a table that permits something",
        ),
        pytest.param(
            {"smtpd_relay_restrictions": "$ours", "ours": "permit_mynetworks, reject"},
            [],
            id="a parameter that refuses",
        ),
        pytest.param({"mynetworks": "static:all"}, ["PFX002"], id="a table of everybody"),
        pytest.param({"mynetworks": "$ours", "ours": "0.0.0.0/0"}, ["PFX002"], id="by reference"),
        pytest.param(
            {"mynetworks": "cidr:{{192.0.2.25 OK}, {172.16.0.0/12 OK}}"}, ["PFX002"], id="in place"
        ),
        pytest.param({"mynetworks": "inline:{192.0.2.25=OK}"}, [], id="one of ours, in place"),
        pytest.param({"mynetworks": "127.0.0.0/8 [::1]/128"}, [], id="this machine"),
        pytest.param({"mynetworks": "192.0.2.25/32, [2001:db8::2]/128"}, [], id="our hosts"),
        pytest.param({"mynetworks": "192.0.2.0/24"}, ["PFX002"], id="our neighbours"),
        pytest.param({"mynetworks": "10.0.0.0/8 [::]/0"}, ["PFX002", "PFX002"], id="everybody"),
        pytest.param({"mynetworks": "cidr:/etc/postfix/own"}, [], id="a table"),
        pytest.param({"smtpd_forbid_bare_newline": "reject"}, [], id="newlines refused"),
        pytest.param({"smtpd_forbid_bare_newline": "no"}, ["PFX007"], id="newlines taken"),
        pytest.param({"smtpd_forbid_bare_newline": ""}, ["PFX007"], id="newlines taken before 3.9"),
        pytest.param(
            {"virtual_mailbox_domains": "example.org"}, ["PFX020"], id="mailboxes unknown"
        ),
        pytest.param({"relay_domains": "example.org"}, ["PFX020"], id="relay recipients unknown"),
        pytest.param({"mydestination": "localhost"}, [], id="local, and nobody's mail domain"),
        pytest.param({"mydestination": "localhost, example.org"}, ["MX008"], id="of two classes"),
        pytest.param(
            {"relay_domains": "example.org", "relay_recipient_maps": "texthash:/etc/r"},
            [],
            id="relay recipients known",
        ),
    ],
)
def test_who_may_send_to_whom(parameters: dict[str, str], found: list[str]) -> None:
    assert in_main(**parameters) == found


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        pytest.param({"smtp_tls_security_level": ""}, ["PFX008"], id="in clear"),
        pytest.param({"smtp_tls_security_level": "encrypt"}, ["PFX009"], id="demanded of all"),
        pytest.param(
            {"smtp_tls_security_level": "secure", "relayhost": "[out.example.org]:25"},
            [],
            id="demanded of the relay",
        ),
        pytest.param({"smtpd_tls_security_level": "may"}, [], id="offered"),
        pytest.param({"smtpd_tls_security_level": "encrypt"}, ["PFX010"], id="demanded on 25"),
        pytest.param({"smtp_tls_security_level": "dane"}, ["PFX011"], id="DANE, no DNSSEC"),
        pytest.param(
            {"smtp_tls_security_level": "dane", "smtp_dns_support_level": "dnssec"},
            [],
            id="DANE",
        ),
        pytest.param({"smtpd_tls_protocols": ">=TLSv1.2"}, [], id="TLS 1.2"),
        pytest.param({"smtpd_tls_protocols": "!SSLv3, !TLSv1, !TLSv1.1"}, [], id="old ones out"),
        pytest.param({"smtpd_tls_protocols": ">=TLSv1"}, ["TLS003"], id="TLS 1.0"),
        pytest.param({"smtpd_tls_mandatory_protocols": "TLSv1.1"}, ["TLS003"], id="TLS 1.1"),
        pytest.param({"tls_high_cipherlist": "ECDHE+AESGCM:!aNULL:!MD5"}, [], id="weak ones out"),
        pytest.param({"tls_high_cipherlist": "HIGH:RC4:eNULL"}, ["TLS010"], id="weak ciphers"),
        pytest.param({"smtpd_tls_dh1024_param_file": "/etc/dh.pem"}, ["TLS011"], id="DH file"),
        pytest.param({"tls_eecdh_auto_curves": "X25519"}, [], id="groups"),
        pytest.param({"tls_eecdh_auto_curves": "X25519MLKEM768 X25519"}, ["TLS012"], id="large"),
        pytest.param({"smtp_tls_chain_files": "/etc/k, /etc/c"}, ["TLS018"], id="client chain"),
        pytest.param({"smtp_tls_cert_file": "/etc/c"}, ["TLS018"], id="client certificate"),
    ],
)
def test_encryption(parameters: dict[str, str], found: list[str]) -> None:
    assert in_main(**parameters) == found


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        pytest.param({"message_size_limit": "50 # megabytes"}, ["PFX012"], id="comment in value"),
        pytest.param({"smtpd_banner": "$myhostname#1"}, [], id="no comment without a blank"),
        pytest.param(
            {"virtual_mailbox_limit": "10", "message_size_limit": "20"},
            ["PFX015"],
            id="smaller than a message",
        ),
        pytest.param({"mailbox_size_limit": "0", "message_size_limit": "20"}, [], id="no limit"),
        pytest.param({"smtp_address_preference": "ipv6"}, ["PFX016"], id="one family"),
        pytest.param({"smtp_address_preference": "any"}, [], id="both families"),
        pytest.param({"smtpd_milters": "unix:/run/x.sock"}, ["PFX017", "PFX018"], id="outside"),
        pytest.param({"virtual_transport": "lmtp:unix:private/lmtp"}, [], id="inside"),
        pytest.param({"smtpd_milters": "inet:127.0.0.1:8891"}, ["PFX018"], id="action unsaid"),
        pytest.param(
            {"smtpd_milters": "inet:127.0.0.1:8891", "milter_default_action": "tempfail"},
            [],
            id="action said",
        ),
    ],
)
def test_traps(parameters: dict[str, str], found: list[str]) -> None:
    assert in_main(**parameters) == found


@pytest.mark.parametrize(
    ("target", "parameters", "found"),
    [
        pytest.param("debian-12", {"no_such_parameter": "1"}, ["PFX003"], id="unknown"),
        pytest.param(
            "debian-12",
            {"own_list": "reject", "smtpd_client_restrictions": "$own_list"},
            [],
            id="one's own, used",
        ),
        pytest.param("debian-12", {"smtp_tlsrpt_enable": "yes"}, ["PFX003"], id="too new"),
        pytest.param("debian-13", {"smtp_tlsrpt_enable": "yes"}, [], id="new enough"),
        pytest.param(
            "debian-forky", {"tls_legacy_public_key_fingerprints": "no"}, ["PFX003"], id="gone"
        ),
        pytest.param(
            "debian-12", {"store_destination_recipient_limit": "1"}, [], id="a transport's"
        ),
        pytest.param("debian-12", {"smtpd_use_tls": "yes"}, [], id="not yet deprecated"),
        pytest.param("debian-13", {"smtpd_use_tls": "yes"}, ["PFX004"], id="deprecated"),
        pytest.param("debian-13", {"transport_maps": "hash:/etc/t"}, [], id="Berkeley DB"),
        pytest.param("debian-forky", {"transport_maps": "hash:/etc/t"}, ["PFX005"], id="no more"),
        pytest.param("debian-forky", {"transport_maps": "texthash:/etc/t"}, [], id="texthash"),
        pytest.param("debian-12", {"compatibility_level": ""}, ["PFX006"], id="no level"),
        pytest.param("debian-12", {"compatibility_level": "3.10"}, ["PFX006"], id="level too high"),
        pytest.param("debian-13", {"compatibility_level": "3.10"}, [], id="the target's own"),
        pytest.param("debian-13", {"smtpd_forbid_bare_newline": ""}, [], id="mended since 3.9"),
        pytest.param("debian-forky", {"smtp_tls_security_level": ""}, [], id="TLS since 3.11"),
        pytest.param("debian-13", {"smtpd_hide_client_session": "yes"}, ["PFX014"], id="hidden"),
    ],
)
def test_versions(target: str, parameters: dict[str, str], found: list[str]) -> None:
    assert in_main(target, **parameters) == found


def test_a_file_that_is_no_main_cf_is_one_finding() -> None:
    (finding,) = reviewer().main_cf("smtpd_helo_required yes\nno_such_parameter = 1\n")
    assert finding.rule.code == "PFX021"
    assert finding.message == (
        "main.cf: line 1: found 'smtpd_helo_required yes'; expected NAME = VALUE"
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param(
            "smtpd_use_tls",
            "smtpd_use_tls is deprecated in Postfix 3.10.13, in favour of smtpd_tls_security_level",
            id="something better",
        ),
        pytest.param(
            "smtpd_tls_eecdh_grade",
            "smtpd_tls_eecdh_grade is deprecated in Postfix 3.10.13",
            id="nothing",
        ),
    ],
)
def test_a_finding_says_what_is_better(name: str, message: str) -> None:
    found = reviewer("debian-13").main_cf(f"{name} = yes\n{as_lines(SOUND)}")
    assert [finding.message for finding in found] == [message]


def test_a_finding_says_which_release_has_a_parameter() -> None:
    (found,) = reviewer("debian-12").main_cf(f"smtp_tlsrpt_enable = yes\n{as_lines(SOUND)}")
    assert found.message == (
        "Postfix 3.7.11 has no parameter smtp_tlsrpt_enable; it exists in 3.10"
    )


def test_a_finding_names_the_file_the_host_and_the_service() -> None:
    (main,) = reviewer().main_cf("mynetworks = 10.0.0.0/8\n" + as_lines(SOUND))
    (master,) = reviewer().master_cf("587 inet n - y - - smtpd -o smtpd_sasl_auth_enable=yes")
    assert main.subject == "main.cf of mail.example.org"
    assert master.subject == "master.cf of mail.example.org, 587"
    assert main.where == master.where == ("hosts", "mail")


@pytest.mark.parametrize(
    ("additions", "found"),
    [
        pytest.param({"main_cf": {"smtp_address_preference": "ipv6"}}, ["PFX016"], id="main.cf"),
        pytest.param(
            {"master_cf": ["587 inet n - y - - smtpd -o smtpd_sasl_auth_enable=yes"]},
            ["PFX013"],
            id="master.cf",
        ),
    ],
)
def test_what_the_operator_adds_is_reviewed_too(additions: Any, found: list[str]) -> None:
    assert rendered(options("postfix", **additions)).codes("PFX") == found
