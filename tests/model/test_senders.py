"""Who may send as which address."""

from typing import Any

from mailconf.model.senders import sender_logins
from mailconf.model.spec import Spec

HOSTS = {"mail": {"hostname": "mail.a.example", "addresses": ["192.0.2.25"]}}


def spec_of(**domains: Any) -> Spec:
    named = {f"{name}.example": {"<name>": f"{name}.example", **d} for name, d in domains.items()}
    hosts = {key: {"<key>": key, **host} for key, host in HOSTS.items()}
    return Spec.model_validate({"version": 1, "hosts": hosts, "domains": named})


def test_a_mailbox_an_alias_and_a_delegate_may_send() -> None:
    spec = spec_of(
        a={
            "mailboxes": {"x": {}, "y": {"send_as": ["@b.example", "x"]}},
            "aliases": {"all": ["x", "y"]},
        },
        b={"mailboxes": {"z": {}}},
    )
    assert sender_logins(spec) == {
        "x@a.example": ("x@a.example", "y@a.example"),
        "y@a.example": ("y@a.example",),
        "all@a.example": ("x@a.example", "y@a.example"),
        "z@b.example": ("z@b.example", "y@a.example"),
        "@b.example": ("y@a.example",),
    }


def test_whom_the_spec_does_not_know_may_be_a_user_of_the_store() -> None:
    spec = spec_of(a={"aliases": {"info": "somebody"}})
    assert sender_logins(spec) == {}
    assert sender_logins(spec, ["a.example"]) == {"info@a.example": ("somebody@a.example",)}
