"""OpenDKIM: tables, keys and milters."""

from collections.abc import Iterable
from typing import Any

import pytest

from mailconf.model.artifact import Unit
from mailconf.model.plugin import View
from mailconf.model.request import PluginRequest
from mailconf.model.requests.mail import JudgeMail
from mailconf.model.requests.mta import Milter
from mailconf.model.secret import marked
from mailconf.model.spec import Spec
from mailconf.plugins.dkim import plugin as dkim
from mailconf.plugins.opendkim import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded
from tests.plugins.rendering import options, rendered

KEYS = {"s1": {"public_key": "AAAA", "private_key": "ref+file://k.pem"}}
MAIL = {"hostname": "mail.example.org", "addresses": ["192.0.2.25", "2001:db8::25"]}
OUT = {"hostname": "out.example.net", "addresses": ["192.0.2.26"], "roles": ["relay"]}
FILES = [
    "etc/opendkim.conf",
    "etc/opendkim/keytable",
    "etc/opendkim/signingtable",
    "etc/opendkim/setup.lua",
]


def asked(spec: Spec, chosen: dict[str, Any] | None = None, port: int = 8891) -> View[Any]:
    """Return what OpenDKIM sees when the dkim plugin has these options."""
    made = yielded(dkim.requests, view(dkim, spec, options=chosen or {}))
    ours = [request for request in made if request.to == plugin.name]
    return view(plugin, spec, options={"port": port}, requests=ours)


def milters(made: Iterable[PluginRequest], host: str = "mail") -> set[str]:
    """Return the ways in on a host whose messages this milter sees."""
    return {one.way for one in made if isinstance(one, Milter) and one.host == host}


def test_a_private_key_is_a_secret_of_the_daemon() -> None:
    *_, key = yielded(plugin.files, asked(spec_of(), {"selectors": KEYS}))
    assert str(key.path) == "etc/dkimkeys/example.org.s1.private"
    assert (key.owner, key.group, key.mode) == ("opendkim", "opendkim", 0o600)
    assert key.data == marked("ref+file://k.pem", "key")


def test_without_keys_it_still_verifies() -> None:
    orders = yielded(plugin.files, asked(spec_of()))
    assert [str(order.path) for order in orders] == FILES
    assert all(Unit("opendkim", "restart") in order.needs for order in orders)


def test_where_another_daemon_signs_there_is_nothing() -> None:
    seen = asked(spec_of(), {"selectors": KEYS, "signer": "rspamd"})
    assert yielded(plugin.files, seen) == []
    assert yielded(plugin.requests, seen) == []


def test_postfix_is_asked_on_every_way_in() -> None:
    made = yielded(plugin.requests, asked(spec_of(), port=8900))
    assert milters(made) == {"smtpd", "submission", "local"}
    assert {one.address for one in made if isinstance(one, Milter)} == {"inet:127.0.0.1:8900"}


@pytest.mark.parametrize(
    ("roles", "ways"),
    [
        pytest.param(["mx"], {"smtpd"}, id="mail arrives"),
        pytest.param(["backup-mx"], {"smtpd"}, id="mail arrives at a backup"),
        pytest.param(["submission", "mailstore"], set(), id="mail goes on to the relay"),
        pytest.param(
            ["relay"],
            {"smtpd", "submission", "local"},
            id="mail leaves",
        ),
    ],
)
def test_mail_is_signed_where_it_leaves(roles: list[str], ways: set[str]) -> None:
    spec = spec_of(hosts={"mail": {**MAIL, "roles": roles}, "out": OUT})
    assert milters(yielded(plugin.requests, asked(spec))) == ways


@pytest.mark.parametrize(
    ("roles", "is_judged"),
    [
        pytest.param(["mx"], True, id="mx"),
        pytest.param(["backup-mx"], True, id="backup MX"),
        pytest.param(["relay"], False, id="relay"),
    ],
)
def test_others_judge_what_arrives(roles: list[str], is_judged: bool) -> None:
    made = yielded(plugin.requests, asked(spec_of(hosts={"mail": {**MAIL, "roles": roles}})))
    assert (JudgeMail(host="mail") in made) is is_judged


def test_tables_name_the_key_of_each_domain() -> None:
    site = rendered(options("dkim", selectors=KEYS))
    assert site.text("etc/opendkim/keytable").splitlines()[1:] == [
        "s1._domainkey.example.org example.org:s1:/etc/dkimkeys/example.org.s1.private"
    ]
    rows = site.text("etc/opendkim/signingtable").splitlines()
    assert "*@example.org s1._domainkey.example.org" in rows


@pytest.mark.parametrize(
    ("domains", "row"),
    [
        pytest.param(["example.org"], "s1._domainkey.example.org", id="the domain above"),
        pytest.param(["org.example"], "", id="no domain above"),
        pytest.param(
            ["example.org", "mx.example.org"],
            "s1._domainkey.mx.example.org",
            id="the nearest domain above",
        ),
    ],
)
def test_what_a_host_sends_itself_is_signed_by_the_domain_above_it(
    domains: list[str], row: str
) -> None:
    host = {"hostname": "a.mx.example.org", "addresses": ["192.0.2.25"]}
    spec = spec_of(hosts={"mail": host}, domains={name: {} for name in domains})
    order = yielded(plugin.files, asked(spec, {"selectors": KEYS}))[0]
    assert order.data.host_names == ((("a.mx.example.org", row),) if row else ())


def test_a_relay_signs_what_the_other_hosts_hand_over() -> None:
    spec = spec_of(hosts={"mail": MAIL, "out": OUT})
    orders = yielded(plugin.files, asked(spec, {"selectors": KEYS}))
    data = {order.host: order.data for order in orders if str(order.path) == FILES[0]}
    assert data["out"].internal == ("192.0.2.25", "2001:db8::25")
    assert data["out"].host_names == (("mail.example.org", "s1._domainkey.example.org"),)
    assert (data["mail"].internal, data["mail"].keys) == ((), ())


def test_the_daemon_is_told_whose_mail_it_signs() -> None:
    changes = {"hosts": {"out": OUT}, **options("dkim", selectors=KEYS)}
    site = rendered(changes)
    internal = {
        host: line.split(None, 1)[1]
        for host in ("mail", "out")
        for line in site.text("etc/opendkim.conf", host).splitlines()
        if line.startswith("InternalHosts")
    }
    assert internal == {"mail": "127.0.0.1, ::1", "out": "127.0.0.1, ::1, 192.0.2.25"}
