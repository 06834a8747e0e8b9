"""The operator's own parameters that take a protection away are errors, at their line."""

import pytest

from tests.plugins.rendering import options, rendered

OFF = {
    "receive_override_options": "no_milters",
    "allow_untrusted_routing": "yes",
    "milter_default_action": "accept",
    "smtpd_tls_auth_only": "no",
    "local_login_sender_maps": "static:*",
    "smtpd_authorized_xclient_hosts": "0.0.0.0/0",
    "smtpd_authorized_xforward_hosts": "$mynetworks, 192.0.2.0/24",
    "relay_domains": "com, net",
    "smtpd_milters": "",
    "non_smtpd_milters": "",
    "smtpd_milter_maps": "cidr:/etc/postfix/milters",
}
ON = {
    "receive_override_options": "no_address_mappings",
    "allow_untrusted_routing": "no",
    "milter_default_action": "tempfail",
    "smtpd_authorized_xclient_hosts": "127.0.0.1, [::1]",
    "relay_domains": "other.example",
    "smtpd_milters": "inet:127.0.0.1:8999",
}


@pytest.mark.parametrize("name", OFF)
def test_what_takes_a_protection_away_is_an_error(name: str) -> None:
    site = rendered(options("postfix", main_cf={name: OFF[name]}))
    found = [one for one in site.build.findings if one.rule.code == "PFX028"]
    assert found
    assert all(one.where[-2:] == ("main_cf", name) for one in found)


@pytest.mark.parametrize("name", ON)
def test_other_values_are_none(name: str) -> None:
    site = rendered(options("postfix", main_cf={name: ON[name]}))
    assert [one for one in site.build.findings if one.rule.code == "PFX028"] == []


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("2525 inet n - y - - smtpd -o mynetworks=0.0.0.0/0", {"PFX002"}),
        ("2525 inet n - y - - smtpd -o smtpd_milters=", {"PFX028"}),
        ("2525 inet n - y - - smtpd -o smtpd_relay_restrictions=permit -o smtpd_recipient_restrictions=", {"PFX001"}),
        ("2525 inet n - y - - smtpd -o x=static:OK -o { smtpd_relay_restrictions = check_client_access $x } -o smtpd_recipient_restrictions=", {"PFX001"}),
        ("2525 inet n - y - - smtpd -o receive_override_options=no_milters", {"PFX028"}),
        ("127.0.0.1:2525 inet n - y - - smtpd -o receive_override_options=no_milters -o smtpd_milters=", set()),
        ("[::1]:2525 inet n - y - - smtpd -o mynetworks=127.0.0.0/8", set()),
        ("127.0.0.1:2525 inet n - y - - smtpd -o mynetworks=10.0.0.0/8", {"PFX002"}),
        ("2525 inet n - y - - smtpd -o smtpd_relay_restrictions=permit_sasl_authenticated,reject", set()),
        ("2525 inet n - y - - smtpd", set()),
    ],
)  # fmt: skip
def test_a_service_of_the_operator_is_read_together_with_main_cf(
    line: str, codes: set[str]
) -> None:
    site = rendered(options("postfix", master_cf=[line]))
    found = {
        f.rule.code for f in site.build.findings if f.rule.code in ("PFX001", "PFX002", "PFX028")
    }
    assert found == codes
    places = {f.where for f in site.build.findings if f.rule.code in codes}
    assert places <= {("plugins", "postfix", "master_cf")}


def test_what_is_rendered_has_them_all() -> None:
    assert [one for one in rendered().build.findings if one.rule.code == "PFX028"] == []
