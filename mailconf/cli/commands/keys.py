"""The commands of `mailconf keys` by name."""

# ruff: noqa: PLC0415, `mailconf --help` must not wait for cryptography
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailconf.cli.arguments import Environment, FailOn, Reports, SpecFile, Untrusted

keys = typer.Typer(help="Create and rotate DKIM and TLS keys.", no_args_is_help=True)


@keys.command("new")
def keys_new(
    spec: SpecFile,
    domain: Annotated[
        str,
        typer.Option(
            "--domain",
            help="Create a key for this domain only; default: every sending domain without a key.",
        ),
    ] = "",
    selector: Annotated[
        str, typer.Option("--selector", help="Selector name; default: generated from the date.")
    ] = "",
    kind: Annotated[
        str, typer.Option("--type", help="Key type: rsa, or ed25519 in addition to rsa.")
    ] = "rsa",
    now: Annotated[
        str,
        typer.Option("--now", metavar="DATE", help="Use this date instead of the current one."),
    ] = "",
    untrusted: Untrusted = False,
) -> None:
    """Create DKIM keys: private keys in keys/, public keys in the key file."""
    from mailconf.cli.keys import new

    new(spec, domain, selector, kind, now, untrusted=untrusted)


@keys.command("digest")
def keys_digest(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="PEM certificate, certificate request or key."),
    ],
) -> None:
    """Print the SHA-256 digest of TLS public keys for dane.keys."""
    from mailconf.cli.keys import digest

    digest(files)


Domain = Annotated[str, typer.Option("--domain", help="Only this domain.")]
HostKey = Annotated[str, typer.Option("--host", metavar="KEY", help="Only this host.")]
Now = Annotated[
    str,
    typer.Option("--now", metavar="TIME", help="Use this time instead of the current one."),
]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; show what would change.")]


@keys.command("status")
def keys_status(
    spec: SpecFile,
    env: Environment = "",
    domain: Domain = "",
    host: HostKey = "",
    now: Now = "",
    untrusted: Untrusted = False,
    fail_on: FailOn = "error",
    report: Reports = None,
) -> None:
    """Show each key and policy, its next step, and when that step is safe."""
    from mailconf.cli.key_lifecycle import Wish, status

    reports = tuple(report or ())
    status(
        Wish(spec, env, domain, host, now, fail_on=fail_on, reports=reports, untrusted=untrusted)
    )


@keys.command("rotate")
def keys_rotate(
    spec: SpecFile,
    env: Environment = "",
    domain: Domain = "",
    host: HostKey = "",
    now: Now = "",
    begin: Annotated[
        bool, typer.Option("--begin", help="Start a rotation even if no key is due.")
    ] = False,
    check: Check = False,
    untrusted: Untrusted = False,
) -> None:
    """Take the next safe step for keys and policies; updates the key file."""
    from mailconf.cli.key_lifecycle import Wish, rotate

    rotate(Wish(spec, env, domain, host, now, begin=begin, check=check, untrusted=untrusted))


@keys.command("tls")
def keys_tls(
    spec: SpecFile,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="PEM certificate, certificate request or key.")
    ],
    host: Annotated[str, typer.Option("--host", metavar="KEY", help="Host that uses the key.")],
    now: Now = "",
    check: Check = False,
    untrusted: Untrusted = False,
) -> None:
    """Add a current or next TLS key for DANE."""
    from mailconf.cli.key_lifecycle import Wish, tls

    tls(Wish(spec, host=host, now=now, check=check, untrusted=untrusted), file)
