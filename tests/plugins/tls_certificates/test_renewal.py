"""Certificates can be renewed: challenges on port 80, names in order, one command each."""

from typing import Any

import pytest

from mailconf.engine.build import enable, with_requests
from mailconf.engine.load import Loaded
from mailconf.engine.merge import overlay
from mailconf.engine.parse import parse
from mailconf.engine.registry import builtin
from mailconf.model.artifact import Directory, Issue
from mailconf.model.outcome import Outcome, Verdict
from mailconf.model.place import Places
from mailconf.model.plugin import View
from mailconf.model.questions.pages import Page
from mailconf.plugins.tls_certificates import plugin
from mailconf.testing import FakeWorld
from tests.plugins.asking import check_of, codes, outcome
from tests.plugins.rendering import FLEET, SITE, options, rendered

WATCHER = "etc/systemd/system/mailconf-certificates.path"
PROBE = "/.well-known/acme-challenge/mailconf"
PLAIN = "etc/nginx/conf.d/mailconf-http.conf"
WEBROOT = "/var/www/mailconf-acme"


def seen(changes: Any = None, base: Any = SITE) -> View[Any]:
    """Return the plugin's view of a spec, with what all others ask of it."""
    parsed = parse(Loaded(overlay(dict(base), changes or {}), Places("x", {})), builtin())
    assert parsed.spec
    enabled, _ = with_requests(parsed.spec, enable(parsed, parsed.spec))
    return next(one.view for one in enabled if one.plugin.name == "tls_certificates")


def issues(changes: Any = None, base: Any = SITE, host: str = "mail") -> list[Issue]:
    order = rendered(changes, base).file(WATCHER, host).order
    return [need for need in order.needs if isinstance(need, Issue)]


def words(issue: Issue) -> str:
    return " ".join(issue.command)


def test_the_name_of_the_host_comes_first() -> None:
    own = {"domains": {"example.org": {"client_host": "a.example.org"}}}
    (issue,) = issues(own)
    assert issue.names == (
        *("mail.example.org", "a.example.org"),
        *("autoconfig.example.org", "mta-sts.example.org"),
    )
    assert words(issue).endswith(
        "--webroot --webroot-path /var/www/mailconf-acme --cert-name mail.example.org --domains "
        "mail.example.org,a.example.org,autoconfig.example.org,mta-sts.example.org"
    )


@pytest.mark.parametrize("host", ["mx1", "sub", "st1", "out", "bak"])
def test_without_a_web_server_certbot_listens_itself(host: str) -> None:
    (issue,) = issues(base=FLEET, host=host)
    assert (issue.challenge, issue.webroot) == ("http-01", "")
    assert words(issue).endswith(
        f"--standalone --cert-name {host}.example.org --domains {host}.example.org"
    )


def test_a_host_that_only_serves_pages_has_its_own_name_in_its_certificate() -> None:
    (issue,) = issues(base=FLEET, host="www")
    assert issue.names[0] == "www.example.org"


def test_a_certificate_that_certbot_does_not_keep_has_no_command() -> None:
    tls = {"certificate": "/etc/ssl/a.pem", "private_key": "/etc/ssl/a.key"}
    (issue,) = issues({"hosts": {"mail": {"tls": tls}}})
    assert (issue.certificate, issue.challenge, issue.command) == ("/etc/ssl/a.pem", "http-01", ())


def test_a_domain_s_own_certificate_is_a_lineage() -> None:
    live = "/etc/letsencrypt/live/imap.example.org"
    tls = {"certificate": f"{live}/fullchain.pem", "private_key": f"{live}/privkey.pem"}
    own = {"domains": {"example.org": {"client_host": "imap.example.org", "tls": tls}}}
    first, second = issues(own)
    assert (first.names, second.names[0]) == (("imap.example.org",), "mail.example.org")
    assert "--cert-name imap.example.org " in words(first)


def test_dns_needs_no_port() -> None:
    site = rendered(options("tls_certificates", challenge="dns"), FLEET)
    assert "80" not in site.text("etc/nftables.conf", "mx1").replace("fe80", "")
    (issue,) = issues(options("tls_certificates", challenge="dns"), FLEET, "mx1")
    assert issue.packages == ("certbot", "python3-certbot-dns-rfc2136")
    assert "--dns-rfc2136-credentials /etc/letsencrypt/dns-rfc2136.ini " in words(issue)


@pytest.mark.parametrize("challenge", ["dns", "none"])
def test_where_port_80_is_not_needed_nothing_is_served(challenge: str) -> None:
    site = rendered(options("tls_certificates", challenge=challenge))
    assert "acme-challenge" not in site.text(PLAIN)
    assert site.files("var/www/mailconf-acme") == set()


def test_certificates_that_are_made_elsewhere_have_no_command() -> None:
    (issue,) = issues(options("tls_certificates", challenge="none"))
    assert (issue.challenge, issue.command, issue.names[0]) == ("", (), "mail.example.org")


def test_one_host_can_differ() -> None:
    own = {"hosts": {"mx1": {"tls_certificates": {"challenge": "none"}}}}
    site = rendered(own, FLEET)
    assert "dport { 22, 25 }" in site.text("etc/nftables.conf", "mx1")
    assert "dport { 22, 25, 80 }" in site.text("etc/nftables.conf", "bak")


def test_a_host_without_certificates_has_no_open_port() -> None:
    assert "80" not in rendered(base=FLEET).text("etc/nftables.conf", "app").replace("fe80", "")


def test_what_a_first_certificate_needs_is_named() -> None:
    (issue,) = issues()
    assert issue.files == (f"/{PLAIN}", f"{WEBROOT}{PROBE}")


def test_the_probe_lies_beside_the_tokens() -> None:
    order = rendered().file(f"var/www/mailconf-acme{PROBE}").order
    assert rendered().text(f"var/www/mailconf-acme{PROBE}") == "mail.example.org\n"
    assert Directory(WEBROOT, "root", "root", 0o755) in order.needs


@pytest.mark.parametrize(
    ("limit", "challenge", "found"),
    [
        pytest.param(3, "http", [], id="as many as fit"),
        pytest.param(2, "http", ["TLS027"], id="one more"),
        pytest.param(2, "dns", ["TLS027"], id="over DNS"),
        pytest.param(2, "none", [], id="an authority of one's own"),
    ],
)
def test_names_of_one_certificate(limit: int, challenge: str, found: list[str]) -> None:
    site = rendered(options("tls_certificates", max_names=limit, challenge=challenge))
    assert site.codes("TLS") == found


def test_fifty_domains_are_too_many_for_one_certificate_and_not_for_their_own() -> None:
    names = {"aliases": {"postmaster": "alice@example.org", "abuse": "alice@example.org"}}
    many = {"domains": {f"d{number}.example": names for number in range(50)}}
    assert rendered(many).codes("TLS") == ["TLS027"]
    apart = {**many, **options("webserver", certificates="domain")}
    assert rendered(apart).codes("TLS") == []


GOOD = Page(200, "text/plain", "mail.example.org\n")
MOVED, MISSING = Page(301, "text/html", ""), Page(404, "text/html", "")
NAMES = ("mail.example.org", "autoconfig.example.org", "mta-sts.example.org")


def pages(one: Page = GOOD, **https: Page) -> dict[str, Page]:
    found = {f"http://{name}{PROBE}": GOOD for name in NAMES}
    found[f"http://mta-sts.example.org{PROBE}"] = one
    return found | {f"{scheme}://mta-sts.example.org{PROBE}": p for scheme, p in https.items()}


async def asked(view: View[Any], **parts: Any) -> list[Outcome]:
    check, world = check_of(plugin, "tls.renewal"), FakeWorld(**parts)
    return [await outcome(check, view, subject, world) for subject in check.subjects(view)]


@pytest.mark.parametrize(
    ("found", "told"),
    [
        pytest.param(pages(), [], id="served"),
        pytest.param(pages(MISSING), ["TLS028"], id="not served"),
        pytest.param(pages(Page(200, "text/html", "<html>")), ["TLS028"], id="a page for all"),
        pytest.param(pages(Page(200, "", "other.example.org\n")), ["TLS028"], id="another host"),
        pytest.param(pages(Page(403, "", "")), ["TLS028"], id="not readable"),
        pytest.param(pages(MOVED, https=GOOD), [], id="redirect that is served"),
        pytest.param(pages(MOVED, https=MISSING), ["TLS028"], id="redirect that is not"),
        pytest.param(pages(MOVED, https=MOVED), ["TLS028"], id="redirect to a redirect"),
    ],
)
async def test_challenges(found: dict[str, Page], told: list[str]) -> None:
    done = await asked(seen(), pages=found)
    assert len(done) == len(NAMES)
    assert [code for one in done for code in codes(one.findings)] == told


async def test_every_address_is_tried() -> None:
    both = {"hosts": {"mail": {"addresses": ["192.0.2.25", "2001:db8::25"]}}}
    url = f"http://mail.example.org{PROBE} [2001:db8::25]"
    done = await asked(seen(both), pages=pages(), closed=frozenset({url}))
    assert [one.subject for one in done if one.findings] == [
        "http://mail.example.org:80 [2001:db8::25]"
    ]


ALONE = f"http://mx1.example.org{PROBE}"
SMTP = "smtp://mx1.example.org:25 [192.0.2.1]"


@pytest.mark.parametrize(
    ("parts", "verdict", "told"),
    [
        pytest.param({"closed": frozenset({ALONE})}, Verdict.PASSED, [], id="free and open"),
        pytest.param({}, Verdict.FAILED, ["TLS029"], id="somebody listens"),
        pytest.param(
            {"silent": frozenset({ALONE}), "opened": frozenset({SMTP})},
            Verdict.FAILED,
            ["TLS029"],
            id="a packet filter drops it",
        ),
        pytest.param(
            {"silent": frozenset({ALONE, SMTP})}, Verdict.UNKNOWN, [], id="nothing answers at all"
        ),
    ],
)
async def test_a_host_without_web_server(parts: Any, verdict: Verdict, told: list[str]) -> None:
    view = seen(base=FLEET)
    check, world = check_of(plugin, "tls.renewal"), FakeWorld(**parts)
    subjects = {str(subject): subject for subject in check.subjects(view)}
    done = await outcome(check, view, subjects["http://mx1.example.org:80 [192.0.2.1]"], world)
    assert (done.verdict, codes(done.findings)) == (verdict, told)


def test_another_web_server_is_told_the_path_too() -> None:
    site = rendered({"plugins": {"webserver": "off"}})
    (issue,) = issues({"plugins": {"webserver": "off"}})
    assert issue.webroot == WEBROOT
    assert site.text(f"var/www/mailconf-acme{PROBE}") == "mail.example.org\n"
    assert "80" in site.text("etc/nftables.conf").replace("fe80", "")


async def test_checks_do_not_go_with_the_web_server() -> None:
    view = seen({"plugins": {"webserver": "off"}})
    assert [one.verdict for one in await asked(view, pages=pages())] == [Verdict.PASSED] * 3


async def test_nothing_is_asked_where_certificates_are_made_elsewhere() -> None:
    assert await asked(seen(options("tls_certificates", challenge="none"))) == []
