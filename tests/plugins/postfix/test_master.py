"""master.cf: what listens, and what each service insists on."""

from typing import Any

import pytest

from tests.plugins.rendering import FLEET, SITE, Site, options, rendered, settings

SUBMISSION = ["submissions", "submission"]
PROXY = {"proxies": ["192.0.2.100"]}


def offering(**protocols: Any) -> Site:
    return rendered({"protocols": protocols})


def doors(site: Site) -> list[tuple[str, str]]:
    inet = [(d.name, d.command) for d in site.master().daemons if d.type == "inet"]
    return [door for door in inet if not door[0].startswith("127.0.0.1:")]


def test_usual_ports_have_names() -> None:
    assert doors(rendered()) == [
        ("smtp", "smtpd"),
        ("submissions", "smtpd"),
        ("submission", "smtpd"),
    ]


def test_other_ports_are_numbers() -> None:
    site = offering(submission={"port": 2587}, submissions="off")
    assert doors(site) == [("smtp", "smtpd"), ("2587", "smtpd")]
    assert settings(site.daemon("2587"))["syslog_name"] == "postfix/submission"


def test_without_smtp_port_25_is_closed() -> None:
    assert doors(offering(smtp="off")) == [("submissions", "smtpd"), ("submission", "smtpd")]


def test_a_host_may_offer_other_protocols_than_the_rest() -> None:
    site = rendered({"hosts": {"mail": {"protocols": {"submission": "off"}}}})
    assert doors(site) == [("smtp", "smtpd"), ("submissions", "smtpd")]


def test_users_send_inside_tls_only() -> None:
    site = rendered()
    implicit, starttls = (settings(site.daemon(name)) for name in SUBMISSION)
    assert implicit["smtpd_tls_wrappermode"] == "yes"
    assert starttls["smtpd_tls_security_level"] == "encrypt"
    assert "smtpd_tls_wrappermode" not in starttls
    assert site.main()["smtpd_tls_security_level"] == "may"
    assert site.main()["smtpd_tls_auth_only"] == "yes"


@pytest.mark.parametrize("service", SUBMISSION)
def test_users_send_logged_in_and_as_themselves_only(service: str) -> None:
    found = settings(rendered().daemon(service))
    assert found["smtpd_sasl_auth_enable"] == "yes"
    assert found["smtpd_client_restrictions"] == "permit_sasl_authenticated,reject"
    assert found["smtpd_relay_restrictions"] == "permit_sasl_authenticated,reject"
    assert found["smtpd_sender_restrictions"] == "reject_sender_login_mismatch"


@pytest.mark.parametrize("service", SUBMISSION)
def test_submission_inherits_no_restriction_of_port_25(service: str) -> None:
    main = rendered().main()
    restrictions = {name for name in main if name.endswith("_restrictions")}
    assert restrictions <= settings(rendered().daemon(service)).keys()


@pytest.mark.parametrize("service", SUBMISSION)
def test_users_greet_as_they_like(service: str) -> None:
    assert settings(rendered().daemon(service))["smtpd_helo_restrictions"] == ""


@pytest.mark.parametrize("service", SUBMISSION)
def test_what_users_send_is_signed(service: str) -> None:
    found = settings(rendered(options("opendkim", port=8900)).daemon(service))
    assert found["smtpd_milters"] == "inet:127.0.0.1:8890, inet:127.0.0.1:8900"
    assert found["milter_macro_daemon_name"] == "ORIGINATING"


def test_port_25_takes_everything_from_main_cf() -> None:
    assert settings(rendered().daemon("smtp")) == {}


@pytest.mark.parametrize("service", SUBMISSION)
def test_traces_of_users_are_removed(service: str) -> None:
    site = rendered()
    assert settings(site.daemon(service))["cleanup_service_name"] == "submission-cleanup"
    assert settings(site.daemon("submission-cleanup")) == {
        "header_checks": "regexp:/etc/postfix/submission-cleanup",
        "nested_header_checks": "",
        "mime_header_checks": "",
    }
    assert "User-Agent" in site.text("etc/postfix/submission-cleanup")


@pytest.mark.parametrize("target", ["debian-12", "debian-13"])
def test_traces_of_users_stay_on_request(target: str) -> None:
    host = {**SITE["hosts"]["mail"], "target": target}
    site = rendered({**options("postfix", hide_clients=False), "hosts": {"mail": host}})
    kept = ["cleanup_service_name", "smtpd_hide_client_session"]
    assert [name for name in kept if name in settings(site.daemon("submission"))] == []
    assert site.master().service("submission-cleanup") is None
    assert "submission-cleanup" not in site.files("etc/postfix")


def test_without_submission_there_is_nothing_to_hide() -> None:
    site = offering(submission="off", submissions="off")
    assert site.master().service("submission-cleanup") is None
    assert "smtpd_sender_login_maps" not in site.main()


def test_without_postscreen_smtpd_answers_itself() -> None:
    site = rendered()
    assert [name for name in site.main() if name.startswith("postscreen")] == []
    assert [site.master().service(name) for name in ("smtpd", "dnsblog", "tlsproxy")] == [None] * 3


def test_postscreen_stands_in_front_of_port_25_alone() -> None:
    site = rendered(options("postfix", postscreen={}))
    assert doors(site) == [
        ("smtp", "postscreen"),
        ("submissions", "smtpd"),
        ("submission", "smtpd"),
    ]
    assert site.daemon("smtp").processes == "1"
    behind = {name: site.daemon(name).type for name in ("smtpd", "dnsblog", "tlsproxy")}
    assert behind == {"smtpd": "pass", "dnsblog": "unix", "tlsproxy": "unix"}


def test_postscreen_counts_only_answers_that_are_listings() -> None:
    main = rendered(options("postfix", postscreen={})).main()
    assert main["postscreen_dnsbl_sites"] == "zen.spamhaus.org=127.0.0.[2..11]*3"
    assert main["postscreen_dnsbl_threshold"] == "3"
    assert main["postscreen_dnsbl_action"] == main["postscreen_greet_action"] == "enforce"
    assert main["postscreen_access_list"] == "permit_mynetworks"


def test_the_operator_chooses_the_lists() -> None:
    lists = ["bl.example=127.0.0.2*2", "wl.example=127.0.0.[1..3]*-4"]
    main = rendered(options("postfix", postscreen={"dnsbl": lists, "threshold": 2})).main()
    assert main["postscreen_dnsbl_sites"] == ", ".join(lists)
    assert main["postscreen_dnsbl_threshold"] == "2"


def test_postscreen_is_for_hosts_that_take_mail_from_everybody() -> None:
    hosts = {
        "mail": {"roles": ["mx", "mailstore", "web"]},
        "sub": {
            "hostname": "sub.example.org",
            "addresses": ["192.0.2.26"],
            "roles": ["submission"],
        },
    }
    site = rendered({**options("postfix", postscreen={}), "hosts": hosts})
    assert [name for name in site.main("sub") if name.startswith("postscreen")] == []
    assert site.master("sub").service("dnsblog") is None


@pytest.mark.parametrize(
    ("protocol", "service"),
    [
        pytest.param("smtp", "smtp", id="smtp"),
        pytest.param("submissions", "submissions", id="submissions"),
        pytest.param("submission", "submission", id="submission"),
    ],
)
def test_only_the_proxied_service_speaks_the_proxy_protocol(protocol: str, service: str) -> None:
    ports = {"smtp": 25, "submissions": 465, "submission": 587}
    site = offering(**{protocol: {"port": ports[protocol], **PROXY}})
    spoken = {
        name: settings(site.daemon(name)).get("smtpd_upstream_proxy_protocol") for name in ports
    }
    assert spoken == {**dict.fromkeys(ports, None), service: "haproxy"}


def test_behind_a_proxy_postscreen_speaks_its_protocol() -> None:
    protocols = {"smtp": {"port": 25, **PROXY}}
    site = rendered({**options("postfix", postscreen={}), "protocols": protocols})
    assert settings(site.daemon("smtp")) == {
        "postscreen_upstream_proxy_protocol": "haproxy",
        "postscreen_pre_queue_limit": "200",
        "postscreen_post_queue_limit": "200",
    }
    assert settings(site.daemon("smtpd")) == {}


def test_a_client_has_a_limit_of_connections_and_users_one_of_logins() -> None:
    site = rendered()
    limits = {name: value for name, value in site.main().items() if "smtpd_client_" in name}
    assert limits == {"smtpd_client_connection_count_limit": "50"}
    logins = {"smtpd_client_auth_rate_limit": "120"}
    assert settings(site.daemon("submission")).items() >= (limits | logins).items()


@pytest.mark.parametrize(
    ("load", "connections", "logins", "processes"),
    [
        pytest.param({}, "50", "120", "200", id="a few mailboxes"),
        pytest.param({"users": 300}, "90", "1200", "360", id="hundreds of people"),
        pytest.param({"users": 9000}, "200", "1200", "800", id="thousands"),
    ],
)
def test_limits_of_submission_follow_the_people(
    load: Any, connections: str, logins: str, processes: str
) -> None:
    daemon = rendered({"load": load}).daemon("submissions")
    rendered_limits = settings(daemon)
    assert rendered_limits["smtpd_client_connection_count_limit"] == connections
    assert rendered_limits["smtpd_client_auth_rate_limit"] == logins
    assert daemon.processes == processes


def test_a_limit_of_the_operator_is_kept_and_processes_follow_it() -> None:
    limits = {"connections": 10, "auth_rate": 5}
    daemon = rendered(options("postfix", submission_limits=limits)).daemon("submissions")
    assert settings(daemon)["smtpd_client_auth_rate_limit"] == "5"
    assert settings(daemon)["smtpd_client_connection_count_limit"] == "10"
    assert daemon.processes == "100"


def test_hosts_that_bring_the_mail_of_many_are_not_counted() -> None:
    site = rendered(base=FLEET)
    name = "smtpd_client_event_limit_exceptions"
    assert site.main("mx1")[name] == "$mynetworks 192.0.2.6"
    assert name not in site.main("sub")


def test_users_and_servers_have_limits_of_their_own() -> None:
    servers = {"connections": 10, "connection_rate": 30}
    users = {"connections": 0, "message_rate": 60, "recipient_rate": 90, "auth_rate": 12}
    site = rendered(options("postfix", limits=servers, submission_limits=users))
    main, submission = site.main(), settings(site.daemon("submission"))
    assert {name: value for name, value in main.items() if "smtpd_client_" in name} == {
        "smtpd_client_connection_count_limit": "10",
        "smtpd_client_connection_rate_limit": "30",
    }
    assert {name: value for name, value in submission.items() if name.endswith("_limit")} == {
        "smtpd_client_connection_count_limit": "0",
        "smtpd_client_message_rate_limit": "60",
        "smtpd_client_recipient_rate_limit": "90",
        "smtpd_client_auth_rate_limit": "12",
    }


def test_the_queue_and_messages_have_the_limits_of_the_spec() -> None:
    wanted = {"message_size": "10M", "queue_lifetime": "2d", "bounce_lifetime": "12h"}
    main = rendered(options("postfix", **wanted)).main()
    assert main["message_size_limit"] == str(10 * 2**20)
    assert main["mailbox_size_limit"] == "0"
    assert main["maximal_queue_lifetime"] == f"{2 * 86400}s"
    assert main["bounce_queue_lifetime"] == f"{12 * 3600}s"


def test_a_host_may_have_limits_of_its_own() -> None:
    own = {"hosts": {"mail": {"postfix": {"message_size": "20M"}}}}
    assert rendered(own).main()["message_size_limit"] == str(20 * 2**20)


def test_what_postfix_always_runs_is_there() -> None:
    always = {"pickup", "cleanup", "qmgr", "bounce", "defer", "error", "retry", "lmtp", "postlog"}
    assert always <= {daemon.name for daemon in rendered().master().daemons}
