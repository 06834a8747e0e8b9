"""OpenDMARC judges what arrives, after OpenDKIM."""

from typing import Any

from mailconf.model.artifact import Unit
from mailconf.model.plugin import View
from mailconf.model.requests.mail import JudgeMail
from mailconf.model.requests.mta import Milter
from mailconf.model.spec import Spec
from mailconf.plugins.dkim import plugin as dkim
from mailconf.plugins.opendkim import plugin as opendkim
from mailconf.plugins.opendmarc import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded

MAIL = {"hostname": "mail.example.org", "addresses": ["192.0.2.25"]}
SPARE = {
    "hostname": "spare.example.org",
    "addresses": ["192.0.2.26", "2001:db8::26"],
    "roles": ["backup-mx"],
}
OUT = {"hostname": "out.example.org", "addresses": ["192.0.2.27"], "roles": ["relay"]}


def verifier(spec: Spec, signer: str = "opendkim") -> View[Any]:
    """Return what OpenDKIM sees when the dkim plugin has chosen a signer."""
    made = yielded(dkim.requests, view(dkim, spec, options={"signer": signer}))
    return view(opendkim, spec, requests=[one for one in made if one.to == opendkim.name])


def judge(spec: Spec, signer: str = "opendkim", **options: int) -> View[Any]:
    """Return what OpenDMARC sees then."""
    made = yielded(opendkim.requests, verifier(spec, signer))
    ours = [one for one in made if isinstance(one, JudgeMail)]
    return view(plugin, spec, options=options, requests=ours)


def test_it_is_asked_on_port_25_only_and_after_opendkim() -> None:
    made = yielded(plugin.requests, judge(spec_of(), port=8900))
    (milter,) = [one for one in made if isinstance(one, Milter)]
    before = yielded(opendkim.requests, verifier(spec_of()))
    (other,) = [one for one in before if isinstance(one, Milter) and one.way == "smtpd"]
    assert (milter.way, milter.address) == ("smtpd", "inet:127.0.0.1:8900")
    assert milter.order > other.order


def test_its_files_on_a_host() -> None:
    order, ignored = yielded(plugin.files, judge(spec_of()))
    assert (str(order.path), order.service) == ("etc/opendmarc.conf", "opendmarc")
    assert ignored.data.ours == ("192.0.2.25",)
    assert Unit("opendmarc", "restart") in order.needs


def test_where_rspamd_verifies_it_does_nothing() -> None:
    seen = judge(spec_of(), signer="rspamd")
    assert yielded(plugin.files, seen) == []
    assert yielded(plugin.requests, seen) == []


def test_it_runs_only_where_mail_arrives() -> None:
    seen = judge(spec_of(hosts={"mail": MAIL, "spare": SPARE, "out": OUT}))
    assert {request.host for request in yielded(plugin.requests, seen)} == {"mail", "spare"}
    assert {order.host for order in yielded(plugin.files, seen)} == {"mail", "spare"}


def test_what_a_backup_has_judged_is_not_judged_again() -> None:
    orders = yielded(plugin.files, judge(spec_of(hosts={"mail": MAIL, "spare": SPARE})))
    ignored = [order for order in orders if str(order.path) == "etc/opendmarc/ignore.hosts"]
    assert [order.host for order in ignored] == ["mail", "spare"]
    assert ignored[0].data.ours == ("192.0.2.25", "192.0.2.26", "2001:db8::26")


def test_what_our_senders_hand_over_is_not_judged_before_it_is_signed() -> None:
    both = MAIL | {"roles": ["mx", "relay"]}
    users = OUT | {"hostname": "users.example.org", "roles": ["submission", "mailstore"]}
    orders = yielded(plugin.files, judge(spec_of(hosts={"mail": both, "users": users})))
    ignored = [order for order in orders if str(order.path) == "etc/opendmarc/ignore.hosts"]
    assert [(order.host, order.data.ours) for order in ignored] == [
        ("mail", ("192.0.2.25", "192.0.2.27"))
    ]
