"""What Exim is not rendered for."""

from collections.abc import Iterator

from mailconf.api import Finding, Host, Rule, Severity, UseSigningKey, View
from mailconf_exim.options import EximOptions

SERVED = ("relay", "send-only", "web")
ROLE = Rule(
    code="EXM001",
    name="exim-role",
    severity=Severity.ERROR,
    message="host {host} has the role {role}; exim serves only relay and send-only",
    fix="set hosts: {{{host}: {{jobs: {{mta: postfix}}}}}}, or take the role away",
)
KEY_TYPE = Rule(
    code="EXM002",
    name="exim-key-type",
    severity=Severity.ERROR,
    message="the key {selector} of {domain} is of type {type}; exim signs with rsa keys only",
    fix="sign with rspamd on {host}, or retire the key",
)
SMARTHOST = Rule(
    code="EXM003",
    name="exim-smarthost",
    severity=Severity.ERROR,
    message="mail of {domain} leaves through {smarthost}; exim on {host} sends to the Internet directly",
    fix="set hosts: {{{host}: {{jobs: {{mta: postfix}}}}}}, or remove the smarthost",
)


def exim_can(view: View[EximOptions], host: Host) -> Iterator[Finding]:
    """Yield the duties of a host that Exim does not do."""
    for role in host.roles if host.is_mta else ():
        if role not in SERVED:
            yield ROLE.at(host.key, ("hosts", host.key, "roles"), host=host.key, role=role)
    for asked in view.requests_on(host).of(UseSigningKey):
        if asked.key_type != "rsa":
            where = ("domains", asked.domain, "dkim", "selectors", asked.selector)
            facts = {"selector": asked.selector, "domain": asked.domain, "type": asked.key_type}
            yield KEY_TYPE.at(asked.domain, where, host=host.key, **facts)
    for domain in view.spec.domains.values() if view.spec.is_egress(host) else ():
        if domain.smarthost and domain.sends:
            where = ("domains", domain.name, "smarthost")
            facts = {"domain": domain.name, "smarthost": domain.smarthost.host, "host": host.key}
            yield SMARTHOST.at(domain.name, where, **facts)
