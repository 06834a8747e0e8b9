"""Well-known names lead to the servers that the spec names."""

from typing import Any

import pytest
from pydantic import ValidationError

from mailconf.plugins.client_names import plugin
from mailconf.testing import spec_of
from tests.plugins.asking import view, yielded

OUTLOOK = [
    ("autodiscover.example.org.", "CNAME", "ex.example.net."),
    ("_autodiscover._tcp.example.org.", "SRV", "0 0 443 ex.example.net."),
]
AGENT = ("ua-auto-config.example.org.", "CNAME", "www.example.net.")


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://www.example.org/mail.mobileconfig", True),
        ("https://www.example.org:8443/mail.mobileconfig", True),
        ("https://www.example.org:99999/mail.mobileconfig", False),
        ("https://www.example.org:x/mail.mobileconfig", False),
        ("http://www.example.org/mail.mobileconfig", False),
    ],
)
def test_urls_of_profiles(url: str, is_one: bool) -> None:
    if is_one:
        assert plugin.options.model_validate({"apple_profile": url})
        return
    with pytest.raises(ValidationError):
        plugin.options.model_validate({"apple_profile": url})


@pytest.mark.parametrize(
    ("options", "domain", "found"),
    [
        pytest.param({}, {}, [], id="none named"),
        pytest.param({"autodiscover": "ex.example.net"}, {}, OUTLOOK, id="Outlook"),
        pytest.param({"ua_auto_config": "www.example.net"}, {}, [AGENT], id="user agents"),
        pytest.param(
            {"autodiscover": "ex.example.net"},
            {"provider": "microsoft-365"},
            OUTLOOK,
            id="provider",
        ),
        pytest.param({"autodiscover": "ex.example.net"}, {"mail": "send-only"}, [], id="no users"),
    ],
)
def test_records(
    options: dict[str, Any], domain: dict[str, Any], found: list[tuple[str, str, str]]
) -> None:
    seen = view(plugin, spec_of(domains={"example.org": domain}), options=options)
    records = yielded(plugin.records, seen)
    assert [(record.name, record.type, record.value) for record in records] == found
