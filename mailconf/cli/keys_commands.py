"""The commands of `mailconf keys` by name."""

# ruff: noqa: PLC0415, `mailconf --help` must not wait for cryptography
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailconf.cli.arguments import Environment, FailOn, Reports, SpecFile, Untrusted

keys = typer.Typer(help="Make and look after keys.", no_args_is_help=True)


@keys.command("new")
def keys_new(
    spec: SpecFile,
    domain: Annotated[
        str, typer.Option("--domain", help="Only this one; else every domain without a key.")
    ] = "",
    selector: Annotated[str, typer.Option("--selector", help="Else made from the date.")] = "",
    kind: Annotated[
        str, typer.Option("--type", help="rsa, or ed25519 to sign besides it.")
    ] = "rsa",
    now: Annotated[str, typer.Option("--now", metavar="DATE", help="Pretend it is this day.")] = "",
    untrusted: Untrusted = False,
) -> None:
    """Make DKIM keys: private halves under keys/, public halves into the key file."""
    from mailconf.cli.keys import new

    new(spec, domain, selector, kind, now, untrusted=untrusted)


@keys.command("digest")
def keys_digest(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Certificates, requests or keys, PEM.")
    ],
) -> None:
    """Print the digests of TLS keys, for `dane: {keys: [...]}` under a host."""
    from mailconf.cli.keys import digest

    digest(files)


Domain = Annotated[str, typer.Option("--domain", help="Only this one.")]
HostKey = Annotated[str, typer.Option("--host", metavar="KEY", help="Only this one.")]
Now = Annotated[str, typer.Option("--now", metavar="TIME", help="Pretend that it is then.")]
Check = Annotated[bool, typer.Option("--check", help="Write nothing; show what would be written.")]


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
    """Say of every key and policy how it is, what may come next, and from when on."""
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
        bool, typer.Option("--begin", help="Begin a rotation, though no key is old yet.")
    ] = False,
    check: Check = False,
    untrusted: Untrusted = False,
) -> None:
    """Take one step in the life of keys and policies, if it is safe: a change of the key file."""
    from mailconf.cli.key_lifecycle import Wish, rotate

    rotate(Wish(spec, env, domain, host, now, begin=begin, check=check, untrusted=untrusted))


@keys.command("tls")
def keys_tls(
    spec: SpecFile,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A certificate, request or key, PEM.")
    ],
    host: Annotated[str, typer.Option("--host", metavar="KEY", help="Whose key it is.")],
    now: Now = "",
    check: Check = False,
    untrusted: Untrusted = False,
) -> None:
    """Add a TLS key for DANE: the one in use, or the next one, before its certificate is loaded."""
    from mailconf.cli.key_lifecycle import Wish, tls

    tls(Wish(spec, host=host, now=now, check=check, untrusted=untrusted), file)
