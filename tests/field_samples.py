"""For every field of a spec: a site where it matters, and a value that changes what the site means."""

from typing import Any

Overlay = dict[str, Any]
# Laid over SITE of tests/plugins/rendering: first for both, then for one of the two.
Sample = tuple[Overlay, Overlay]


def _option(plugin: str, given: Overlay | None = None, **values: Any) -> Sample:
    return {"plugins": {plugin: given}} if given else {}, {"plugins": {plugin: values}}


def _domain(given: Overlay | None = None, **values: Any) -> Sample:
    return {"domains": {"example.org": given or {}}}, {"domains": {"example.org": values}}


def _host(given: Overlay | None = None, **values: Any) -> Sample:
    return {"hosts": {"mail": given or {}}}, {"hosts": {"mail": values}}


def _other(given: Overlay, **values: Any) -> Sample:
    """Of a second domain, which is not hosted here."""
    return {"domains": {"example.net": given}}, {"domains": {"example.net": values}}


PUBLIC = "MCowBQYDK2VwAyEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
KEY: Overlay = {"state": "active", "public_key": PUBLIC, "private_key": "ref+env://KEY"}
LOGGED_IN: Overlay = {"password": "ref+env://ALICE"}
TLS: Overlay = {"certificate": "/etc/ssl/a.pem", "private_key": "/etc/ssl/a.key"}
SQL: Overlay = {
    "driver": "pgsql", "dbname": "mail", "password_query": "SELECT 1", "user_query": "SELECT 2",
}  # fmt: skip
LDAP: Overlay = {"uris": ["ldaps://ldap.example.org"], "base": "dc=example"}
OAUTH: Overlay = {"introspection_url": "ref+env://URL"}
TOKENS: Overlay = {"oauth2": OAUTH}
DIGEST, OTHER_DIGEST = "ab" * 32, "cd" * 32
HOURLY: Overlay = {"recipients": 10, "per": "1h"}
SRS: Overlay = {"domain": "example.org", "secret": "ref+env://SRS"}
SECOND_STORE: Overlay = {
    "hosts": {
        "two": {"hostname": "two.example.org", "addresses": ["192.0.2.26"], "roles": ["mailstore"]}
    }
}
OCTODNS: Overlay = {"enabled": True}
RSPAMD: Overlay = {"plugins": {"dkim": {"signer": "rspamd"}}}
NEWER: Overlay = {"hosts": {"mail": {"target": "debian-13"}}}
REPORTS = ["mailto:reports@example.org"]


def _selector(given: Overlay | None = None, **values: Any) -> Sample:
    one = {"dkim": {"selectors": {"s1": given or KEY}}}
    return _domain(one, dkim={"selectors": {"s1": values}})


def _smarthost(given: Overlay | None = None, **values: Any) -> Sample:
    through = {"smarthost": {"host": "smtp.relay.example"} | (given or {})}
    return _domain(through, smarthost=values)


def _dovecot(inner: str, given: Overlay, **values: Any) -> Sample:
    return _option("dovecot", {inner: given}, **{inner: values})


SAMPLES: dict[str, Sample] = {
    "hosts.*.hostname": _host(hostname="other.example.org"),
    "hosts.*.addresses": _host(addresses=["192.0.2.99"]),
    "hosts.*.roles": _host(roles=["mx", "submission", "mailstore"]),
    "hosts.*.target": _host(target="debian-13"),
    "hosts.*.protocols.*.port": _host(protocols={"imap": {"port": 143}}),
    "hosts.*.protocols.*.proxies": _host(protocols={"imaps": {"port": 993, "proxies": ["192.0.2.9"]}}),
    "hosts.*.send_as": _host(send_as=["cron@example.org"]),
    "hosts.*.system_mail": _host(system_mail="admin@example.com"),
    "hosts.*.jobs": _host(jobs={"mta": "other"}),
    "hosts.*.tls.certificate": _host({"tls": TLS}, tls={"certificate": "/etc/ssl/b.pem"}),
    "hosts.*.tls.private_key": _host({"tls": TLS}, tls={"private_key": "/etc/ssl/b.key"}),
    "domains.*.mail": _domain(mail="send-only"),
    "domains.*.provider.name": _other({"provider": {"name": "google-workspace"}}, provider={"name": "microsoft-365"}),
    "domains.*.provider.tenant": _other({"provider": {"name": "microsoft-365"}}, provider={"tenant": "contoso"}),
    "domains.*.mx": _domain(mx={"mail": 20}),
    "domains.*.store": (SECOND_STORE, {"domains": {"example.org": {"store": "two"}}}),
    "domains.*.mailboxes.*.password": _domain(mailboxes={"alice": {"password": "ref+env://OTHER"}}),
    "domains.*.mailboxes.*.quota": _domain(mailboxes={"alice": {"quota": "1G"}}),
    "domains.*.mailboxes.*.send_as": _domain(mailboxes={"alice": {"send_as": ["sales@example.org"]}}),
    "domains.*.aliases": _domain(aliases={"info": "alice"}),
    "domains.*.catch_all": _domain(catch_all="alice"),
    "domains.*.senders.0.addresses": _domain(senders=[{"addresses": ["198.51.100.0/24"]}]),
    "domains.*.senders.0.include": _domain(senders=[{"include": "_spf.sender.example"}]),
    "domains.*.senders.0.dkim": _domain(senders=[{"dkim": {"s9": "s9.sender.example"}}]),
    "domains.*.smarthost.host": _smarthost(host="other.relay.example"),
    "domains.*.smarthost.port": _smarthost(port=465),
    "domains.*.smarthost.username": _smarthost({"password": "ref+env://P"}, username="u"),
    "domains.*.smarthost.password": _smarthost({"username": "u"}, password="ref+env://P"),
    "domains.*.client_host": _domain(client_host="in.example.org"),
    "domains.*.tls.certificate": _domain({"client_host": "in.example.org", "tls": TLS}, tls={"certificate": "/etc/ssl/b.pem"}),
    "domains.*.tls.private_key": _domain({"client_host": "in.example.org", "tls": TLS}, tls={"private_key": "/etc/ssl/b.key"}),
    "protocols.*.port": ({}, {"protocols": {"imap": {"port": 143}}}),
    "protocols.*.proxies": ({}, {"protocols": {"imaps": {"port": 993, "proxies": ["192.0.2.9"]}}}),
    "system_mail": ({}, {"system_mail": "admin@example.com"}),
    "load.users": ({}, {"load": {"users": 4000}}),
    "load.devices": ({"load": {"users": 4000}}, {"load": {"devices": 9}}),
    "dns.ttl": ({}, {"dns": {"ttl": "2h"}}),
    "dns.ttls": ({}, {"dns": {"ttls": {"mx": "2h"}}}),
    "dns.zones": ({}, {"dns": {"zones": ["org"]}}),
    "jobs": ({}, {"jobs": {"mta": "other"}}),
    "plugins.autoconfig.display_name": _option("autoconfig", display_name="Example"),
    "plugins.bimi.logo": _option("bimi", logo="https://example.org/l.svg"),
    "plugins.bimi.evidence": _option("bimi", {"logo": "https://example.org/l.svg"}, evidence="https://example.org/l.pem"),
    "plugins.caa.issuers.0.domain": _option("caa", issuers=[{"domain": "ca.example"}]),
    "plugins.caa.issuers.0.account": _option("caa", {"issuers": [{"domain": "ca.example"}]}, issuers=[{"domain": "ca.example", "account": "https://ca.example/1"}]),
    "plugins.caa.issuers.0.methods": _option("caa", {"issuers": [{"domain": "ca.example"}]}, issuers=[{"domain": "ca.example", "methods": ["dns-01"]}]),
    "plugins.caa.iodef": _option("caa", {"issuers": [{"domain": "ca.example"}]}, iodef="mailto:caa@example.org"),
    "plugins.client_names.autodiscover": _option("client_names", autodiscover="a.example.org"),
    "plugins.client_names.ua_auto_config": _option("client_names", ua_auto_config="a.example.org"),
    "plugins.client_names.apple_profile": _option("client_names", apple_profile="https://a.example.org/x"),
    "plugins.dane.keys.0.sha256": _option("dane", {"keys": [DIGEST]}, keys=[OTHER_DIGEST]),
    "plugins.dane.keys.0.state": _option("dane", {"keys": [DIGEST, {"sha256": OTHER_DIGEST}]}, keys=[DIGEST, {"sha256": OTHER_DIGEST, "state": "next"}]),
    "plugins.dane.keys.0.since": _option("dane", {"keys": [DIGEST, {"sha256": OTHER_DIGEST, "state": "next"}]}, keys=[DIGEST, {"sha256": OTHER_DIGEST, "state": "next", "since": "2026-11-01"}]),
    "plugins.dkim.signer": _option("dkim", signer="rspamd"),
    "plugins.dkim.selectors.*.state": _selector(state="retiring"),
    "plugins.dkim.selectors.*.since": _selector(since="2026-11-01"),
    "plugins.dkim.selectors.*.created": _selector(created="2026-11-01"),
    "plugins.dkim.selectors.*.type": _selector(type="ed25519"),
    "plugins.dkim.selectors.*.public_key": _selector(public_key=PUBLIC.replace("AAA", "BBB", 1)),
    "plugins.dkim.selectors.*.private_key": _selector(private_key="ref+env://OTHER"),
    "plugins.dkim.rotate_after": _selector({**KEY, "since": "2026-11-01"}),
    "plugins.dkim.strict": _domain({"dkim": {"selectors": {"s1": KEY}}}, dkim={"strict": True}),
    "plugins.dkim.keep_retired": _selector({**KEY, "state": "retiring", "since": "2026-11-01"}),
    "plugins.dmarc.policy": _option("dmarc", policy="none"),
    "plugins.dmarc.subdomain_policy": _option("dmarc", subdomain_policy="quarantine"),
    "plugins.dmarc.nonexistent_policy": _option("dmarc", nonexistent_policy="quarantine"),
    "plugins.dmarc.alignment": _option("dmarc", alignment="strict"),
    "plugins.dmarc.reports": _option("dmarc", reports=REPORTS),
    "plugins.dnsbl.address_lists": _option("dnsbl", address_lists=["list.example"]),
    "plugins.dnsbl.domain_lists": _option("dnsbl", domain_lists=["list.example"]),
    "plugins.dnscontrol.enabled": _option("dnscontrol", enabled=True),
    "plugins.dovecot.storage": _option("dovecot", storage="sdbox"),
    "plugins.dovecot.quota": _option("dovecot", quota="1G"),
    "plugins.dovecot.max_connections": _option("dovecot", max_connections=5),
    "plugins.dovecot.full_text_search": _option("dovecot", full_text_search=True),
    "plugins.dovecot.last_login": _option("dovecot", last_login=True),
    "plugins.dovecot.sieve_before": _option("dovecot", sieve_before="keep;"),
    "plugins.dovecot.sieve_after": _option("dovecot", sieve_after="keep;"),
    "plugins.dovecot.sql.driver": _dovecot("sql", SQL, driver="mysql"),
    "plugins.dovecot.sql.host": _dovecot("sql", SQL, host="db.example.org"),
    "plugins.dovecot.sql.dbname": _dovecot("sql", SQL, dbname="post"),
    "plugins.dovecot.sql.username": _dovecot("sql", SQL, username="reader"),
    "plugins.dovecot.sql.password": _dovecot("sql", SQL, password="ref+env://P"),
    "plugins.dovecot.sql.password_query": _dovecot("sql", SQL, password_query="SELECT 3"),
    "plugins.dovecot.sql.user_query": _dovecot("sql", SQL, user_query="SELECT 3"),
    "plugins.dovecot.ldap.uris": _dovecot("ldap", LDAP, uris=["ldap://ldap.example.org"]),
    "plugins.dovecot.ldap.base": _dovecot("ldap", LDAP, base="dc=other"),
    "plugins.dovecot.ldap.filter": _dovecot("ldap", LDAP, filter="(mail=%{user})"),
    "plugins.dovecot.ldap.bind_dn": _dovecot("ldap", LDAP, bind_dn="cn=reader"),
    "plugins.dovecot.ldap.password": _dovecot("ldap", {**LDAP, "bind_dn": "cn=reader"}, password="ref+env://P"),
    "plugins.dovecot.oauth2.introspection_url": _dovecot("oauth2", OAUTH, introspection_url="ref+env://OTHER"),
    "plugins.dovecot.oauth2.username_attribute": _dovecot("oauth2", OAUTH, username_attribute="upn"),
    "plugins.firewall.keep_open.0.first": _option("firewall", keep_open=["tcp/2222"]),
    "plugins.firewall.keep_open.0.last": _option("firewall", keep_open=["tcp/22-30"]),
    "plugins.firewall.keep_open.0.protocol": _option("firewall", keep_open=["udp/22"]),
    "plugins.firewall.keep_open.0.from": _option("firewall", keep_open=[{"port": 22, "from": ["198.51.100.0/24"]}]),
    "plugins.firewall.smtp_users": _option("firewall", smtp_users=["nagios"]),
    "plugins.firewall.keep_open_to": _option("firewall", keep_open_to=["198.51.100.0/24"]),
    "plugins.mta_sts.mode": _option("mta_sts", mode="enforce"),
    "plugins.mta_sts.since": _option("mta_sts", since="2026-11-01"),
    "plugins.mta_sts.max_age": _option("mta_sts", max_age="14d"),
    "plugins.mta_sts_resolver.enabled": _option("mta_sts_resolver", enabled=False),
    "plugins.mta_sts_resolver.port": _option("mta_sts_resolver", port=9000),
    "plugins.mta_sts_resolver.cache_size": _option("mta_sts_resolver", cache_size=5),
    "plugins.nsupdate.enabled": _option("nsupdate", enabled=True),
    "plugins.octodns.enabled": _option("octodns", enabled=True),
    "plugins.octodns.escaped_semicolons": _option("octodns", OCTODNS, escaped_semicolons=False),
    "plugins.opendkim.port": _option("opendkim", port=9000),
    "plugins.opendmarc.port": _option("opendmarc", port=9000),
    "plugins.originators.port": _option("originators", port=9000),
    "plugins.panel.enabled": _option("panel", enabled=True),
    "plugins.policyd_spf.reject_helo": _option("policyd_spf", reject_helo="Softfail"),
    "plugins.policyd_spf.reject_mail_from": _option("policyd_spf", reject_mail_from="Fail"),
    "plugins.postfix.message_size": _option("postfix", message_size="10M"),
    "plugins.postfix.queue_lifetime": _option("postfix", queue_lifetime="3d"),
    "plugins.postfix.bounce_lifetime": _option("postfix", bounce_lifetime="3d"),
    **{
        f"plugins.postfix.{kind}.{name}": _option("postfix", **{kind: {name: 7}})
        for kind in ("limits", "submission_limits")
        for name in ("connections", "connection_rate", "message_rate", "recipient_rate", "auth_rate")
    },
    "plugins.postfix.postscreen.dnsbl": _option("postfix", {"postscreen": {}}, postscreen={"dnsbl": []}),
    "plugins.postfix.postscreen.threshold": _option("postfix", {"postscreen": {}}, postscreen={"threshold": 5}),
    "plugins.postfix.hide_clients": _option("postfix", hide_clients=False),
    "plugins.postfix.tls_policy": _option("postfix", tls_policy={"example.com": "encrypt"}),
    "plugins.postfix.tlsrpt_socket": _option("postfix", tlsrpt_socket="run/tlsrpt.sock"),
    "plugins.postfix.trust_bare_newlines_from": _option("postfix", trust_bare_newlines_from=["198.51.100.0/24"]),
    "plugins.postfix.main_cf": _option("postfix", main_cf={"delay_warning_time": "4h"}),
    "plugins.postfix.master_cf": _option("postfix", master_cf=["10025 inet n - y - - smtpd"]),
    "plugins.postsrsd.domain": _option("postsrsd", {"secret": "ref+env://SRS"}, domain="example.org"),
    "plugins.postsrsd.secret": _option("postsrsd", SRS, secret="ref+env://OTHER"),
    "plugins.postsrsd.forward_port": _option("postsrsd", SRS, forward_port=9000),
    "plugins.postsrsd.reverse_port": _option("postsrsd", SRS, reverse_port=9000),
    "plugins.rate_limits.per_login.0.recipients": _option("rate_limits", per_login=[HOURLY]),
    "plugins.rate_limits.per_login.0.per": _option("rate_limits", {"per_login": [HOURLY]}, per_login=[{**HOURLY, "per": "2h"}]),
    "plugins.rate_limits.exceptions.*.recipients": _option("rate_limits", {"per_login": [HOURLY]}, exceptions={"alice@example.org": [HOURLY]}),
    "plugins.rate_limits.exceptions.*.per": _option("rate_limits", {"per_login": [HOURLY], "exceptions": {"a@example.org": [HOURLY]}}, exceptions={"a@example.org": [{**HOURLY, "per": "2h"}]}),
    "plugins.rate_limits.port": _option("rate_limits", {"per_login": [HOURLY]}, port=9000),
    "plugins.records_json.enabled": _option("records_json", enabled=False),
    "plugins.round_trip.logins": _option("round_trip", logins={"alice@example.org": "ref+env://A"}),
    "plugins.round_trip.within": _option("round_trip", {"logins": {"alice@example.org": "ref+env://A"}}, within="5s"),
    **{
        f"plugins.rspamd.{name}": (RSPAMD, {"plugins": {"rspamd": {name: value}}})
        for name, value in (
            ("port", 9000), ("controller_port", 9000), ("reject", 9), ("add_header", 5), ("learn", False),
        )
    },
    "plugins.silent_names.names": _option("silent_names", names=["www"]),
    "plugins.spf.all": _option("spf", all="-all"),
    "plugins.terraform.provider": _option("terraform", provider="route53"),
    "plugins.texts.values": _option("texts", values=["verification"]),
    "plugins.tls_rpt.reports": _option("tls_rpt", reports=REPORTS),
    "plugins.tls_certificates.challenge": _option("tls_certificates", challenge="none"),
    "plugins.tls_certificates.dns_plugin": _option("tls_certificates", {"challenge": "dns"}, dns_plugin="route53"),
    "plugins.tls_certificates.max_names": _option("tls_certificates", max_names=1),
    "plugins.webserver.certificates": _option("webserver", certificates="domain"),
    "plugins.zonefile.name_servers": _option("zonefile", name_servers=["ns.ns.example"]),
    "plugins.zonefile.contact": _option("zonefile", {"name_servers": ["ns.ns.example"]}, contact="a@example.com"),
    "plugins.zonefile.serial": _option("zonefile", {"name_servers": ["ns.ns.example"]}, serial=7),
}  # fmt: skip
SAMPLES["plugins.dkim.rotate_after"][1]["domains"]["example.org"] = {
    "dkim": {"rotate_after": "30d"}
}
SAMPLES["plugins.dkim.keep_retired"][1]["domains"]["example.org"] = {
    "dkim": {"keep_retired": "30d"}
}

# Fields that change nothing of a build, and why that is right.
EXCEPTIONS = {
    "version": "there is one",
    "waivers.0.code": "waivers are applied to the findings of a build: tests/engine/test_waive.py",
    "waivers.0.where": "as above",
    "waivers.0.reason": "for people",
    "waivers.0.until": "as above, by the day on which a command runs",
    "plugins.dmarc.since": "read by the live check dmarc.record, with the time of the World",
    "plugins.dmarc.observe_for": "as since",
}
