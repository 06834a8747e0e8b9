"""Records that are hard to write, for every plugin that hands records to a publishing tool."""

import base64
from typing import Any

from mailconf.model.artifact import Artifact
from mailconf.model.plugin import Plugin
from mailconf.model.zone import Zone, zones
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded
from tests.plugins.rendering import RENDERER
from tests.record_kinds import record

KEY = base64.b64encode(bytes(range(256)) * 2).decode()
SPEC = spec_of(
    domains={"example.org": {}, "shop.example.org": {"mail": "none"}},
    dns={"zones": ["example.org", "shop.example.org", "2.0.192.in-addr.arpa"]},
)
RECORDS = (
    record("2.2.0.192.in-addr.arpa.", "PTR", "mail.example.org."),
    record("9.100.51.198.in-addr.arpa.", "PTR", "not.in.a.zone.of.ours.example."),
    record("_25._tcp.mail.example.org.", "TLSA", f"3 1 1 {'ab' * 32}"),
    record("_dmarc.example.org.", "TXT", "v=DMARC1; p=reject; rua=mailto:a@example.org"),
    record("_imaps._tcp.example.org.", "SRV", "0 1 993 mail.example.org.", 300),
    record("_pop3._tcp.example.org.", "SRV", "0 0 0 ."),
    record("autoconfig.example.org.", "CNAME", "mail.example.org."),
    record("example.org.", "MX", "10 mail.example.org."),
    record("example.org.", "MX", "20 mx.backup.example."),
    record("example.org.", "TXT", "v=spf1 exists:%{i}._spf.example.org ~all"),
    record("mail.example.org.", "A", "192.0.2.2"),
    record("mail.example.org.", "AAAA", "2001:db8::2"),
    record("mail.example.org.", "CAA", '0 issue "letsencrypt.org; validationmethods=dns-01"'),
    record("mail.example.org.", "CAA", '0 issuewild ";"'),
    record("s1._domainkey.example.org.", "TXT", f"v=DKIM1; k=rsa; p={KEY}"),
    record("shop.example.org.", "MX", "0 ."),
    record("text.example.org.", "TXT", 'a "quoted" text, $ and ${var} and | too'),
)
ZONES = zones(SPEC, RECORDS)
EVERY = {(r.name, r.type, r.value, r.ttl) for zone in ZONES for r in zone.records}


def zone(name: str) -> Zone:
    return next(zone for zone in ZONES if zone.name == name)


def published(plugin: Plugin[Any], **options: Any) -> dict[str, str]:
    """Return the text of every file that a plugin writes for the records, by its path under dns/."""
    seen = view(plugin, SPEC, options=options, records=RECORDS)
    artifacts, findings = RENDERER.carry_out(
        [(plugin, order) for order in yielded(plugin.files, seen)]
    )
    assert findings == []
    return {_under_dns(artifact): artifact.text for artifact in artifacts}


def _under_dns(artifact: Artifact) -> str:
    return str(artifact.path.relative_to("dns"))
