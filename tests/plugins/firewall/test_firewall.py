"""The firewall: exactly the offered ports, to exactly those who may reach them."""

from typing import Any

import pytest

from mailconf.engine.build import UnusableSpecError
from mailconf.model.artifact import Checker, Package, Port, Unit
from mailconf.plugins.firewall.files import Opening, openings
from tests.plugins.rendering import FLEET, Site, options, rendered

PATH = "etc/nftables.conf"
EDGES = ("192.0.2.1", "2001:db8::1", "192.0.2.2")
BACKUP = "192.0.2.6"
DHCP = (
    "ip6 saddr fe80::/10 udp dport 546 accept",
    "udp sport 67 udp dport 68 accept",
)


def ports(site: Site, host: str = "mail") -> list[Port]:
    return [need for need in site.file(PATH, host).order.needs if isinstance(need, Port)]


def public(site: Site, host: str = "mail") -> list[int]:
    return [port.number for port in ports(site, host) if not port.sources]


def restricted(site: Site, host: str = "mail") -> dict[int, tuple[str, ...]]:
    return {port.number: port.sources for port in ports(site, host) if port.sources}


def rules(site: Site, host: str = "mail") -> list[str]:
    """Return the lines that let connections to ports in."""
    lines = map(str.strip, site.text(PATH, host).splitlines())
    return [
        line for line in lines if "dport" in line and line.endswith("accept") and line not in DHCP
    ]


def crowds(site: Site, host: str = "mail") -> list[str]:
    """Return the lines that bound what one source may take."""
    lines = map(str.strip, site.text(PATH, host).splitlines())
    return [line for line in lines if "ct count" in line]


@pytest.mark.parametrize(
    ("host", "opened"),
    [
        pytest.param("mx1", [22, 25, 80], id="mx"),
        pytest.param("sub", [22, 80, 465, 587], id="submission"),
        pytest.param("st1", [22, 80, 993], id="mailstore"),
        pytest.param("out", [22, 80], id="relay"),
        pytest.param("bak", [22, 25, 80], id="backup-mx"),
        pytest.param("app", [22], id="send-only"),
        pytest.param("www", [22, 80, 443], id="web"),
    ],
)
def test_everybody_reaches_what_a_role_offers(host: str, opened: list[int]) -> None:
    assert public(rendered(base=FLEET), host) == opened


@pytest.mark.parametrize("store", ["st1", "st2"])
def test_inner_ports_of_a_store_are_for_hosts_of_ours_that_use_them(store: str) -> None:
    assert restricted(rendered(base=FLEET), store) == {24: EDGES, 12340: (*EDGES, BACKUP)}


def test_a_relay_is_for_the_hosts_that_send_through_it() -> None:
    assert restricted(rendered(base=FLEET), "out") == {
        25: (*EDGES, "192.0.2.3", "2001:db8::3", "192.0.2.4", BACKUP, "192.0.2.7")
    }


def test_a_relay_that_is_an_mx_is_for_everybody() -> None:
    site = rendered({"hosts": {"out": {"roles": ["mx", "relay"]}}}, FLEET)
    assert public(site, "out") == [22, 25, 80]
    assert restricted(site, "out") == {}


@pytest.mark.parametrize("host", ["mx1", "sub", "bak", "app", "www"])
def test_nobody_else_has_inner_ports(host: str) -> None:
    assert restricted(rendered(base=FLEET), host) == {}


def test_one_machine_for_everything() -> None:
    site = rendered()
    assert public(site) == [22, 25, 80, 443, 465, 587, 993]
    assert restricted(site) == {}


def test_ports_follow_the_protocols() -> None:
    protocols = {"imaps": "off", "pop3s": {"port": 995}, "submission": {"port": 2587}}
    assert public(rendered({"protocols": protocols})) == [22, 25, 80, 443, 465, 995, 2587]


def test_behind_proxies_only_they_connect() -> None:
    proxies = ["192.0.2.100", "2001:db8::100"]
    site = rendered({"protocols": {"imaps": {"port": 993, "proxies": proxies}}})
    assert 993 not in public(site)
    assert restricted(site) == {993: tuple(proxies)}


@pytest.mark.parametrize(
    ("own", "opened", "some"),
    [
        pytest.param({"keep_open": [2222, 9100]}, [2222, 9100], {}, id="to everybody"),
        pytest.param({"keep_open": []}, [], {}, id="none"),
        pytest.param(
            {"keep_open_to": ["192.0.2.64/28"]}, [], {22: ("192.0.2.64/28",)}, id="to a network"
        ),
    ],
)
def test_ports_of_ones_own(own: Any, opened: list[int], some: dict[int, tuple[str, ...]]) -> None:
    site = rendered(options("firewall", **own), FLEET)
    assert (public(site, "app"), restricted(site, "app")) == (opened, some)


def test_a_host_may_keep_other_ports_open() -> None:
    site = rendered({"hosts": {"app": {"firewall": {"keep_open": [2222]}}}}, FLEET)
    assert (public(site, "app"), public(site, "mx1")) == ([2222], [22, 25, 80])


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        pytest.param((), [], id="nothing"),
        pytest.param((Port(25), Port(993)), [Opening((25, 993))], id="public ones together"),
        pytest.param(
            (Port(24, ("192.0.2.1", "192.0.2.2")),),
            [Opening((24,), "ip", ("192.0.2.1", "192.0.2.2"))],
            id="IPv4",
        ),
        pytest.param(
            (Port(24, ("2001:db8::1",)),), [Opening((24,), "ip6", ("2001:db8::1",))], id="IPv6"
        ),
        pytest.param(
            (Port(22), Port(24, ("2001:db8::/32", "192.0.2.0/24"))),
            [
                Opening((22,)),
                Opening((24,), "ip", ("192.0.2.0/24",)),
                Opening((24,), "ip6", ("2001:db8::/32",)),
            ],
            id="both families apart, the public before",
        ),
    ],
)
def test_openings_are_cut_by_family(found: tuple[Port, ...], wanted: list[Opening]) -> None:
    assert list(openings(found)) == wanted


@pytest.mark.parametrize(
    ("opening", "text"),
    [
        pytest.param(Opening((25, 993)), "tcp dport { 25, 993 } accept", id="public"),
        pytest.param(
            Opening((24,), "ip6", ("2001:db8::1", "2001:db8::2")),
            "ip6 saddr { 2001:db8::1, 2001:db8::2 } tcp dport { 24 } accept",
            id="for some",
        ),
    ],
)
def test_an_opening_is_a_rule_of_nftables(opening: Opening, text: str) -> None:
    assert str(opening) == text


def test_the_ruleset_lets_in_what_is_opened_and_nothing_else() -> None:
    assert rules(rendered(base=FLEET), "st1") == [
        "tcp dport { 22, 80, 993 } accept",
        "ip saddr { 192.0.2.1, 192.0.2.2 } tcp dport { 24 } accept",
        "ip6 saddr { 2001:db8::1 } tcp dport { 24 } accept",
        "ip saddr { 192.0.2.1, 192.0.2.2, 192.0.2.6 } tcp dport { 12340 } accept",
        "ip6 saddr { 2001:db8::1 } tcp dport { 12340 } accept",
    ]
    assert "hook input priority filter; policy drop;" in rendered().text(PATH)


@pytest.mark.parametrize(
    ("port", "most"),
    [
        pytest.param(25, 60, id="a little above Postfix"),
        pytest.param(465, 60, id="before TLS"),
        pytest.param(993, 150, id="an office of a small site"),
        pytest.param(443, 100, id="web"),
    ],
)
def test_one_source_may_not_take_all_connections(port: int, most: int) -> None:
    found = [line for line in crowds(rendered()) if f"dport {port} " in line]
    assert found == [
        f"tcp dport {port} ct state new add @ip_sources_{port}"
        f" {{ ip saddr ct count over {most} }} reject with tcp reset",
        f"tcp dport {port} ct state new add @ip6_sources_{port}"
        f" {{ ip6 saddr & ffff:ffff:ffff:ffff:: ct count over {most} }} reject with tcp reset",
    ]


def test_the_limit_of_a_source_follows_the_people() -> None:
    lines = crowds(rendered({"load": {"users": 100, "devices": 4}}))
    assert any("dport 993 " in line and "ip saddr ct count over 1200 " in line for line in lines)


def test_hosts_that_ask_for_logins_are_not_counted() -> None:
    site = rendered(base=FLEET)
    assert all(line.startswith("ip saddr != @ip_own_hosts") for line in crowds(site, "st1")[::2])
    assert "elements = { 192.0.2.2 }" in site.text(PATH, "st1")
    assert not any("own_hosts" in line for line in crowds(site, "sub"))


def test_only_proxies_reach_a_proxied_port_so_that_nothing_is_counted_there() -> None:
    site = rendered({"protocols": {"imaps": {"port": 993, "proxies": ["192.0.2.100"]}}})
    assert not any("dport 993 " in line for line in crowds(site))


def test_without_a_limit_in_postfix_the_firewall_has_none() -> None:
    unlimited = rendered(options("postfix", limits={"connections": 0}))
    assert not any("dport 25 " in line for line in crowds(unlimited))


def test_the_ruleset_replaces_its_own_table_only() -> None:
    lines = rendered().text(PATH).splitlines()
    assert lines[0] == "#!/usr/sbin/nft -f"
    assert "flush ruleset" not in lines
    assert [line for line in lines if line.startswith(("table", "delete"))] == [
        "table inet mailconf",
        "delete table inet mailconf",
        "table inet mailconf {",
    ]


def test_what_a_mail_host_needs_of_the_network_stays_open() -> None:
    lines = [line.strip() for line in rendered().text(PATH).splitlines()]
    accepted = [line for line in lines if line.endswith("accept")]
    assert accepted[:5] == [
        "ct state established,related accept",
        "iif lo accept",
        "meta l4proto { icmp, ipv6-icmp } accept",
        *DHCP,
    ]


def test_control_messages_are_let_in_before_what_belongs_to_no_connection_is_dropped() -> None:
    text = rendered().text(PATH)
    assert text.index("ipv6-icmp") < text.index("ct state invalid drop")


@pytest.mark.parametrize(
    ("kept", "rule"),
    [
        pytest.param("tcp/2222", "tcp dport { 25, 80, 443, 465, 587, 993, 2222 } accept", id="TCP"),
        pytest.param("2222", "tcp dport { 25, 80, 443, 465, 587, 993, 2222 } accept", id="number"),
        pytest.param("udp/51820", "udp dport { 51820 } accept", id="UDP"),
        pytest.param("udp/60000-61000", "udp dport { 60000-61000 } accept", id="range"),
        pytest.param("tcp/20-30", "tcp dport { 20-30 } accept", id="range over a service"),
        pytest.param(
            {"port": "udp/161", "from": ["192.0.2.64/28", "2001:db8:1::/48"]},
            "ip6 saddr { 2001:db8:1::/48 } udp dport { 161 } accept",
            id="for a network",
        ),
    ],
)
def test_what_keep_open_can_be(kept: Any, rule: str) -> None:
    assert rule in rules(rendered(options("firewall", keep_open=[kept])))


@pytest.mark.parametrize(
    "kept",
    [
        *("sctp/22", "tcp/0", "tcp/70000", "tcp/30-20", "ssh", "22\n", "tcp/22 "),
        *(0, 70000, True, 2.5, None),
        *({"port": 22, "from": []}, {"from": ["192.0.2.0/24"]}, {"port": 22, "to": []}),
    ],
)
def test_what_keep_open_cannot_be(kept: Any) -> None:
    with pytest.raises(UnusableSpecError):
        rendered(options("firewall", keep_open=[kept]))


def test_sources_of_one_port_do_not_count_for_others() -> None:
    own = {"keep_open": [22, {"port": "tcp/9100", "from": ["192.0.2.64/28"]}]}
    site = rendered(options("firewall", **own))
    assert 22 in public(site)
    assert restricted(site) == {9100: ("192.0.2.64/28",)}


@pytest.mark.parametrize(
    ("own", "found"),
    [
        pytest.param([22], [], id="usual"),
        pytest.param([22, "tcp/20-30"], ["HST040"], id="a range over LMTP"),
        pytest.param([22, 12340], ["HST040"], id="the quota service"),
        pytest.param([22, "udp/20-30"], [], id="another protocol"),
        pytest.param([22, {"port": 24, "from": ["192.0.2.64/28"]}], ["HST040"], id="for a network"),
        pytest.param(["udp/51820"], ["HST041"], id="no SSH"),
        pytest.param([], ["HST041"], id="nothing"),
    ],
)
def test_what_should_not_be_kept_open(own: list[Any], found: list[str]) -> None:
    site = rendered({"hosts": {"st1": {"firewall": {"keep_open": own}}}}, FLEET)
    assert site.codes("HST040", "HST041") == found


def test_the_ruleset_is_a_script_that_is_checked_before_it_is_loaded() -> None:
    order = rendered().file(PATH).order
    assert order.mode == 0o755
    needs = {need for need in order.needs if not isinstance(need, Port | Checker)}
    assert needs == {Package("nftables"), Unit("nftables", "reload", "reload-or-restart")}
    checks = [need.command for need in order.needs if isinstance(need, Checker)]
    assert checks == [("nft", "-c", "-f", f"/{PATH}")]


def test_a_network_inside_another_one_is_left_out() -> None:
    kept = {
        "port": "tcp/9100",
        "from": ["192.0.2.64/28", "192.0.2.0/24", "192.0.2.65", "2001:db8::/32"],
    }
    assert "ip saddr { 192.0.2.0/24 } tcp dport { 9100 } accept" in rules(
        rendered(options("firewall", keep_open=[kept]))
    )


OUT = 'tcp dport { 24, 25%s } ct state new meta skuid != { "root", "postfix"%s } reject with tcp reset'


def test_only_the_mta_speaks_to_other_hosts_in_this_ones_name() -> None:
    """Hosts of a site believe each other by address, whoever it is that connects there."""
    for host in ("mx1", "st1", "app"):
        assert OUT % (", 12340", "") in rendered(base=FLEET).text("etc/nftables.conf", host)


def test_others_may_where_the_operator_says_so() -> None:
    own = rendered(options("firewall", smtp_users=["nagios"]))
    assert OUT % ("", ', "nagios"') in own.text("etc/nftables.conf")


def test_without_an_mta_of_ours_nothing_is_held_back() -> None:
    site = rendered({"hosts": {"app": {"roles": ["web"]}}}, FLEET)
    assert "chain output" not in site.text("etc/nftables.conf", "app")
