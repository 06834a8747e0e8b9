"""A reviewer of one host's files, and a main.cf in which it finds nothing."""

from typing import Any

from mailconf.plugins.postfix.review import Reviewer
from mailconf.testing import spec_of
from tests.plugins.asking import codes

SOUND = {
    "compatibility_level": "3.5",
    "smtpd_forbid_bare_newline": "normalize",
    "smtp_tls_security_level": "may",
}


def reviewer(target: Any = "debian-12") -> Reviewer:
    mail = {"hostname": "mail.example.org", "addresses": ["192.0.2.25"], "target": target}
    other = {"hostname": "mx2.example.org", "addresses": ["2001:db8::2"]}
    spec = spec_of(hosts={"mail": mail, "other": other})
    return Reviewer(spec, spec.hosts["mail"])


def in_main(target: Any = "debian-12", /, **parameters: str) -> list[str]:
    """Return what is found in a sound main.cf with these parameters; an empty one is left out."""
    values = {name: value for name, value in {**SOUND, **parameters}.items() if value}
    return codes(reviewer(target).main_cf(as_lines(values)))


def in_master(*lines: str, target: Any = "debian-12") -> list[str]:
    return codes(reviewer(target).master_cf("\n  ".join(lines)))


def as_lines(values: dict[str, str]) -> str:
    return "".join(f"{name} = {value}\n" for name, value in values.items())
