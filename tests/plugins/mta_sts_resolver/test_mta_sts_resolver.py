"""MTA-STS for outgoing mail: asked where mail leaves, after the operator's own policies."""

import pytest

from tests.plugins.rendering import FLEET, options, rendered

TABLE = "socketmap:inet:127.0.0.1:8461:postfix"
FILE = "etc/mta-sts-daemon.yml"


def test_postfix_asks_it_about_every_destination() -> None:
    assert rendered().main()["smtp_tls_policy_maps"] == TABLE


def test_the_operator_s_own_policies_come_first() -> None:
    site = rendered(options("postfix", tls_policy={"example.com": "encrypt"}))
    own = "texthash:/etc/postfix/tls_policy"
    assert site.main()["smtp_tls_policy_maps"] == f"{own}, {TABLE}"


@pytest.mark.parametrize("host", ["mx1", "sub", "st1", "app"])
def test_hosts_behind_a_relay_leave_it_to_the_relay(host: str) -> None:
    site = rendered(base=FLEET)
    assert TABLE not in site.main(host).get("smtp_tls_policy_maps", "")
    assert "mta-sts-daemon.yml" not in site.files("etc", host)


def test_the_relay_runs_it() -> None:
    assert "mta-sts-daemon.yml" in rendered(base=FLEET).files("etc", "out")


def test_its_port_is_the_one_that_postfix_asks() -> None:
    site = rendered(options("mta_sts_resolver", port=9461))
    assert "port: 9461\n" in site.text(FILE)
    assert "127.0.0.1:9461:" in site.main()["smtp_tls_policy_maps"]


def test_without_ipv4_it_listens_where_the_client_may_connect() -> None:
    site = rendered({"hosts": {"mail": {"addresses": ["2001:db8::25"]}}})
    assert 'host: "::1"\n' in site.text(FILE)
    assert site.main()["smtp_tls_policy_maps"] == "socketmap:inet:[::1]:8461:postfix"


def test_it_can_be_switched_off() -> None:
    site = rendered(options("mta_sts_resolver", enabled=False))
    assert "smtp_tls_policy_maps" not in site.main()
    assert "mta-sts-daemon.yml" not in site.files("etc")
