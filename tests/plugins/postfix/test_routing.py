"""Where mail goes: to stores, through providers, and how strict TLS is on the way."""

from typing import Any

import pytest

from mailconf.model.artifact import Certificate
from mailconf.model.secret import marked
from tests.plugins.rendering import FLEET, Site, options, rendered, settings

PROVIDER: dict[str, Any] = {
    "host": "smtp.provider.example",
    "username": "customer@provider.example",
    "password": "ref+env://PROVIDER",
}
UNLESS_DOWN = (
    "check_policy_service {{ inet:{}:12340, default_action=DUNNO, try_limit=1, timeout=5s }}"
)
NEXT_HOP = "[smtp.provider.example]:587"


def through(**smarthost: Any) -> Site:
    return rendered({"domains": {"example.org": {"smarthost": smarthost}}})


def with_stores(*keys: str) -> Site:
    """Return the fleet with these stores; every other domain lies on the first."""
    hosts = {k: h for k, h in FLEET["hosts"].items() if k in keys or not k.startswith("st")}
    domains = {
        name: {**domain, "store": domain["store"] if domain.get("store") in keys else keys[0]}
        for name, domain in FLEET["domains"].items()
    }
    return rendered(base={"version": 1, "hosts": hosts, "domains": domains})


def test_the_store_beside_postfix_has_a_socket_in_its_chroot() -> None:
    site = rendered()
    assert site.main()["virtual_transport"] == "lmtp:unix:private/dovecot-lmtp"
    assert "transport_maps" not in site.main()
    assert site.master().service("store") is None


def test_one_remote_store_is_the_transport_of_every_domain() -> None:
    site = with_stores("st1")
    assert site.main("mx1")["virtual_transport"] == "store:inet:[st1.example.org]:24"
    assert "transport_maps" not in site.main("mx1")
    assert "transport" not in site.files("etc/postfix", "mx1")


@pytest.mark.parametrize("edge", ["mx1", "sub"])
def test_several_stores_have_a_table(edge: str) -> None:
    site = rendered(base=FLEET)
    assert site.main(edge)["transport_maps"] == "texthash:/etc/postfix/transport"
    assert "virtual_transport" not in site.main(edge)
    assert site.table("transport", edge) == {
        "example.org": "store:inet:[st1.example.org]:24",
        "example.net": "store:inet:[st2.example.org]:24",
    }


def test_an_edge_that_is_a_store_itself_keeps_its_own_mail() -> None:
    hosts = {"st1": {"roles": ["mx", "mailstore"]}}
    site = rendered({"hosts": hosts}, FLEET)
    assert site.table("transport", "st1") == {
        "example.org": "lmtp:unix:private/dovecot-lmtp",
        "example.net": "store:inet:[st2.example.org]:24",
    }


@pytest.mark.parametrize("edge", ["mx1", "sub"])
def test_mail_reaches_a_remote_store_inside_tls_by_its_name(edge: str) -> None:
    store = rendered(base=FLEET).daemon("store", edge)
    assert (store.type, store.command) == ("unix", "lmtp")
    assert settings(store) == {
        "lmtp_tls_wrappermode": "yes",
        "lmtp_tls_security_level": "secure",
        "lmtp_tls_secure_cert_match": "nexthop",
        "lmtp_tls_CAfile": "/etc/ssl/certs/ca-certificates.crt",
    }


def test_the_way_to_stores_stands_once_in_master_cf() -> None:
    names = [daemon.name for daemon in rendered(base=FLEET).master("mx1").daemons]
    assert names.count("store") == 1


@pytest.mark.parametrize("edge", ["mx1", "sub"])
def test_every_store_says_whether_there_is_room(edge: str) -> None:
    main = rendered(base=FLEET).main(edge)
    asked = main["smtpd_recipient_restrictions"].split(", ")
    assert asked[-1] == "check_recipient_access texthash:/etc/postfix/quota_asked"
    assert main["smtpd_restriction_classes"] == "ask_quota"
    stores = ("st1.example.org", "st2.example.org")
    assert main["ask_quota"] == ", ".join(UNLESS_DOWN.format(store) for store in stores)


def test_users_are_told_as_well_that_a_mailbox_is_full() -> None:
    submission = settings(rendered().daemon("submission"))
    asked = submission["smtpd_recipient_restrictions"].split(", ")
    assert asked[-1] == "check_recipient_access texthash:/etc/postfix/quota_asked"


@pytest.mark.parametrize(
    ("targets", "answer"),
    [
        pytest.param(["alice"], None, id="one mailbox"),
        pytest.param(["postmaster"], None, id="an alias of one mailbox"),
        pytest.param(["alice", "bob"], "DUNNO", id="a list"),
        pytest.param(["someone@elsewhere.example"], "DUNNO", id="elsewhere"),
    ],
)
def test_the_room_of_an_alias_is_that_of_its_only_mailbox(
    targets: list[str], answer: str | None
) -> None:
    mailboxes = {"bob": {"password": "ref+env://BOB"}}
    domain = {"mailboxes": mailboxes, "aliases": {"sales": targets}}
    asked = rendered({"domains": {"example.org": domain}}).table("quota_asked")
    assert asked["example.org"] == "ask_quota"
    assert asked.get("sales@example.org") == answer


def test_what_a_backup_has_accepted_is_not_refused_for_want_of_room() -> None:
    main = rendered(base=FLEET).main("mx1")
    *_, before, asked = main["smtpd_recipient_restrictions"].split(", ")
    assert before == "check_client_access texthash:/etc/postfix/backup_hosts"
    assert asked == "check_recipient_access texthash:/etc/postfix/quota_asked"
    assert rendered(base=FLEET).table("backup_hosts", "mx1") == {"192.0.2.6": "OK"}


EXPANSION = "virtual_alias_expansion_limit"


@pytest.mark.parametrize(
    ("aliases", "limit"),
    [
        pytest.param({"crowd": 999}, None, id="as many as Postfix expands anyway"),
        pytest.param({"crowd": 1500}, "1501", id="one large alias"),
        pytest.param({"crowd": 800, "other": 700}, "1503", id="two of them behind a third"),
    ],
)
def test_the_largest_alias_is_expanded(aliases: dict[str, int], limit: str | None) -> None:
    made = {name: [f"{name}{n}@elsewhere.example" for n in range(c)] for name, c in aliases.items()}
    if len(made) > 1:
        made["all"] = [*made, "someone@elsewhere.example", "another@elsewhere.example"]
    assert rendered({"domains": {"example.org": {"aliases": made}}}).main().get(EXPANSION) == limit


def test_a_large_catch_all_is_expanded() -> None:
    caught = {"catch_all": [f"c{number}@elsewhere.example" for number in range(1200)]}
    assert rendered({"domains": {"example.org": caught}}).main()[EXPANSION] == "1201"


def test_an_alias_that_no_server_should_expand_is_found() -> None:
    aliases = {"all": [f"a{number}@elsewhere.example" for number in range(10_001)]}
    site = rendered({"domains": {"example.org": {"aliases": aliases}}})
    assert site.codes("PFX027") == ["PFX027"]


def test_long_chains_of_aliases_are_followed() -> None:
    chain = {f"a{number}": f"a{number + 1}" for number in range(1000)} | {"a1000": "alice"}
    main = rendered({"domains": {"example.org": {"aliases": chain}}}).main()
    assert main["virtual_alias_recursion_limit"] == "1002"


def test_who_delivers_to_no_store_asks_none() -> None:
    main = rendered(base=FLEET).main("out")
    assert [name for name in main if name in ("ask_quota", "smtpd_restriction_classes")] == []


def test_mail_of_a_domain_leaves_through_its_provider() -> None:
    site = through(**PROVIDER)
    main = site.main()
    assert main["sender_dependent_relayhost_maps"] == "texthash:/etc/postfix/sender_relayhosts"
    assert site.table("sender_relayhosts") == {"@example.org": NEXT_HOP}
    assert site.table("tls_policy") == {NEXT_HOP: "secure match=smtp.provider.example"}
    assert "relayhost" not in main


def test_the_login_of_a_provider_is_never_sent_in_clear() -> None:
    main = through(**PROVIDER).main()
    assert main["smtp_sasl_password_maps"] == "texthash:/etc/postfix/sasl_passwords"
    assert main["smtp_sender_dependent_authentication"] == main["smtp_sasl_auth_enable"] == "yes"
    assert main["smtp_sasl_security_options"] == "noanonymous, noplaintext"
    assert main["smtp_sasl_tls_security_options"] == "noanonymous"


def test_the_login_of_a_provider_stays_a_reference() -> None:
    file = through(**PROVIDER).file("etc/postfix/sasl_passwords")
    secret = marked("ref+env://PROVIDER", "sasl-password")
    assert file.text.splitlines()[-1] == f"@example.org customer@provider.example:{secret}"
    assert (file.order.owner, file.order.group, file.order.mode) == ("root", "root", 0o600)
    assert file.is_secret


def test_only_the_file_with_logins_is_secret() -> None:
    site = through(**PROVIDER)
    secret = {
        name for name in site.files("etc/postfix") if site.file(f"etc/postfix/{name}").is_secret
    }
    assert secret == {"sasl_passwords"}


def test_a_provider_that_knows_us_by_address_asks_for_no_login() -> None:
    site = through(host="smtp.provider.example", port=25)
    assert site.table("sender_relayhosts") == {"@example.org": "[smtp.provider.example]:25"}
    assert [name for name in site.main() if name.startswith("smtp_sasl")] == []
    assert "sasl_passwords" not in site.files("etc/postfix")


def test_a_provider_on_port_465_hears_nothing_before_tls() -> None:
    site = through(**PROVIDER | {"port": 465})
    main, client = site.main(), site.daemon("smtps-client")
    hop = "[smtp.provider.example]:465"
    assert settings(client) == {
        "smtp_tls_wrappermode": "yes",
        "smtp_tls_security_level": "encrypt",
    }
    name = "sender_dependent_default_transport_maps"
    assert main[name] == "texthash:/etc/postfix/sender_transports"
    assert site.table("sender_transports") == {"@example.org": f"smtps-client:{hop}"}
    assert site.table("tls_policy") == {hop: "secure match=smtp.provider.example"}
    assert "sender_dependent_relayhost_maps" not in main


def test_every_domain_has_its_own_provider_and_login() -> None:
    other = {"host": "smtp.other.example", "port": 2525, "username": "o", "password": "ref+env://O"}
    domains = {
        "example.org": {"smarthost": PROVIDER},
        "news.example": {"mail": "send-only", "smarthost": other},
        "same.example": {"mail": "send-only", "smarthost": PROVIDER},
        "parked.example": {"mail": "none", "smarthost": PROVIDER},
    }
    site = rendered({"domains": domains})
    assert site.table("sender_relayhosts") == {
        "@example.org": NEXT_HOP,
        "@news.example": "[smtp.other.example]:2525",
        "@same.example": NEXT_HOP,
    }
    assert set(site.table("tls_policy")) == {NEXT_HOP, "[smtp.other.example]:2525"}
    assert (
        site.table("sasl_passwords")["@news.example"]
        == f"o:{marked('ref+env://O', 'sasl-password')}"
    )


def test_only_hosts_from_which_mail_leaves_know_the_login() -> None:
    site = rendered({"domains": {"example.org": {"smarthost": PROVIDER}}}, FLEET)
    hosts = [host for host in FLEET["hosts"] if "sasl_passwords" in site.files("etc/postfix", host)]
    assert hosts == ["out"]


def test_dane_is_used_where_it_is_published() -> None:
    main = rendered().main()
    assert main["smtp_tls_security_level"] == "dane"
    assert main["smtp_dns_support_level"] == "dnssec"


def test_certificates_of_others_are_held_against_public_authorities() -> None:
    assert rendered().main()["smtp_tls_CAfile"] == "/etc/ssl/certs/ca-certificates.crt"


def test_tls_is_logged_and_leaves_its_trace() -> None:
    main = rendered().main()
    assert main["smtpd_tls_received_header"] == "yes"
    assert main["smtpd_tls_loglevel"] == main["smtp_tls_loglevel"] == "1"


def test_clients_choose_ciphers_and_renegotiate_nothing() -> None:
    main = rendered().main()
    assert main["tls_preempt_cipherlist"] == "no"
    assert main["tls_ssl_options"] == "NO_RENEGOTIATION"


def test_the_operator_is_strict_towards_some() -> None:
    wanted = {
        "example.com": "encrypt",
        ".example.com": "dane-only",
        "[mx.example.net]:25": "secure",
    }
    site = rendered(options("postfix", tls_policy=wanted))
    assert site.table("tls_policy") == wanted
    maps = site.main()["smtp_tls_policy_maps"]
    assert maps.split(", ")[0] == "texthash:/etc/postfix/tls_policy"


def test_results_for_a_collector_where_postfix_has_them() -> None:
    asked = options("postfix", tlsrpt_socket="run/tlsrpt/tlsrpt.sock")
    main = rendered({**asked, "hosts": {"mail": {"target": "debian-13"}}}).main()
    assert main["smtp_tlsrpt_enable"] == "yes"
    assert main["smtp_tlsrpt_socket_name"] == "run/tlsrpt/tlsrpt.sock"
    assert [name for name in rendered(asked).main() if "tlsrpt" in name] == []


def test_old_clients_may_end_lines_wrongly() -> None:
    asked = options("postfix", trust_bare_newlines_from=["192.0.2.64/28", "2001:db8::/32"])
    excluded = rendered(asked).main()["smtpd_forbid_bare_newline_exclusions"]
    assert excluded == "$mynetworks, 192.0.2.64/28, [2001:db8::]/32"


def test_a_domain_brings_a_certificate_of_its_own() -> None:
    own = {"certificate": "/etc/ssl/own.pem", "private_key": "/etc/ssl/own.key"}
    site = rendered({"domains": {"example.org": {"client_host": "in.example.org", "tls": own}}})
    assert site.main()["tls_server_sni_maps"] == "texthash:/etc/postfix/sni"
    assert site.table("sni") == {"in.example.org": "/etc/ssl/own.key, /etc/ssl/own.pem"}
    needs = site.file("etc/postfix/main.cf").order.needs
    assert Certificate("/etc/ssl/own.pem", "/etc/ssl/own.key", "in.example.org") in needs


def test_only_where_users_send_a_name_has_its_own_certificate() -> None:
    own = {"certificate": "/etc/ssl/own.pem", "private_key": "/etc/ssl/own.key"}
    domain = {"client_host": "in.example.org", "tls": own}
    site = rendered({"domains": {"example.org": domain}}, FLEET)
    hosts = [host for host in FLEET["hosts"] if "sni" in site.files("etc/postfix", host)]
    assert hosts == ["sub"]


def test_a_certificate_without_a_name_is_nobodys() -> None:
    own = {"certificate": "/etc/ssl/own.pem", "private_key": "/etc/ssl/own.key"}
    site = rendered({"domains": {"example.org": {"tls": own}}})
    assert "tls_server_sni_maps" not in site.main()


def test_else_the_certificate_of_the_host_covers_the_name() -> None:
    site = rendered({"domains": {"example.org": {"client_host": "in.example.org"}}})
    assert "sni" not in site.files("etc/postfix")
    needs = site.file("etc/postfix/main.cf").order.needs
    names = [need.name for need in needs if isinstance(need, Certificate)]
    assert names == ["mail.example.org", "in.example.org"]


def test_lists_that_multiply_are_refused() -> None:
    lists = {f"l{n}": [f"l{n + 1}", f"l{n + 1}"] for n in range(30)} | {"l30": ["alice"]}
    assert "PFX029" in rendered({"domains": {"example.org": {"aliases": lists}}}).codes("PFX029")


def test_a_list_is_expanded_as_often_as_it_is_listed() -> None:
    staff = [f"u{number}@elsewhere.example" for number in range(400)]
    both = {"desk": ["staff"], "admins": ["staff"], "all": ["staff", "desk", "admins"]}
    site = rendered({"domains": {"example.org": {"aliases": {"staff": staff, **both}}}})
    assert site.main()[EXPANSION] == "1201"
