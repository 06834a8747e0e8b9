"""What is wrong with servers that set up Outlook and Apple's devices."""

from __future__ import annotations

from mailconf.model.finding import Rule, Severity

UNREADABLE = Rule(
    code="ADS001",
    name="autodiscover-unreadable",
    severity=Severity.ERROR,
    message="{url} does not answer as Outlook reads it: {why}",
    expected="one Account in a Response of schema 2006a",
    fix="have the server answer to POST with an Autodiscover document, one Account in it",
    ref="MS-OXDSCLI, Response and Account",
)
SPA = Rule(
    code="ADS002",
    name="autodiscover-spa",
    severity=Severity.WARNING,
    message="{url} leaves SPA on for {got}: Outlook tries a login that the server does not know",
    expected="SPA off",
    fix="have the server say <SPA>off</SPA>; on is what holds without",
    ref="MS-OXDSCLI, SPA",
)
CASE = Rule(
    code="ADS004",
    name="autodiscover-case",
    severity=Severity.WARNING,
    message="{url} answered {status}: some clients spell the path so",
    expected="the same answer whatever the case",
    fix="match the path without regard to case (nginx: location ~* ^/autodiscover/autodiscover\\.xml$)",
    ref="MS-OXDSCLI §3.2.5",
)
APEX = Rule(
    code="ADS005",
    name="autodiscover-apex",
    severity=Severity.WARNING,
    message="{url} answered {status} with {got}: Outlook looks there first, and stops",
    expected="404, or an Autodiscover document",
    fix="answer 404 under /autodiscover/ of the domain's web site",
)
NOT_ANSWERED = Rule(
    code="ADS006",
    name="autodiscover-not-answered",
    severity=Severity.ERROR,
    message="{url} answered {status} to POST, wanted 200",
    expected="status 200",
    fix="have the host that client_names names answer to POST",
    ref="MS-OXDSCLI, Autodiscover Request",
)
ANNOUNCES = Rule(
    code="ADS007",
    name="autodiscover-differs",
    severity=Severity.ERROR,
    message="{url} announces {got}, the spec has {want}",
    expected="{want}",
    fix="have the server announce what the spec has, or declare what it announces",
)
UNTRUSTED = Rule(
    code="ADS008",
    name="autodiscover-certificate-untrusted",
    severity=Severity.ERROR,
    message="clients do not trust {url}: {why}",
    expected="a certificate that is trusted for the name",
    fix="serve a certificate that covers the name, with its whole chain",
    ref="RFC 9525 §6",
)
INCOMPLETE = Rule(
    code="APL001",
    name="apple-profile-incomplete",
    severity=Severity.ERROR,
    message="{url} leaves out {got}: {why}",
    expected="ports and UseSSL of both servers",
    fix="state ports and UseSSL of both servers",
    ref="com.apple.mail.managed",
)
SAME_FOR_ALL = Rule(
    code="APL002",
    name="apple-profile-uuid",
    severity=Severity.WARNING,
    message="{url} has the PayloadUUID {got} more than once: devices take one payload for the other",
    expected="another PayloadUUID for each payload",
    fix="make them from domain, address and kind of payload (RFC 9562 §5.5)",
    ref="com.apple.mail.managed",
)
PASSWORD = Rule(
    code="APL003",
    name="apple-profile-password",
    severity=Severity.ERROR,
    message="{url} holds a password",
    expected="no password",
    fix="leave passwords out: the device asks for them",
)
PROFILE_ANNOUNCES = Rule(
    code="APL005",
    name="apple-profile-differs",
    severity=Severity.ERROR,
    message="{url} announces {got}, the spec has {want}",
    expected="{want}",
    fix="have the profile announce what the spec has, or declare what it announces",
)
PROFILE_NOT_SERVED = Rule(
    code="APL006",
    name="apple-profile-not-served",
    severity=Severity.ERROR,
    message="{url} answered {status}, wanted 200",
    expected="status 200",
    fix="serve the profile at the URL that client_names names",
)
WRONG_TYPE = Rule(
    code="APL007",
    name="apple-profile-media-type",
    severity=Severity.ERROR,
    message="{url} is served as {got}: Safari shows it instead of installing it",
    expected="application/x-apple-aspen-config",
    fix="serve .mobileconfig as application/x-apple-aspen-config",
)
PROFILE_UNREADABLE = Rule(
    code="APL008",
    name="apple-profile-unreadable",
    severity=Severity.ERROR,
    message="{url} is no profile: {why}",
    expected="a configuration profile",
    fix="serve a property list of type Configuration, signed or not",
)
PROFILE_UNTRUSTED = Rule(
    code="APL009",
    name="apple-profile-certificate-untrusted",
    severity=Severity.ERROR,
    message="devices do not trust {url}: {why}",
    expected="a certificate that is trusted for the name",
    fix="serve a certificate that covers the name, with its whole chain",
    ref="RFC 9525 §6",
)
