"""Keys that senders insist on must be known before they are used."""

from __future__ import annotations

from collections.abc import Iterator

from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.plugin import View
from mailconf.plugins.dane.options import DaneOptions

HOST = "hosts: {{mail: {{dane: {{keys: [{keys}]}}}}}}"
ONE, OTHER = f"'{'1' * 64}'", f"'{'2' * 64}'"
ONLY_ONE = Rule(
    code="DAN004",
    name="dane-no-rollover-key",
    severity=Severity.WARNING,
    message="{host} publishes only one key; senders defer mail if a renewal replaces it",
    fix="add the next key (mailconf keys tls), or keep the key over renewals (certbot --reuse-key) and waive this",
    ref="RFC 7671 §8.1",
    bad=HOST.format(keys=ONE),
    good=HOST.format(keys=f"{ONE}, {OTHER}"),
)
NOT_AN_MX = Rule(
    code="DAN007",
    name="dane-host-not-mx",
    severity=Severity.WARNING,
    message="{host} has DANE keys but is not an MX host; senders do not look up its TLSA records",
    fix="remove them, or put them under the MX host",
    ref="RFC 7672 §2.2.3",
    bad=(
        "hosts: {out: {hostname: out.example.org, addresses: [192.0.2.99], roles: [relay], "
        f"dane: {{keys: [{ONE}, {OTHER}]}}}}}}"
    ),
    good=HOST.format(keys=f"{ONE}, {OTHER}"),
)


NO_CURRENT = Rule(
    code="DAN009",
    name="dane-no-current-key",
    severity=Severity.ERROR,
    message="{host} has DANE keys, but none of them is current; senders would defer mail",
    fix="add the key in use: mailconf keys tls SPEC CERTIFICATE --host KEY",
    ref="RFC 7671 §8.1",
    bad=f"hosts: {{mail: {{dane: {{keys: [{{sha256: {ONE}, state: past}}, {{sha256: {OTHER}, state: next}}]}}}}}}",
    good=f"hosts: {{mail: {{dane: {{keys: [{{sha256: {ONE}}}, {{sha256: {OTHER}, state: next}}]}}}}}}",
)


def next_key_is_known(view: View[DaneOptions], host: Host) -> Iterator[Finding]:
    """Yield hosts with one key, and those whose keys nobody asks for."""
    keys = [key.sha256 for key in view.for_host(host).keys if key.state != "past"]
    states = {key.state for key in view.for_host(host).keys}
    where = ("hosts", host.key, "dane")
    if keys and not view.spec.is_mx(host):
        yield NOT_AN_MX.at(host.key, where, host=host.hostname)
    elif states and "current" not in states:
        yield NO_CURRENT.at(host.key, where, host=host.hostname)
    elif len(set(keys)) == 1:
        yield ONLY_ONE.at(host.key, where, host=host.hostname)
