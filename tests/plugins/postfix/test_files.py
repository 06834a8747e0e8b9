"""The files of Postfix: which ones, for whom, with what they need."""

import pytest

from mailconf.formats.ciphers import CIPHER_LIST
from mailconf.model.artifact import Certificate, Checker, Package, Unit
from mailconf.model.requests.mta import CanonicalMap, Milter, PolicyService, Stage, StartAfter
from mailconf.plugins.postfix import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded
from tests.plugins.rendering import FLEET, options, rendered, settings

ALWAYS = {"main.cf", "master.cf", "virtual_aliases", "local_login_senders", "own_names"}
ALWAYS |= {"smtpd_commands"}
DOMAINS = {"virtual_mailbox_domains", "virtual_mailboxes"}
SENDING = {"sender_logins", "submission-cleanup"}
BACKUP = {"relay_domains", "relay_recipients"}
AWAY = {"tls_policy"}
ASKING = {"quota_asked"}

MARKING = {"header_checks", "smtp_header_checks"}


@pytest.mark.parametrize(
    ("host", "files"),
    [
        pytest.param(
            "mx1",
            {*ALWAYS, *DOMAINS, *ASKING, *MARKING, "transport", "backup_hosts", *AWAY},
            id="mx",
        ),
        pytest.param(
            "sub", {*ALWAYS, *DOMAINS, *ASKING, *SENDING, "transport", *AWAY}, id="submission"
        ),
        pytest.param("st1", {*ALWAYS, *AWAY}, id="mailstore"),
        pytest.param("out", {*ALWAYS, "smtp_header_checks"}, id="relay"),
        pytest.param(
            "bak", {*ALWAYS, *BACKUP, *ASKING, "header_checks", "transport", *AWAY}, id="backup-mx"
        ),
        pytest.param("app", {*ALWAYS, *AWAY}, id="send-only"),
        pytest.param("www", set(), id="web"),
    ],
)
def test_a_host_has_the_tables_of_its_roles(host: str, files: set[str]) -> None:
    assert rendered(base=FLEET).files("etc/postfix", host) == files


def test_one_machine_for_everything_needs_no_way_to_others() -> None:
    assert rendered().files("etc/postfix") == ALWAYS | DOMAINS | SENDING | ASKING | {
        "header_checks"
    }


@pytest.mark.parametrize("host", ["mx1", "sub", "st1", "out", "bak", "app"])
def test_a_table_lies_where_main_cf_names_it(host: str) -> None:
    site = rendered(base=FLEET)
    text = site.text("etc/postfix/main.cf", host) + site.text("etc/postfix/master.cf", host)
    tables = site.files("etc/postfix", host) - {"main.cf", "master.cf"}
    assert {name for name in tables if f":/etc/postfix/{name}" not in text} == set()
    named = {word for word in text.replace(",", " ").split() if ":/etc/postfix/" in word}
    assert {word.rpartition("/")[2] for word in named} == tables


def test_files_are_for_everybody_to_read_and_for_root_to_write() -> None:
    site = rendered(base=FLEET)
    orders = [
        site.file(f"etc/postfix/{name}", "sub").order for name in site.files("etc/postfix", "sub")
    ]
    assert {(o.owner, o.group, o.mode) for o in orders} == {("root", "root", 0o644)}
    assert {order.service for order in orders} == {"postfix"}


def test_postfix_is_installed_checked_and_reloaded() -> None:
    needs = rendered().file("etc/postfix/main.cf").order.needs
    assert {Package("postfix"), Unit("postfix", "reload"), Checker(("postconf", "-n"))} <= {*needs}


@pytest.mark.parametrize(
    ("host", "names"),
    [
        pytest.param("mx1", ["mx1.example.org"], id="mx"),
        pytest.param("sub", ["sub.example.org"], id="submission"),
        pytest.param("out", ["out.example.org"], id="relay"),
        pytest.param("bak", ["bak.example.org"], id="backup-mx"),
        pytest.param("st1", [], id="mailstore"),
        pytest.param("app", [], id="send-only"),
    ],
)
def test_who_is_connected_to_needs_a_certificate(host: str, names: list[str]) -> None:
    needs = rendered(base=FLEET).file("etc/postfix/main.cf", host).order.needs
    assert [need.name for need in needs if isinstance(need, Certificate)] == names


@pytest.mark.parametrize(
    ("addresses", "families", "of_clients"),
    [
        pytest.param(["192.0.2.1"], "ipv4", None, id="IPv4"),
        pytest.param(["2001:db8::1"], "all", "ipv6", id="IPv6"),
        pytest.param(["192.0.2.1", "2001:db8::1"], "all", None, id="both"),
    ],
)
def test_mail_leaves_by_declared_families_and_loopback_services_are_at_127_0_0_1(
    addresses: list[str], families: str, of_clients: str | None
) -> None:
    smarthost = {"host": "smtp.provider.example", "port": 465}
    changes = {"domains": {"example.org": {"smarthost": smarthost}}}
    site = rendered({"hosts": {"mail": {"addresses": addresses}}} | changes)
    assert site.main()["inet_protocols"] == families
    clients = [d for d in site.master().daemons if d.command in ("smtp", "lmtp")]
    assert {d.name for d in clients} == {"smtp", "relay", "lmtp", "smtps-client"}
    assert {settings(d).get("inet_protocols") for d in clients} == {of_clients}
    others = [d for d in site.master().daemons if d not in clients]
    assert not any("inet_protocols" in settings(d) for d in others)


def test_without_ipv4_stores_and_relays_are_reached_by_ipv6() -> None:
    hosts = {key: {"addresses": [f"2001:db8::{n}"]} for n, key in enumerate(FLEET["hosts"], 1)}
    site = rendered({"hosts": hosts}, FLEET)
    assert settings(site.daemon("store", "mx1"))["inet_protocols"] == "ipv6"
    assert "[2001:db8::1]/128" in site.main("out")["mynetworks"]
    assert "." not in site.main("out")["mynetworks"].replace("127.0.0.0/8", "")


def test_a_host_says_who_it_is_and_completes_no_names() -> None:
    main = rendered().main()
    said = {"myhostname": "mail.example.org", "smtpd_banner": "$myhostname ESMTP"}
    completed = {"myorigin": "$myhostname", "append_dot_mydomain": "no"}
    assert main.items() >= (said | completed).items()


def test_addresses_have_extensions_and_ascii_only() -> None:
    main = rendered().main()
    assert (main["recipient_delimiter"], main["smtputf8_enable"]) == ("+", "no")
    assert main["enable_long_queue_ids"] == "yes"


def test_clients_greet_and_may_not_guess_addresses() -> None:
    main = rendered().main()
    assert (main["smtpd_helo_required"], main["disable_vrfy_command"]) == ("yes", "yes")
    senders = main["smtpd_sender_restrictions"].split(", ")
    assert senders == [
        "permit_mynetworks", "reject_non_fqdn_sender", "reject_unknown_sender_domain",
    ]  # fmt: skip
    assert main["smtpd_data_restrictions"] == "reject_unauth_pipelining"


def test_our_own_bounces_are_signed() -> None:
    assert rendered().main()["internal_mail_filter_classes"] == "bounce"


def test_milters_are_joined_in_order() -> None:
    asked = (
        Milter(host="mail", way="smtpd", address="inet:127.0.0.1:8891"),
        Milter(host="mail", way="smtpd", address="inet:127.0.0.1:8893"),
        Milter(host="other", way="smtpd", address="inet:127.0.0.1:8895"),
    )
    main = yielded(plugin.files, view(plugin, spec_of(), requests=asked))[0].data.values
    assert main["smtpd_milters"] == "inet:127.0.0.1:8891, inet:127.0.0.1:8893"
    assert main["non_smtpd_milters"] == ""
    assert main["milter_default_action"] == "tempfail"


def test_nobody_else_says_what_we_found_in_a_message() -> None:
    checks = {host: rendered(base=FLEET).main(host).get("header_checks") for host in ("mx1", "sub")}
    assert checks == {"mx1": "regexp:/etc/postfix/header_checks", "sub": None}
    assert "/^Authentication-Results:/ IGNORE" in rendered().text("etc/postfix/header_checks")


def test_what_a_backup_mx_has_found_stays_in_a_message() -> None:
    """It has judged the mail, and the MX does not judge it again."""
    kept, removed = rendered(base=FLEET).text("etc/postfix/header_checks", "mx1").splitlines()[-2:]
    assert kept == "/^Authentication-Results:[[:space:]]*bak[.]example[.]org;/ DUNNO"
    assert removed == "/^Authentication-Results:/ IGNORE"
    assert "DUNNO" not in rendered(base=FLEET).text("etc/postfix/header_checks", "bak")


def test_senders_are_rewritten_when_somebody_asks_for_it() -> None:
    asked = CanonicalMap(host="mail", which="sender", table="tcp:127.0.0.1:10001")
    main = yielded(plugin.files, view(plugin, spec_of(), requests=[asked]))[0].data.values
    assert main["sender_canonical_maps"] == "tcp:127.0.0.1:10001"
    assert main["sender_canonical_classes"] == "envelope_sender"
    assert main["recipient_canonical_classes"] == "envelope_recipient, header_recipient"
    assert "sender_canonical_classes" not in rendered().main()


def test_policy_services_are_asked_in_order_after_our_own_refusals() -> None:
    stages: tuple[Stage, ...] = ("mx-recipient", "submission-recipient")
    asked = [
        PolicyService(host="mail", stage=stage, address=f"inet:127.0.0.1:{port}")
        for stage in stages
        for port in (1, 2)
    ]
    main, master = (
        order.data for order in yielded(plugin.files, view(plugin, spec_of(), requests=asked))[:2]
    )
    own = "check_recipient_access regexp:/etc/postfix/own_names"
    full, listed = "reject_non_fqdn_recipient", "reject_unlisted_recipient"
    asked_in_order = [f"check_policy_service inet:127.0.0.1:{port}" for port in (1, 2)]
    found = main.values["smtpd_recipient_restrictions"].split(", ")
    assert found == [listed, "permit_mynetworks", full, *asked_in_order]
    submission = {p.name: p.value for p in master.service("submission").settings}
    found = submission["smtpd_recipient_restrictions"].split(", ")
    assert found == [full, own, listed, *asked_in_order]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param((), "", id="nobody asks"),
        pytest.param(
            (PolicyService(host="mail", stage="submission-data", address="inet:127.0.0.1:1"),),
            "check_policy_service inet:127.0.0.1:1",
            id="once a message",
        ),
    ],
)
def test_whole_messages_of_users_are_judged_by_who_asks_for_it(
    asked: tuple[PolicyService, ...], found: str
) -> None:
    master = yielded(plugin.files, view(plugin, spec_of(), requests=asked))[1].data
    submission = {p.name: p.value for p in master.service("submission").settings}
    assert submission["smtpd_data_restrictions"] == found


def test_postfix_starts_after_what_it_asks() -> None:
    asked = [StartAfter(host="mail", unit=unit) for unit in ("rspamd", "dovecot", "rspamd")]
    orders = yielded(plugin.files, view(plugin, spec_of(), requests=asked))
    found = {str(order.path): order.data for order in orders if order.path.suffix == ".conf"}
    units = "etc/systemd/system/{}.d/mailconf.conf"
    services = ("rspamd", "dovecot")
    assert found == {
        units.format("postfix.service"): services,
        units.format("postfix@-.service"): services,
    }


def test_a_start_order_is_one_line_a_service() -> None:
    text = rendered().text("etc/systemd/system/postfix.service.d/mailconf.conf")
    assert "\n[Unit]\n" in text
    assert "After=dovecot.service\n" in text


def test_the_operators_own_parameters_stand_last_and_once() -> None:
    site = rendered(options("postfix", main_cf={"biff": "yes", "delay_warning_time": "4h"}))
    text = site.text("etc/postfix/main.cf")
    assert text.splitlines()[-2:] == ["biff = yes", "delay_warning_time = 4h"]
    assert text.count("biff =") == 1


def test_a_section_that_is_all_the_operators_own_is_left_out() -> None:
    site = rendered(options("postfix", main_cf={"mynetworks": "127.0.0.0/8"}))
    assert "Only this host may relay" not in site.text("etc/postfix/main.cf")
    assert site.main()["mynetworks"] == "127.0.0.0/8"


def test_the_operators_own_services_run_beside_ours() -> None:
    own = "10025 inet n - y - - smtpd\n  -o smtpd_milters=\n  -o { mynetworks = 192.0.2.0/28 }"
    daemon = rendered(options("postfix", master_cf=[own])).daemon("10025")
    assert [(p.name, p.value) for p in daemon.settings] == [
        ("smtpd_milters", ""),
        ("mynetworks", "192.0.2.0/28"),
    ]


def test_a_comment_says_once_whose_services_follow() -> None:
    own = ["10025 inet n - y - - smtpd", "10026 inet n - y - - smtpd"]
    text = rendered(options("postfix", master_cf=own)).text("etc/postfix/master.cf")
    assert text.count("Operator services: postfix.master_cf") == 1
    assert text.count("Internal Postfix services") == 1


@pytest.mark.parametrize("service", ["submission", "submissions"])
def test_users_are_served_with_mozilla_s_ciphers(service: str) -> None:
    assert settings(rendered().daemon(service))["tls_medium_cipherlist"] == CIPHER_LIST


def test_an_old_server_is_not_pushed_to_plain_text() -> None:
    assert "tls_medium_cipherlist" not in rendered().main()
