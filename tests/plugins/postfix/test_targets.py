"""The same spec on every release: each Postfix gets its own words."""

from typing import Any

import pytest

from mailconf.engine.merge import overlay
from mailconf.formats.postfix import MainCf, MasterCf
from tests.plugins.rendering import fleet_on, on_target, options, rendered, settings

DEBIAN = ["debian-11", "debian-12", "debian-13", "debian-forky"]
NAMED = ">=TLSv1.2"
EXCLUDED = "!SSLv2, !SSLv3, !TLSv1, !TLSv1.1"
TLS_VERSIONS = [
    f"{side}_tls_{kind}"
    for side in ("smtp", "smtpd")
    for kind in ("protocols", "mandatory_protocols")
]
RATES = {"connection_rate": 60, "message_rate": 60, "recipient_rate": 60, "auth_rate": 10}
# What is off or empty until somebody asks for it.
EVERYTHING = options(
    "postfix",
    postscreen={},
    limits=RATES,
    submission_limits=RATES,
    tls_policy={"example.com": "encrypt"},
    trust_bare_newlines_from=["192.0.2.64/28"],
    main_cf={"delay_warning_time": "4h"},
    master_cf=["10025 inet n - y - - smtpd"],
)
THROUGH_A_PROVIDER = {
    "domains": {
        "example.net": {
            "smarthost": {
                "host": "smtp.provider.example",
                "username": "us",
                "password": "ref+env://PROVIDER",
            }
        }
    }
}


@pytest.mark.parametrize(
    ("target", "protocols"),
    [
        pytest.param("debian-11", EXCLUDED, id="3.5 knows no comparison"),
        pytest.param("ubuntu-22.04", NAMED, id="3.6 is the first that does"),
        pytest.param("debian-12", NAMED, id="3.7"),
        pytest.param("debian-13", NAMED, id="3.10"),
        pytest.param("debian-forky", NAMED, id="3.11"),
    ],
)
def test_tls_1_2_is_the_oldest(target: str, protocols: str) -> None:
    main = rendered(on_target(target)).main()
    assert {name: main[name] for name in TLS_VERSIONS} == dict.fromkeys(TLS_VERSIONS, protocols)


@pytest.mark.parametrize(
    ("target", "level"),
    [
        pytest.param("debian-11", "2", id="levels were whole numbers"),
        pytest.param("ubuntu-22.04", "3.6", id="3.6"),
        pytest.param("debian-12", "3.7", id="3.7"),
        pytest.param("debian-13", "3.10", id="3.10"),
        pytest.param("debian-forky", "3.11", id="3.11"),
        pytest.param({"postfix": "3.9.4", "dovecot": "2.3"}, "3.9", id="without the patch level"),
    ],
)
def test_the_compatibility_level_is_the_release(target: Any, level: str) -> None:
    assert rendered(on_target(target)).main()["compatibility_level"] == level


@pytest.mark.parametrize(
    ("target", "chroot"),
    [
        pytest.param("debian-11", "y", id="debian-11"),
        pytest.param("debian-12", "y", id="debian-12"),
        pytest.param("debian-13", "y", id="debian-13"),
        pytest.param("debian-forky", "n", id="debian-forky keeps no chroot up to date"),
    ],
)
def test_services_run_in_the_chroot_of_the_package(target: str, chroot: str) -> None:
    site = fleet_on(target)
    inside = ["smtp", "cleanup", "lmtp", "store"]
    assert {name: site.daemon(name, "mx1").chroot for name in inside} == dict.fromkeys(
        inside, chroot
    )
    assert site.daemon("submissions", "sub").chroot == chroot


@pytest.mark.parametrize("target", DEBIAN)
def test_what_needs_the_whole_machine_never_runs_in_a_chroot(target: str) -> None:
    site = rendered(on_target(target))
    outside = ["qmgr", "proxymap", "local", "virtual", "postlog"]
    assert {site.daemon(name).chroot for name in outside} == {"n"}


@pytest.mark.parametrize(
    ("target", "hidden"),
    [
        pytest.param("debian-11", None, id="3.5"),
        pytest.param("debian-12", None, id="3.7"),
        pytest.param("debian-13", "yes", id="3.10 is the first"),
        pytest.param("debian-forky", "yes", id="3.11"),
    ],
)
def test_postfix_hides_sessions_of_users_where_it_can(target: str, hidden: str | None) -> None:
    site = rendered(on_target(target))
    found = [settings(site.daemon(name)) for name in ("submissions", "submission")]
    assert [values.get("smtpd_hide_client_session") for values in found] == [hidden, hidden]
    assert "smtpd_hide_client_session" not in site.main()


@pytest.mark.parametrize("target", [*DEBIAN, "ubuntu-24.04"])
def test_bare_newlines_are_mended(target: str) -> None:
    main = rendered(on_target(target)).main()
    assert main["smtpd_forbid_bare_newline"] == "normalize"
    assert main["smtpd_forbid_bare_newline_exclusions"] == "$mynetworks"
    assert main["smtpd_forbid_unauth_pipelining"] == "yes"


def test_a_postfix_that_cannot_mend_them_is_reported() -> None:
    site = rendered(on_target({"postfix": "3.8.3", "dovecot": "2.3"}))
    assert [name for name in site.main() if "bare_newline" in name] == []
    assert site.codes("PFX", "TLS", "DVC") == ["PFX007"]


@pytest.mark.parametrize("target", DEBIAN)
def test_nothing_rendered_is_found_wrong(target: str) -> None:
    assert fleet_on(target, THROUGH_A_PROVIDER).codes("PFX", "TLS", "DVC") == []
    assert rendered(overlay(EVERYTHING, on_target(target))).codes("PFX", "TLS", "DVC") == []


@pytest.mark.parametrize("target", DEBIAN)
def test_what_is_written_reads_back_as_meant(target: str) -> None:
    site = rendered(overlay(EVERYTHING, on_target(target)))
    main, master = site.file("etc/postfix/main.cf"), site.file("etc/postfix/master.cf")
    assert MainCf.parse(main.text).values == main.order.data.values
    written = [(d.name, d.type, d.command, d.settings) for d in master.order.data.daemons]
    read = [(d.name, d.type, d.command, d.settings) for d in MasterCf.parse(master.text).daemons]
    assert read == written


@pytest.mark.parametrize(
    ("postfix", "value"),
    [
        pytest.param("3.7.9", "yes", id="first backport"),
        pytest.param("3.7.10", "normalize", id="second backport"),
        pytest.param("3.9.0", "normalize", id="from the start"),
    ],
)
def test_bare_newlines_are_forbidden_in_the_words_of_the_patch_level(
    postfix: str, value: str
) -> None:
    site = rendered(on_target({"postfix": postfix, "dovecot": "2.3.19"}))
    assert site.main()["smtpd_forbid_bare_newline"] == value
    assert site.codes("PFX") == []


@pytest.mark.parametrize("target", ["ubuntu-22.04", "ubuntu-24.04"])
def test_ubuntu_needs_no_excuse(target: str) -> None:
    assert rendered(on_target(target)).codes("PFX", "DVC") == []


def test_a_socket_may_lie_anywhere_where_there_is_no_chroot() -> None:
    own = options("postfix", main_cf={"default_transport": "lmtp:unix:/run/other/lmtp"})
    assert "PFX017" in rendered(overlay(own, on_target("debian-13"))).codes("PFX")
    assert "PFX017" not in rendered(overlay(own, on_target("debian-forky"))).codes("PFX")


def test_a_parameter_of_the_operator_s_own_may_be_used_in_either_file() -> None:
    own = options(
        "postfix",
        main_cf={"mua_list": "permit_mynetworks"},
        master_cf=["10025 inet n - y - - smtpd -o smtpd_client_restrictions=${mua_list},reject"],
    )
    assert rendered(own).codes("PFX") == []


def test_what_replaces_a_wish_of_another_plugin_is_told() -> None:
    own = options("postfix", main_cf={"virtual_transport": "lmtp:unix:private/other"})
    assert rendered(own).codes("PFX022") == ["PFX022"]
