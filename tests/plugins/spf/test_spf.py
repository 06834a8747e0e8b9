"""SPF from the addresses that really send."""

from typing import Any

import pytest

from mailconf.plugins.spf import plugin
from mailconf.testing import FakeWorld, spec_of
from tests.plugins.asking import check_of, codes, outcome, view, yielded

HOSTS = {"mail": {"hostname": "mail.example.org", "addresses": ["2001:db8::25", "192.0.2.25"]}}
OURS = "ip4:192.0.2.25 ip6:2001:db8::25"
SMARTHOST = {"host": "smtp.provider.example"}


@pytest.mark.parametrize(
    ("domain", "options", "value"),
    [
        pytest.param({}, {}, f"v=spf1 {OURS} ~all", id="hosted"),
        pytest.param({"mail": "send-only"}, {"all": "-all"}, f"v=spf1 {OURS} -all", id="strict"),
        pytest.param({"mail": "none"}, {}, "v=spf1 -all", id="parked"),
        pytest.param(
            {"mail": "none", "senders": [{"include": "_spf.mailer.example"}]},
            {},
            "v=spf1 -all",
            id="nobody sends for a parked domain",
        ),
        pytest.param(
            {"provider": "google-workspace"},
            {},
            "v=spf1 include:_spf.google.com ~all",
            id="google-workspace",
        ),
        pytest.param(
            {"provider": "microsoft-365", "senders": [{"addresses": ["203.0.113.9"]}]},
            {},
            "v=spf1 include:spf.protection.outlook.com ip4:203.0.113.9 ~all",
            id="provider and a sender",
        ),
        pytest.param(
            {
                "senders": [
                    {"addresses": ["203.0.113.0/28", "2001:db8:1::/48", "2001:db8:2::1"]},
                    {"include": "_spf.mailer.example"},
                ]
            },
            {},
            f"v=spf1 {OURS} ip4:203.0.113.0/28 ip6:2001:db8:1::/48 ip6:2001:db8:2::1 "
            "include:_spf.mailer.example ~all",
            id="senders",
        ),
        pytest.param(
            {"smarthost": SMARTHOST, "senders": [{"include": "_spf.provider.example"}]},
            {},
            "v=spf1 include:_spf.provider.example ~all",
            id="smarthost",
        ),
    ],
)
def test_a_domain(domain: dict[str, Any], options: dict[str, Any], value: str) -> None:
    spec = spec_of(hosts=HOSTS, domains={"a.example": domain})
    records = yielded(plugin.records, view(plugin, spec, options=options))
    assert [(r.name, r.value) for r in records] == [
        ("mail.example.org.", "v=spf1 a -all"),
        ("a.example.", value),
    ]


def test_only_relays_send_where_there_are_any() -> None:
    relays = {
        key: {"hostname": f"{key}.example.org", "addresses": [address], "roles": ["relay"]}
        for key, address in (("out2", "203.0.113.2"), ("out1", "203.0.113.1"))
    }
    spec = spec_of(hosts=HOSTS | relays, domains={"a.example": {}})
    records = {r.name: r.value for r in yielded(plugin.records, view(plugin, spec))}
    assert records["a.example."] == "v=spf1 ip4:203.0.113.1 ip4:203.0.113.2 ~all"
    assert records["out1.example.org."] == "v=spf1 a -all"
    # What programs on it send leaves from the relays, with its name in MAIL FROM.
    own = "ip4:203.0.113.1 ip4:203.0.113.2"
    assert records["mail.example.org."] == f"v=spf1 a {own} -all"


def test_a_web_server_sends_nothing() -> None:
    web = {"hostname": "www.example.org", "addresses": ["203.0.113.80"], "roles": ["web"]}
    spec = spec_of(hosts={**HOSTS, "www": web}, domains={"a.example": {}})
    records = {r.name: r.value for r in yielded(plugin.records, view(plugin, spec))}
    assert records["a.example."] == f"v=spf1 {OURS} ~all"


@pytest.mark.parametrize(
    ("domain", "found"),
    [
        pytest.param({}, [], id="we send"),
        pytest.param(
            {"smarthost": SMARTHOST, "senders": [{"include": "_spf.provider.example"}]},
            [],
            id="provider with a record",
        ),
        pytest.param(
            {"smarthost": SMARTHOST, "senders": [{"addresses": ["203.0.113.0/24"]}]},
            [],
            id="provider with addresses",
        ),
        pytest.param({"smarthost": SMARTHOST}, ["SPF021"], id="provider in no record"),
        pytest.param({"mail": "none", "smarthost": SMARTHOST}, [], id="parked"),
    ],
)
def test_whoever_sends_is_named(domain: dict[str, Any], found: list[str]) -> None:
    seen = view(plugin, spec_of(hosts=HOSTS, domains={"a.example": domain}))
    assert codes(yielded(plugin.lint, seen)) == found


LONG = "v=spf1 " + " ".join(f"a:h{n}.example" for n in range(11)) + " -all"


@pytest.mark.parametrize(
    ("text", "others", "found"),
    [
        pytest.param("v=spf1 ip4:192.0.2.25 ~all", {}, [], id="none"),
        pytest.param(
            "v=spf1 " + "a:h.example " * 8 + "-all", {}, ["SPF004"], id="close to the limit"
        ),
        pytest.param(LONG, {}, ["SPF003"], id="over the limit"),
        pytest.param("v=spf1 a:x.example a:y.example a:z.example", {}, ["SPF005"], id="void"),
        pytest.param("v=spf1 include:gone.example ~all", {}, ["SPF006"], id="no record there"),
        pytest.param(
            "v=spf1 include:one.example ~all",
            {"one.example.": "v=spf1 include:example.org"},
            ["SPF007"],
            id="loop",
        ),
        pytest.param("v=spf1 mx:many.example ~all", {}, ["SPF020"], id="many MX hosts"),
        pytest.param("some other text", {}, [], id="not published: another check tells"),
    ],
)
async def test_published_records(text: str, others: dict[str, str], found: list[str]) -> None:
    zones: dict[tuple[str, str], tuple[str, ...]] = {
        (name, "TXT"): (other,) for name, other in others.items()
    }
    zones |= {(f"h{n}.example.", "A"): ("192.0.2.1",) for n in ("", *range(11))}
    zones[("many.example.", "MX")] = tuple(f"10 mx{n}.example." for n in range(11))
    zones[("example.org.", "TXT")] = (text,)
    seen = view(plugin, spec_of())
    domain = seen.spec.domains["example.org"]
    done = await outcome(check_of(plugin, "spf.lookups"), seen, domain, FakeWorld(zones=zones))
    assert codes(done.findings) == found


@pytest.mark.parametrize(
    ("strict", "senders", "found"),
    [
        pytest.param("-all", [{"include": "_spf.sender.example"}], ["SPF010"], id="others send"),
        pytest.param("~all", [{"include": "_spf.sender.example"}], [], id="DMARC decides"),
        pytest.param("-all", [], [], id="nobody else sends"),
    ],
)
def test_forwarded_mail_is_judged_by_its_signature(
    strict: str, senders: list[dict[str, str]], found: list[str]
) -> None:
    spec = spec_of(domains={"a.example": {"senders": senders}})
    assert codes(yielded(plugin.lint, view(plugin, spec, options={"all": strict}))) == found
