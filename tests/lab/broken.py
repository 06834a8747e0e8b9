"""Faults to put into a site before it boots; run as the first process of a lab's namespaces.

`python -m tests.lab.broken FAULT SPEC` prints the report as JSON, or what the boot said.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mailconf.engine.load import load
from mailconf.engine.render import Renderer
from mailconf.lab.authority import Authority
from mailconf.lab.faults import BootError
from mailconf.lab.prove import Prover
from mailconf.lab.site import Site
from mailconf.report.json import render

HOST = "mail"
LIVE = "/etc/letsencrypt/live/mail.example.org"
MAIN, DOVECOT = "/etc/postfix/main.cf", "/etc/dovecot/dovecot.conf"


def replaced(path: str, old: str, new: str) -> Callable[[Site], None]:
    def tamper(site: Site) -> None:
        file = site.hosts[HOST].files[path]
        assert old in file.text, f"{path} does not hold {old!r}"
        file.text = file.text.replace(old, new)

    return tamper


def without_certificate(site: Site) -> None:
    del site.hosts[HOST].files[f"{LIVE}/fullchain.pem"]


def without_mx(site: Site) -> None:
    lines = site.zones["example.org"].splitlines(keepends=True)
    site.zones["example.org"] = "".join(line for line in lines if " MX " not in line)


def with_expired_certificate(site: Site) -> None:
    authority = Authority(datetime.now(UTC))
    names = ["mail.example.org", "autoconfig.example.org", "mta-sts.example.org"]
    issued = authority.issue(names, until=datetime.now(UTC) - timedelta(days=1))
    site.hosts[HOST].files[f"{LIVE}/fullchain.pem"].text = issued.certificate
    site.hosts[HOST].files[f"{LIVE}/privkey.pem"].text = issued.private_key


FAULTS: dict[str, Callable[[Site], None]] = {
    "milter socket": replaced(MAIN, "127.0.0.1:8891", "127.0.0.1:8899"),
    "missing certificate": without_certificate,
    "mistyped restriction": replaced(MAIN, "_sender_domain", "_sender_domian"),
    "dkim selector": replaced("/etc/opendkim/keytable", ":s202611a:", ":s202511z:"),
    "passdb driver": replaced(
        DOVECOT, "driver = passwd-file\n  args = scheme", "driver = passwdfile\n  args = scheme"
    ),
    "mx record": without_mx,
    "expired certificate": with_expired_certificate,
    "media type": replaced(
        "/etc/nginx/conf.d/mailconf.conf", "default_type text/xml", "default_type text/html"
    ),
    "open relay": replaced(MAIN, "127.0.0.0/8 [::1]/128", "0.0.0.0/0 [::]/0"),
    "no working restriction": replaced(
        MAIN, "reject_unauth_destination", "reject_unauth_destinaton"
    ),
    "spoofing allowed": replaced(
        "/etc/opendmarc.conf", "RejectFailures         true", "RejectFailures false"
    ),
    "unknown parameter": replaced(MAIN, "smtpd_helo_required", "smtpd_hello_required"),
}


def main(fault: str, spec: Path) -> None:
    prover = Prover(spec, lambda _step: None)
    try:
        report = prover.run(load(spec), Renderer(), FAULTS[fault])
    except BootError as why:
        sys.exit(f"boot: {why}")
    sys.stdout.write(render(report))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
