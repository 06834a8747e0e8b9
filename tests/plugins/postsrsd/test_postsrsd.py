"""SRS: off until a domain is named, in the form of the target's release, with its secret kept."""

from typing import Any

import pytest

from mailconf.engine.merge import overlay
from tests.plugins.rendering import FLEET, Site, fleet_on, on_target, options, rendered

ON = options("postsrsd", domain="example.org", secret="ref+env://SRS")


def srs(**changes: Any) -> Site:
    return rendered(overlay(ON, changes))


def test_without_a_domain_nothing_is_rewritten() -> None:
    site = rendered()
    assert "sender_canonical_maps" not in site.main()
    assert "postsrsd.secret" not in site.files("etc")


@pytest.mark.parametrize(
    ("target", "sender", "recipient", "file"),
    [
        pytest.param(
            "debian-12", "tcp:127.0.0.1:10001", "tcp:127.0.0.1:10002", "default/postsrsd", id="1.x"
        ),
        pytest.param(
            "debian-forky",
            "socketmap:inet:127.0.0.1:10001:forward",
            "socketmap:inet:127.0.0.1:10001:reverse",
            "postsrsd.conf",
            id="2.x",
        ),
    ],
)
def test_each_generation_has_its_tables_and_its_file(
    target: str, sender: str, recipient: str, file: str
) -> None:
    site = srs(**on_target(target))
    assert site.main()["sender_canonical_maps"] == sender
    assert site.main()["recipient_canonical_maps"] == recipient
    assert file in site.files("etc")
    assert "example.org" in site.text(f"etc/{file}")


def test_only_envelopes_are_rewritten() -> None:
    main = srs().main()
    assert main["sender_canonical_classes"] == "envelope_sender"
    assert main["recipient_canonical_classes"] == "envelope_recipient, header_recipient"


def test_the_secret_stays_a_reference_in_a_private_file() -> None:
    file = srs().file("etc/postsrsd.secret")
    assert file.text == "\0srs-secret ref+env://SRS\0"
    assert (file.order.owner, file.order.mode) == ("root", 0o600)


def test_senders_of_our_own_stay_as_they_are() -> None:
    text = srs().text("etc/default/postsrsd")
    assert "SRS_EXCLUDE_DOMAINS=example.org,mail.example.org\n" in text


@pytest.mark.parametrize(
    ("host", "forwards"),
    [("mx1", True), ("sub", True), ("st1", True), ("out", False), ("bak", False), ("app", False)],
)
def test_it_runs_where_aliases_and_sieve_scripts_forward(host: str, forwards: bool) -> None:
    site = fleet_on("debian-12", ON)
    assert ("postsrsd.secret" in site.files("etc", host)) is forwards
    assert ("sender_canonical_maps" in site.main(host)) is forwards


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        pytest.param({"domain": "example.org", "secret": "ref+env://SRS"}, [], id="complete"),
        pytest.param(
            {"domain": "other.example", "secret": "ref+env://SRS"}, ["SRS001"], id="not ours"
        ),
        pytest.param({"domain": "example.org"}, ["SRS002"], id="no secret"),
    ],
)
def test_rules(values: dict[str, str], codes: list[str]) -> None:
    assert rendered(options("postsrsd", **values), FLEET).codes("SRS") == codes


@pytest.mark.parametrize(
    ("domain", "excluded"),
    [
        pytest.param({"provider": {"name": "google-workspace"}}, False, id="a provider sends"),
        pytest.param({"mail": "none"}, False, id="nobody sends"),
        pytest.param({"mail": "send-only"}, True, id="our hosts send"),
        pytest.param({"smarthost": {"host": "s.example.com"}}, True, id="through a smarthost"),
    ],
)
def test_whose_spf_does_not_name_us_is_rewritten(domain: dict[str, Any], excluded: bool) -> None:
    text = srs(domains={"other.example": domain}).text("etc/default/postsrsd")
    (line,) = (line for line in text.splitlines() if line.startswith("SRS_EXCLUDE_DOMAINS="))
    assert ("other.example" in line) == excluded


@pytest.mark.parametrize(
    ("domains", "told"),
    [
        pytest.param({}, [], id="reject"),
        pytest.param(
            {"example.org": {"dmarc": {"policy": "quarantine"}}}, ["example.org"], id="own"
        ),
        pytest.param(
            {"example.org": {"dmarc": {"policy": "none", "observe_for": "30d"}}},
            ["example.org"],
            id="none",
        ),
        pytest.param(
            {"example.org": {"dmarc": {"subdomain_policy": "none"}}}, ["example.org"], id="below"
        ),
        pytest.param(
            {"team.example.org": {"dmarc": {"policy": "quarantine"}}},
            ["team.example.org"],
            id="a subdomain",
        ),
        pytest.param(
            {"team.example.org": {"dmarc": {"policy": "quarantine", "alignment": "strict"}}},
            [],
            id="a subdomain, strictly",
        ),
        pytest.param({"a.example": {"dmarc": {"policy": "quarantine"}}}, [], id="elsewhere"),
    ],
)
def test_forged_mail_is_not_made_genuine_by_forwarding(
    domains: dict[str, Any], told: list[str]
) -> None:
    found = [f for f in srs(domains=domains).build.findings if f.rule.code == "SRS003"]
    assert [finding.facts["domain"] for finding in found] == told
