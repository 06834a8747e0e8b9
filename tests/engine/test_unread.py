"""What a spec says where nothing reads it is a finding at its line."""

from pathlib import Path
from typing import Any

import pytest

from mailconf.engine.build import build
from mailconf.engine.render import Renderer
from mailconf.model.base import Model
from mailconf.model.host import Host
from mailconf.model.plugin import Facet, Plugin, View
from mailconf.model.record import Record
from tests.engine.specs import GOOD, built, parsed, told
from tests.engine.test_jobs import site

NAMED = "zonefile: {{name_servers: [ns.example.net], {}}}"


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("caa: {iodef: 'mailto:a@example.org'}", ["plugins.caa.iodef"]),
        ("caa: {iodef: 'mailto:a@example.org', issuers: [{domain: ca.example}]}", []),
        ("zonefile: {contact: a@example.org, serial: 2}", ["plugins.zonefile.contact", "plugins.zonefile.serial"]),
        (NAMED.format("contact: a@example.org, serial: 2"), []),
        ("tls_certificates: {dns_plugin: route53}", ["plugins.tls_certificates.dns_plugin"]),
        ("tls_certificates: {dns_plugin: route53, challenge: dns}", []),
    ],
)  # fmt: skip
def test_an_option_without_the_one_that_it_needs_is_told(
    tmp_path: Path, options: str, found: list[str]
) -> None:
    assert paths(tmp_path, f"{GOOD}plugins:\n  {options}\n") == found


def test_a_host_may_have_the_other_option(tmp_path: Path) -> None:
    text = GOOD.replace("[192.0.2.25]}", "[192.0.2.25], tls_certificates: {challenge: dns}}")
    assert paths(tmp_path, f"{text}plugins: {{tls_certificates: {{dns_plugin: route53}}}}\n") == []


def test_mail_of_a_domain_with_a_provider_is_told(tmp_path: Path) -> None:
    text = GOOD + "  news.example: {mail: send-only, provider: google-workspace}\n"
    assert paths(tmp_path, text) == ["domains.news.example.mail"]


CODES = ("CFG087", "CFG089", "HST032")


def paths(directory: Path, text: str) -> list[str]:
    found = [f for f in built(directory, text).findings if f.rule.code in CODES]
    assert all(finding.place and finding.place.line for finding in found)
    return [str(finding.facts["path"]) for finding in found]


def with_host(body: str) -> str:
    host = "  mail: {hostname: mail.example.org, addresses: [192.0.2.25]}\n"
    return GOOD.replace(host, f"{host}  more: {{hostname: more.example.org, {body}}}\n")


DOMAIN = "    aliases: {postmaster: alice, abuse: alice}\n"


@pytest.mark.parametrize(
    ("option", "has_effect"),
    [
        pytest.param("postfix: {message_size: 1M}", False, id="of a daemon"),
        pytest.param("dovecot: {quota: 1G}", False, id="of a store"),
        pytest.param("firewall: {keep_open: [22]}", False, id="of a packet filter"),
        pytest.param("zonefile: {serial: 5}", False, id="of zones"),
        pytest.param("round_trip: {within: 5s}", False, id="of a check"),
        pytest.param("dnsbl: {domain_lists: [dbl.example]}", False, id="of lists"),
        pytest.param("caa: {iodef: 'mailto:a@example.org'}", False, id="of hosts"),
        pytest.param("dane: {keys: []}", False, id="of keys of hosts"),
        pytest.param("dkim: {signer: rspamd}", False, id="one option of a plugin"),
        pytest.param("dkim: {rotate_after: 90d}", True, id="another option of it"),
        pytest.param("texts: {values: [hello]}", True, id="texts"),
        pytest.param("mta_sts: {mode: testing}", True, id="policy"),
    ],
)
def test_options_under_a_domain(tmp_path: Path, option: str, has_effect: bool) -> None:
    found = paths(tmp_path, f"{GOOD}    {option}\n")
    plugin, _, rest = option.partition(": {")
    path = f"domains.example.org.{plugin}.{rest.partition(':')[0]}"
    assert found == ([] if has_effect else [path])


@pytest.mark.parametrize(
    ("option", "has_effect"),
    [
        pytest.param("dkim: {selectors: {}}", False, id="keys"),
        pytest.param("dkim: {signer: rspamd}", True, id="signer"),
        pytest.param("mta_sts: {mode: testing}", False, id="policy"),
        pytest.param("spf: {all: '-all'}", False, id="of domains"),
        pytest.param("zonefile: {serial: 5}", False, id="of zones"),
        pytest.param("postfix: {message_size: 10M}", True, id="daemon"),
        pytest.param("tls_rpt: {reports: ['mailto:a@example.org']}", True, id="reports"),
    ],
)
def test_options_under_a_host(tmp_path: Path, option: str, has_effect: bool) -> None:
    text = GOOD.replace("[192.0.2.25]}", f"[192.0.2.25], {option}}}")
    assert bool(paths(tmp_path, text)) is not has_effect


def test_options_among_the_defaults_are_told_once(tmp_path: Path) -> None:
    text = f"{GOOD}  example.net: {{mail: none}}\ndefaults: {{postfix: {{message_size: 1M}}}}\n"
    assert paths(tmp_path, text) == ["defaults.postfix.message_size"]


def test_the_fix_names_the_places(tmp_path: Path) -> None:
    (found,) = [
        f for f in built(tmp_path, f"{GOOD}    postfix: {{message_size: 1M}}\n").findings
        if f.rule.code == "CFG087"
    ]  # fmt: skip
    assert "reads message_size under plugins and under hosts" in found.message
    assert told(found) == "8:15 CFG087"


PROVIDER = "provider: google-workspace"
M365 = "provider: {name: microsoft-365, tenant: contoso}"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param(PROVIDER, [], id="provider"),
        pytest.param(f"{PROVIDER}, mx: {{mail: 10}}", ["mx"], id="MX"),
        pytest.param(f"{PROVIDER}, store: mail", ["store"], id="store"),
        pytest.param(f"{PROVIDER}, catch_all: a@example.org", ["catch_all"], id="catch-all"),
        pytest.param(f"{PROVIDER}, smarthost: {{host: a.example}}", ["smarthost"], id="smarthost"),
        pytest.param(f"{PROVIDER}, client_host: a.example", ["client_host"], id="client host"),
        pytest.param(f"{PROVIDER}, mta_sts: {{mode: enforce}}", ["mta_sts.mode"], id="MTA-STS"),
        pytest.param(f"{PROVIDER}, autoconfig: {{display_name: x}}", ["autoconfig.display_name"], id="client file"),
        pytest.param(f"{PROVIDER}, dkim: {{rotate_after: 5d}}", ["dkim.rotate_after"], id="rotation"),
        pytest.param(f"{PROVIDER}, dkim: {{strict: true}}", ["dkim.strict"], id="flags of its keys"),
        pytest.param(
            f"{PROVIDER}, dkim: {{selectors: {{g: {{private_key: 'ref+env://K'}}}}}}",
            ["dkim.selectors.g.private_key"],
            id="private half of its key",
        ),
        pytest.param(f"{PROVIDER}, tls_rpt: {{reports: ['mailto:a@example.org']}}", [], id="reports"),
        pytest.param(f"{PROVIDER}, dmarc: {{policy: none}}, spf: {{all: '-all'}}", [], id="DMARC and SPF"),
        pytest.param(M365, [], id="tenant"),
        pytest.param("provider: {name: google-workspace, tenant: x}", ["provider.tenant"], id="tenant of Google"),
        pytest.param("mail: none, dmarc: {policy: none}", ["dmarc.policy"], id="parked, DMARC"),
        pytest.param("mail: none, spf: {all: '-all'}", ["spf.all"], id="parked, SPF"),
        pytest.param("mail: none, dkim: {selectors: {a: {}}}", ["dkim.selectors"], id="parked, keys"),
        pytest.param("mail: none, smarthost: {host: a.example}", ["smarthost"], id="parked, smarthost"),
        pytest.param("mail: none, tls_rpt: {reports: ['mailto:a@example.org']}", ["tls_rpt.reports"], id="parked, reports"),
        pytest.param(f"mail: none, {PROVIDER}", ["provider"], id="parked and a provider"),
        pytest.param("mail: none, texts: {values: [a]}, silent_names: {names: [www]}", [], id="parked, texts"),
        pytest.param("mail: none, bimi: {logo: 'https://a.example/x.svg'}", ["bimi.logo"], id="parked, logo"),
        pytest.param("mail: send-only, mx: {mail: 10}", [], id="send-only, MX"),
        pytest.param("mail: none, mx: {mail: 10}", ["mx"], id="parked, MX"),
        pytest.param("mail: send-only, catch_all: a@example.org", ["catch_all"], id="send-only, catch-all"),
        pytest.param("mail: send-only, mta_sts: {mode: testing}", ["mta_sts.mode"], id="send-only, policy"),
        pytest.param("mail: send-only, smarthost: {host: a.example}", [], id="send-only, smarthost"),
        pytest.param("mail: send-only, client_names: {autodiscover: a.example}", ["client_names.autodiscover"], id="send-only, client names"),
        pytest.param("tls: {certificate: /etc/a, private_key: /etc/b}", ["tls"], id="certificate of no name"),
        pytest.param("mx: {}, store: null", [], id="nothing said"),
    ],
)  # fmt: skip
def test_what_does_not_count_for_a_domain(tmp_path: Path, body: str, found: list[str]) -> None:
    text = f"{GOOD}  example.net: {{{body}}}\n"
    wanted = [f"domains.example.net.{path}" for path in found]
    assert [path for path in paths(tmp_path, text) if "example.net" in path] == wanted


def test_a_default_that_counts_for_some_domain_is_none_too_many(tmp_path: Path) -> None:
    text = f"{GOOD}  example.net: {{mail: none}}\ndefaults: {{client_host: imap.example.org}}\n"
    assert paths(tmp_path, text) == []


def test_a_default_that_counts_for_no_domain(tmp_path: Path) -> None:
    text = "version: 1\ndomains: {example.net: {mail: none}}\ndefaults: {store: mail}\n"
    assert paths(tmp_path, text) == ["defaults.store"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("addresses: [192.0.2.80], roles: [web]", [], id="nothing"),
        pytest.param(
            "addresses: [192.0.2.80], roles: [web], protocols: {imaps: {port: 993}}",
            ["hosts.more.protocols.imaps"],
            id="protocol of another role",
        ),
        pytest.param(
            "addresses: [192.0.2.80], roles: [web], protocols: {imaps: off}", [], id="closed"
        ),
        pytest.param(
            "addresses: [192.0.2.80], roles: [web], postfix: {message_size: 10M}",
            ["hosts.more.postfix"],
            id="daemon that does not run there",
        ),
        pytest.param(
            "addresses: [192.0.2.80], roles: [web], dovecot: {quota: 1G}",
            ["hosts.more.dovecot.quota"],
            id="store that is not there",
        ),
        pytest.param(
            "addresses: [192.0.2.80], roles: [send-only], tls: {certificate: /etc/a, private_key: /etc/b}",
            ["hosts.more.tls"],
            id="certificate of a host to which nobody connects",
        ),
        pytest.param(
            f"addresses: [192.0.2.80], roles: [web], dane: {{keys: [{'a' * 64}]}}",
            ["hosts.more.dane.keys"],
            id="key of a host that is no MX",
        ),
    ],
)
def test_what_does_not_count_for_a_host(tmp_path: Path, body: str, found: list[str]) -> None:
    assert paths(tmp_path, with_host(body)) == found


def test_options_of_a_daemon_that_runs_nowhere(tmp_path: Path) -> None:
    rspamd = "plugins: {rspamd: {reject: 10}}\n"
    assert paths(tmp_path, GOOD + rspamd) == ["plugins.rspamd"]
    chosen = "plugins: {rspamd: {reject: 10}, dkim: {signer: rspamd}}\n"
    assert paths(tmp_path, GOOD + chosen) == []


def test_an_option_that_switches_a_daemon_off_has_its_effect(tmp_path: Path) -> None:
    assert paths(tmp_path, f"{GOOD}plugins: {{mta_sts_resolver: {{enabled: false}}}}\n") == []


def test_a_protocol_for_which_no_host_has_the_role(tmp_path: Path) -> None:
    text = GOOD.replace("25]}", "25], roles: [mx, web]}") + "protocols: {pop3s: {port: 995}}\n"
    assert paths(tmp_path, text) == ["protocols.pop3s"]


class Options(Model):
    """Options of somebody else's plugin."""

    level: int = 0


def records(view: View[Options], host: Host) -> tuple[Record, ...]:
    return (Record(f"{host.hostname}.", "TXT", str(view.options.level)),)


def test_a_third_party_plugin_need_not_declare_where_it_reads() -> None:
    theirs = Plugin("theirs", "Reads hosts.", Options, records=Facet(host=records))
    changes: dict[str, Any] = {
        "hosts": {"mail": {"theirs": {"level": 1}}},
        "domains": {"example.org": {"theirs": {"level": 2}}},
    }
    found = [f for f in site(changes, theirs).build.findings if f.rule.code in CODES]
    # The scanned code is that of this module, which names for_domain nowhere.
    assert [f.facts["path"] for f in found] == ["domains.example.org.theirs.level"]


def test_a_unicode_domain_is_found_by_its_a_labels(tmp_path: Path) -> None:
    text = f"{GOOD}  bücher.example: {{mail: none, spf: {{all: '-all'}}}}\n"
    assert paths(tmp_path, text) == ["domains.xn--bcher-kva.example.spf.all"]


def test_findings_of_this_kind_do_not_keep_a_spec_from_being_built(tmp_path: Path) -> None:
    text = f"{GOOD}    postfix: {{message_size: 1M}}\n"
    assert build(parsed(tmp_path, text), Renderer()).artifacts


@pytest.mark.parametrize(
    ("more", "found"),
    [
        pytest.param("plugins: {mta_sts: off}\n", ["domains.example.org.mta_sts"], id="off"),
        pytest.param("plugins: {mta_sts: on}\n", [], id="on"),
        pytest.param(
            "jobs: {mta: other}\nplugins: {postfix: {message_size: 10M}}\n",
            ["plugins.postfix"],
            id="another program does its job",
        ),
    ],
)
def test_options_of_a_plugin_that_is_off(tmp_path: Path, more: str, found: list[str]) -> None:
    assert paths(tmp_path, f"{GOOD}    mta_sts: {{mode: testing}}\n{more}") == found


def test_options_of_a_plugin_that_is_off_are_told_once(tmp_path: Path) -> None:
    domains = "".join(f"  d{n}.example: {{mail: none, bimi: {{}}}}\n" for n in range(3))
    text = f"{GOOD}{domains}".replace("bimi: {}", "texts: {values: [x]}")
    (found,) = [
        f for f in built(tmp_path, f"{text}plugins: {{texts: off}}\n").findings
        if f.rule.code == "CFG089"
    ]  # fmt: skip
    assert found.message.endswith("plugin texts is off, like 2 more of its options")
