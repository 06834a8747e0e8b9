"""What each role makes of Postfix: who listens, who is trusted, where mail goes."""

from typing import Any

import pytest

from mailconf.formats.postfix import MasterCf
from tests.plugins.rendering import FLEET, Site, rendered

SITE = rendered(base=FLEET)
LOOPBACK = "127.0.0.0/8 [::1]/128"
OUT = "[out.example.org]:25"
TABLES = "texthash:/etc/postfix/"
TO_STORES = {
    "virtual_mailbox_domains": f"{TABLES}virtual_mailbox_domains",
    "virtual_mailbox_maps": f"{TABLES}virtual_mailboxes",
}
BESIDE = {"virtual_transport": "lmtp:unix:private/dovecot-lmtp"}
AWAY = {"virtual_transport": "store:inet:[store.example.org]:24"}
SEVERAL = {"transport_maps": f"{TABLES}transport"}
TO_MX = {
    "relay_domains": f"{TABLES}relay_domains",
    "relay_recipient_maps": f"{TABLES}relay_recipients",
    "transport_maps": f"{TABLES}transport",
}
TO_NOBODY: dict[str, str] = {}
WAYS = {**TO_STORES, **BESIDE, **SEVERAL, **TO_MX}


def doors(master: MasterCf) -> list[str]:
    """Return the services that the network can connect to."""
    inet = [daemon.name for daemon in master.daemons if daemon.type == "inet"]
    return [name for name in inet if not name.startswith("127.0.0.1:")]


def ways(site: Site, host: str) -> dict[str, str]:
    return {name: value for name, value in site.main(host).items() if name in WAYS}


def alone(*roles: str) -> Site:
    """Return a site with one host of these roles, and a store where it is none."""
    hosts: dict[str, Any] = {"mail": {"roles": list(roles)}}
    if "mailstore" not in roles:
        hosts["store"] = {
            "hostname": "store.example.org",
            "addresses": ["192.0.2.26"],
            "roles": ["mailstore"],
        }
    return rendered({"hosts": hosts})


@pytest.mark.parametrize(
    ("host", "services", "interfaces"),
    [
        pytest.param("mx1", ["smtp"], "all", id="mx"),
        pytest.param("sub", ["submissions", "submission"], "all", id="submission"),
        pytest.param("st1", [], "loopback-only", id="mailstore"),
        pytest.param("out", ["smtp"], "all", id="relay"),
        pytest.param("bak", ["smtp"], "all", id="backup-mx"),
        pytest.param("app", ["smtp"], "loopback-only", id="send-only"),
    ],
)
def test_only_what_a_role_needs_listens(host: str, services: list[str], interfaces: str) -> None:
    assert doors(SITE.master(host)) == services
    assert SITE.main(host)["inet_interfaces"] == interfaces


def test_a_web_host_handles_no_mail() -> None:
    assert SITE.files("etc/postfix", "www") == set()


@pytest.mark.parametrize("host", ["mx1", "sub", "st1", "st2", "bak", "app"])
def test_only_the_machine_itself_sends_without_a_login(host: str) -> None:
    assert SITE.main(host)["mynetworks"] == LOOPBACK


def test_a_relay_trusts_every_host_of_ours_that_handles_mail() -> None:
    assert SITE.main("out")["mynetworks"].split() == [
        *LOOPBACK.split(),
        "192.0.2.1/32",
        "[2001:db8::1]/128",
        "192.0.2.2/32",
        "192.0.2.3/32",
        "[2001:db8::3]/128",
        "192.0.2.4/32",
        "192.0.2.6/32",
        "192.0.2.7/32",
    ]


def test_a_backup_relays_to_the_domains_themselves_and_to_no_names_below() -> None:
    below = SITE.main("bak")["parent_domain_matches_subdomains"].split(", ")
    assert "relay_domains" not in below
    assert "smtpd_access_maps" in below


@pytest.mark.parametrize("host", ["mx1", "sub", "st1", "bak", "app"])
def test_mail_for_the_internet_leaves_through_the_relay(host: str) -> None:
    assert SITE.main(host)["relayhost"] == OUT
    maps = SITE.main(host)["smtp_tls_policy_maps"]
    assert maps.split(", ")[0] == "texthash:/etc/postfix/tls_policy"
    assert SITE.table("tls_policy", host) == {OUT: "secure match=out.example.org"}


def test_the_relay_itself_delivers() -> None:
    assert "relayhost" not in SITE.main("out")
    assert "tls_policy" not in SITE.files("etc/postfix", "out")


def test_without_a_relay_every_host_delivers() -> None:
    hosts = {key: host for key, host in FLEET["hosts"].items() if key != "out"}
    site = rendered(base={**FLEET, "hosts": hosts})
    assert [key for key in hosts if key != "www" and "relayhost" in site.main(key)] == []


def test_mail_leaves_through_any_of_several_relays() -> None:
    second = {"hostname": "out2.example.org", "addresses": ["192.0.2.15"], "roles": ["relay"]}
    site = rendered({"hosts": {"out2": second}}, FLEET)
    assert site.main("mx1")["relayhost"] == f"{OUT}, [out2.example.org]:25"
    assert set(site.table("tls_policy", "mx1")) == {OUT, "[out2.example.org]:25"}
    assert "192.0.2.15/32" not in site.main("out")["mynetworks"].split()


@pytest.mark.parametrize(
    ("host", "found"),
    [
        pytest.param("mx1", TO_STORES | SEVERAL, id="mx"),
        pytest.param("sub", TO_STORES | SEVERAL, id="submission"),
        pytest.param("bak", TO_MX, id="backup-mx"),
        pytest.param("st1", TO_NOBODY, id="mailstore"),
        pytest.param("out", TO_NOBODY, id="relay"),
        pytest.param("app", TO_NOBODY, id="send-only"),
    ],
)
def test_mail_goes_the_way_of_the_role(host: str, found: dict[str, str]) -> None:
    assert ways(SITE, host) == found


@pytest.mark.parametrize(
    ("roles", "services", "found"),
    [
        pytest.param(
            ["mx", "submission", "mailstore", "web"],
            ["smtp", "submissions", "submission"],
            TO_STORES | BESIDE,
            id="everything",
        ),
        pytest.param(["mx", "mailstore"], ["smtp"], TO_STORES | BESIDE, id="mx and store"),
        pytest.param(
            ["mx", "submission"],
            ["smtp", "submissions", "submission"],
            TO_STORES | AWAY,
            id="mx and submission",
        ),
        pytest.param(
            ["mx", "submission", "mailstore", "relay"],
            ["smtp", "submissions", "submission"],
            TO_STORES | BESIDE,
            id="everything and relay",
        ),
        pytest.param(
            ["submission", "mailstore", "relay"],
            ["smtp", "submissions", "submission"],
            TO_STORES | BESIDE,
            id="submission, store and relay",
        ),
        pytest.param(["backup-mx", "relay"], ["smtp"], TO_MX, id="backup and relay"),
        pytest.param(["mailstore", "relay"], ["smtp"], TO_NOBODY, id="store and relay"),
        pytest.param(["send-only", "web"], ["smtp"], TO_NOBODY, id="send-only and web"),
    ],
)
def test_roles_add_up(roles: list[str], services: list[str], found: dict[str, str]) -> None:
    site = alone(*roles)
    assert doors(site.master()) == services
    assert ways(site, "mail") == found


@pytest.mark.parametrize("host", ["mx1", "sub", "st1", "out", "bak", "app"])
def test_every_host_has_aliases(host: str) -> None:
    assert SITE.main(host)["virtual_alias_maps"] == f"{TABLES}virtual_aliases"


def test_a_relay_believes_the_recipients_of_our_own_hosts() -> None:
    first = {
        host: SITE.main(host)["smtpd_recipient_restrictions"].split(", ")[0]
        for host in ("mx1", "out")
    }
    assert first == {"mx1": "reject_unlisted_recipient", "out": "permit_mynetworks"}


@pytest.mark.parametrize("host", ["mx1", "sub", "st1", "out", "bak", "app"])
def test_nobody_relays_through_us(host: str) -> None:
    relaying = SITE.main(host)["smtpd_relay_restrictions"]
    own = "check_recipient_access regexp:/etc/postfix/own_names"
    assert relaying == f"permit_mynetworks, {own}, reject_unauth_destination"
    verdicts = {
        line.split()[1] for line in SITE.text("etc/postfix/own_names", host).splitlines()[3:]
    }
    assert verdicts == {"DUNNO", "550"}


@pytest.mark.parametrize("host", ["mx1", "sub", "st1", "out", "bak", "app"])
def test_nothing_is_delivered_to_system_users(host: str) -> None:
    main = SITE.main(host)
    names = ("mydestination", "alias_maps", "alias_database")
    assert {name: main[name] for name in names} == dict.fromkeys(names, "")
    assert main["local_transport"].startswith("error:5.1.1 ")


@pytest.mark.parametrize("host", ["mx1", "sub", "out", "bak"])
def test_whoever_is_connected_to_shows_a_certificate(host: str) -> None:
    live = f"/etc/letsencrypt/live/{host}.example.org"
    assert SITE.main(host)["smtpd_tls_chain_files"] == f"{live}/privkey.pem, {live}/fullchain.pem"


@pytest.mark.parametrize("host", ["st1", "app"])
def test_who_is_not_connected_to_needs_no_certificate(host: str) -> None:
    assert [name for name in SITE.main(host) if name.startswith("smtpd_tls")] == []


@pytest.mark.parametrize("host", ["mx1", "st1", "out", "bak", "app"])
def test_only_submission_asks_for_logins(host: str) -> None:
    assert [name for name in SITE.main(host) if name.startswith("smtpd_sasl")] == [
        "smtpd_sasl_auth_enable"
    ]
    assert SITE.main(host)["smtpd_sasl_auth_enable"] == "no"


def test_submission_asks_dovecot_and_the_table_of_senders() -> None:
    main = SITE.main("sub")
    assert (main["smtpd_sasl_type"], main["smtpd_sasl_path"]) == ("dovecot", "private/auth")
    assert main["smtpd_sender_login_maps"] == "texthash:/etc/postfix/sender_logins"
    assert main["smtpd_sasl_security_options"] == "noanonymous"
    assert main["smtpd_sasl_auth_enable"] == "no"


def test_a_backup_keeps_mail_for_long_outages() -> None:
    assert SITE.main("bak")["maximal_queue_lifetime"] == f"{20 * 86400}s"
    assert SITE.main("mx1")["maximal_queue_lifetime"] == f"{5 * 86400}s"


def test_a_backup_knows_the_recipients() -> None:
    assert SITE.table("relay_domains", "bak") == {"example.org": "OK", "example.net": "OK"}
    assert set(SITE.table("relay_recipients", "bak")) == {
        "alice@example.org",
        "postmaster@example.org",
        "abuse@example.org",
        "carol@example.net",
        "postmaster@example.net",
        "abuse@example.net",
    }


def test_a_backup_accepts_everything_for_a_domain_with_a_catch_all() -> None:
    site = rendered({"domains": {"example.net": {"catch_all": "carol"}}}, FLEET)
    caught = {key for key in site.table("relay_recipients", "bak") if key.startswith("@")}
    assert caught == {"@example.net"}


def test_a_backup_follows_the_mx_records_and_not_the_relay() -> None:
    site = rendered(base=FLEET)
    assert site.table("transport", "bak") == {"example.org": "relay:", "example.net": "relay:"}


def test_a_relay_without_hosts_behind_it_is_open_to_nobody() -> None:
    out = {"hostname": "out.example.org", "addresses": ["192.0.2.9"], "roles": ["relay"]}
    hosts = {"mail": {"roles": ["web"]}, "out": out}
    text = rendered({"hosts": hosts}).text("etc/nftables.conf", "out")
    assert "tcp dport { 22, 80 } accept" in text
    assert "25" not in text.split("chain input")[1].split("chain output")[0].replace("255", "")
