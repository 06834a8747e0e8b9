"""What is wrong with servers that set up Outlook and Apple's devices."""

from __future__ import annotations

from mailconf.model.finding import Rule, Severity

UNREADABLE = Rule(
    code="ADS001",
    name="autodiscover-unreadable",
    severity=Severity.ERROR,
    found_by="verify",
    message="the Autodiscover response of {url} is invalid: {why}",
    expected="a response (schema 2006a) with one Account element",
    fix="return an Autodiscover response with one Account element to POST requests",
    ref="MS-OXDSCLI, Response and Account",
)
SPA = Rule(
    code="ADS002",
    name="autodiscover-spa",
    severity=Severity.WARNING,
    found_by="verify",
    message="{url} does not turn SPA off for {got}; Outlook tries SPA authentication, which the server does not support",
    expected="<SPA>off</SPA>",
    fix="add <SPA>off</SPA> to the response; the default is on",
    ref="MS-OXDSCLI, SPA",
)
CASE = Rule(
    code="ADS004",
    name="autodiscover-case",
    severity=Severity.WARNING,
    found_by="verify",
    message="{url} returned HTTP status {status}; some clients request this spelling of the path",
    expected="the same answer whatever the case",
    fix="match the path without regard to case (nginx: location ~* ^/autodiscover/autodiscover\\.xml$)",
    ref="MS-OXDSCLI §3.2.5",
)
APEX = Rule(
    code="ADS005",
    name="autodiscover-apex",
    severity=Severity.WARNING,
    found_by="verify",
    message="{url} returned HTTP status {status} with {got}; Outlook tries this URL first and stops here",
    expected="404, or an Autodiscover document",
    fix="return HTTP status 404 for /autodiscover/ on the domain's website",
)
NOT_ANSWERED = Rule(
    code="ADS006",
    name="autodiscover-not-answered",
    severity=Severity.ERROR,
    found_by="verify",
    message="{url} returned HTTP status {status} to a POST request; expected 200",
    expected="status 200",
    fix="make the host in client_names.autodiscover answer POST requests",
    ref="MS-OXDSCLI, Autodiscover Request",
)
ANNOUNCES = Rule(
    code="ADS007",
    name="autodiscover-differs",
    severity=Severity.ERROR,
    found_by="verify",
    message="{url} announces {got}; the spec declares {want}",
    expected="{want}",
    fix="correct the server's response, or declare the announced service in the spec",
)
UNTRUSTED = Rule(
    code="ADS008",
    name="autodiscover-certificate-untrusted",
    severity=Severity.ERROR,
    found_by="verify",
    message="the certificate of {url} is not trusted: {why}",
    expected="a trusted certificate that covers the host name",
    fix="install a certificate that covers the host name, with its full chain",
    ref="RFC 9525 §6",
)
INCOMPLETE = Rule(
    code="APL001",
    name="apple-profile-incomplete",
    severity=Severity.ERROR,
    found_by="verify",
    message="{url} does not set {got}: {why}",
    expected="ports and UseSSL of both servers",
    fix="set the port and UseSSL of the incoming and the outgoing server",
    ref="com.apple.mail.managed",
)
SAME_FOR_ALL = Rule(
    code="APL002",
    name="apple-profile-uuid",
    severity=Severity.WARNING,
    found_by="verify",
    message="{url} uses PayloadUUID {got} more than once; devices confuse the payloads",
    expected="another PayloadUUID for each payload",
    fix="derive each UUID from domain, address and payload type (RFC 9562 §5.5)",
    ref="com.apple.mail.managed",
)
PASSWORD = Rule(
    code="APL003",
    name="apple-profile-password",
    severity=Severity.ERROR,
    found_by="verify",
    message="{url} contains a password",
    expected="no password",
    fix="remove the password; the device asks the user for it",
)
PROFILE_ANNOUNCES = Rule(
    code="APL005",
    name="apple-profile-differs",
    severity=Severity.ERROR,
    found_by="verify",
    message="{url} announces {got}; the spec declares {want}",
    expected="{want}",
    fix="correct the profile, or declare the announced service in the spec",
)
PROFILE_NOT_SERVED = Rule(
    code="APL006",
    name="apple-profile-not-served",
    severity=Severity.ERROR,
    found_by="verify",
    message="{url} returned HTTP status {status}; expected 200",
    expected="status 200",
    fix="serve the profile at the URL in client_names.apple_profile",
)
WRONG_TYPE = Rule(
    code="APL007",
    name="apple-profile-media-type",
    severity=Severity.ERROR,
    found_by="verify",
    message="{url} has media type {got}; Safari displays the file instead of installing it",
    expected="application/x-apple-aspen-config",
    fix="serve .mobileconfig as application/x-apple-aspen-config",
)
PROFILE_UNREADABLE = Rule(
    code="APL008",
    name="apple-profile-unreadable",
    severity=Severity.ERROR,
    found_by="verify",
    message="{url} is not a valid configuration profile: {why}",
    expected="a configuration profile",
    fix="serve a property list with PayloadType Configuration, signed or unsigned",
)
PROFILE_UNTRUSTED = Rule(
    code="APL009",
    name="apple-profile-certificate-untrusted",
    severity=Severity.ERROR,
    found_by="verify",
    message="the certificate of {url} is not trusted: {why}",
    expected="a trusted certificate that covers the host name",
    fix="install a certificate that covers the host name, with its full chain",
    ref="RFC 9525 §6",
)
