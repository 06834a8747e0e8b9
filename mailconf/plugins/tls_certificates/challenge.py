"""HTTP-01 and DNS-01 (RFC 8555 §8.3, §8.4): where answers are served, and how certbot is called."""

from __future__ import annotations

from pathlib import PurePosixPath

from mailconf.model.artifact import Issue
from mailconf.plugins.tls_certificates.lineages import Lineage
from mailconf.plugins.tls_certificates.options import TlsOptions

PATH = "/.well-known/acme-challenge/"
# Readable by the web server, which nothing below /var/lib/mailconf is.
WEBROOT = "/var/www/mailconf-acme"
PROBE = "mailconf"
"""A file beside the tokens; it holds the name of the host, so `verify` sees which one answers."""
PROBE_FILE = PurePosixPath(WEBROOT.lstrip("/"), PATH.strip("/"), PROBE)
# One key over all renewals keeps its TLSA record true (RFC 7671 §8.1). A certificate that is not due
# and has the same names is left alone, so the command may run at every deployment.
CERTBOT = (
    *("certbot", "certonly", "--non-interactive", "--agree-tos"),
    *("--register-unsafely-without-email", "--key-type", "ecdsa", "--elliptic-curve", "secp256r1"),
    *("--reuse-key", "--keep-until-expiring", "--renew-with-new-domains"),
)
TYPES = {"http": "http-01", "dns": "dns-01", "none": ""}
# These take their credentials from the environment of the machine.
WITHOUT_FILE = ("route53",)


def url(name: str) -> str:
    """Return where an authority asks for the tokens of a name: port 80, without TLS."""
    return f"http://{name}{PATH}"


def issue(lineage: Lineage, options: TlsOptions, web: tuple[str, ...], *, is_served: bool) -> Issue:
    """Return how a lineage is issued; without a command where certbot does not keep it.

    `is_served`: a web server has port 80, with `web` as its files when it is one of ours.
    """
    webroot = WEBROOT if is_served else ""
    files = (*web, f"/{PROBE_FILE}") if is_served else ()
    command: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    if options.challenge != "none" and lineage.name:
        names = ("--cert-name", lineage.name, "--domains", ",".join(lineage.names))
        command, packages = (
            (*CERTBOT, *_authenticator(options, webroot), *names),
            _packages(options),
        )
    return Issue(
        lineage.certificate,
        lineage.names,
        TYPES[options.challenge],
        webroot,
        command,
        packages,
        files,
    )


def _packages(options: TlsOptions) -> tuple[str, ...]:
    over_dns = options.challenge == "dns"
    return ("certbot", f"python3-certbot-dns-{options.dns_plugin}") if over_dns else ("certbot",)


def _authenticator(options: TlsOptions, webroot: str) -> tuple[str, ...]:
    if options.challenge == "dns":
        plugin = f"dns-{options.dns_plugin}"
        file = f"/etc/letsencrypt/{plugin}.ini"
        given = () if options.dns_plugin in WITHOUT_FILE else (f"--{plugin}-credentials", file)
        return ("--authenticator", plugin, *given)
    return ("--webroot", "--webroot-path", webroot) if webroot else ("--standalone",)
