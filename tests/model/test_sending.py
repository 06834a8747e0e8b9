"""From which hosts mail of a domain leaves."""

from mailconf.model.domain import Domain
from mailconf.model.sending import sending_hosts, signing_hosts
from mailconf.model.spec import Spec
from mailconf.testing import spec_of
from tests.model.test_spec import host, keys

HOSTS = {
    "mail": host("mail", 1),
    "app": host("app", 2, "send-only", send_as=["@example.org", "shop@example.net"]),
    "cron": host("cron", 3, "send-only", "web"),
    "other": {**host("other", 4, "send-only"), "hostname": "app.elsewhere.example"},
}
DOMAINS: dict[str, dict[str, object]] = {"example.org": {}, "example.net": {}, "third.example": {}}


def sites() -> tuple[Spec, list[Domain]]:
    spec = spec_of(hosts=HOSTS, domains=DOMAINS)
    return spec, [spec.domains[name] for name in DOMAINS]


def test_hosts_that_only_send_send_as_what_they_are_given() -> None:
    spec, domains = sites()
    assert [keys(sending_hosts(spec, domain)) for domain in domains] == [
        ["mail", "app"],
        ["mail", "app"],
        ["mail"],
    ]


def test_keys_lie_where_names_below_a_domain_sign_too() -> None:
    spec, domains = sites()
    assert [keys(signing_hosts(spec, domain)) for domain in domains] == [
        ["mail", "app", "cron"],
        ["mail", "app"],
        ["mail"],
    ]


def test_where_a_relay_carries_all_mail_it_alone_sends() -> None:
    spec = spec_of(hosts=HOSTS | {"out": host("out", 5, "relay")}, domains=DOMAINS)
    assert keys(sending_hosts(spec, spec.domains["example.org"])) == ["out"]
