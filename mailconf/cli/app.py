"""All commands by name; what a command needs is imported when it runs."""

# ruff: noqa: PLC0415, `mailconf --help` must not wait for DNS and TLS libraries
from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mailconf import __version__
from mailconf.cli.arguments import (
    AllowPrivate,
    Ca,
    Connect,
    Environment,
    ExitCode,
    FailOn,
    Offline,
    OnlyChecks,
    OptionalSpec,
    Output,
    Reports,
    Resolvers,
    SkippedChecks,
    SpecFile,
    Templates,
    Untrusted,
)
from mailconf.cli.keys_commands import keys
from mailconf.cli.lab_commands import lab

app = typer.Typer(
    help="Infrastructure as code for e-mail: render, publish, deploy and verify mail systems from one YAML spec.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(lab, name="lab")
app.add_typer(keys, name="keys")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mailconf {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


@app.command()
def lint(
    spec: SpecFile,
    env: Environment = "",
    untrusted: Untrusted = False,
    fail_on: FailOn = "error",
    report: Reports = None,
) -> None:
    """Check a spec against its schema and all rules."""
    from mailconf.cli.lint import run

    run(spec, env, fail_on, report or [], untrusted=untrusted)


@app.command()
def render(
    spec: SpecFile,
    output: Output,
    env: Environment = "",
    templates: Templates = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Write nothing; exit with status 1 if DIR is not up to date."),
    ] = False,
    diff: Annotated[
        bool,
        typer.Option(
            "--diff",
            help="Write nothing; show the differences and exit with status 1 if there are any.",
        ),
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite files that were modified after rendering.")
    ] = False,
    secrets: Annotated[
        bool, typer.Option("--secrets", help="Also write files that contain secrets (mode 0600).")
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="GLOB", help="Render only paths that match GLOB."),
    ] = None,
    untrusted: Untrusted = False,
) -> None:
    """Write configuration files, DNS data and client files."""
    from mailconf.cli.render import Wish, run

    paths = tuple(only or ())
    run(Wish(spec, output, env, templates, check, diff, force, secrets, paths, untrusted))


@app.command()
def diff(
    spec: SpecFile,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="DIR", help="Compare with this rendered tree."),
    ] = None,
    revision: Annotated[
        str,
        typer.Option("--rev", metavar="REV", help="Compare with the spec at this git revision."),
    ] = "",
    env: Environment = "",
    templates: Templates = None,
    exit_code: ExitCode = False,
    untrusted: Untrusted = False,
) -> None:
    """Show how the rendered files differ from DIR or a git revision."""
    from mailconf.cli.diff import Wish, run

    run(Wish(spec, output, revision, env, templates, exit_code, untrusted))


@app.command()
def verify(
    spec: SpecFile,
    env: Environment = "",
    resolver: Resolvers = None,
    ca: Ca = None,
    connect: Connect = None,
    only: OnlyChecks = None,
    skip: SkippedChecks = None,
    ehlo_name: Annotated[
        str, typer.Option("--ehlo-name", metavar="NAME", help="Name to send in EHLO.")
    ] = "mailconf-probe.invalid",
    source: Annotated[
        str, typer.Option("--source", metavar="ADDRESS", help="Local address to connect from.")
    ] = "",
    retry: Annotated[
        int,
        typer.Option(
            "--retry", metavar="N", min=0, help="Retry checks that ended as unknown, up to N times."
        ),
    ] = 0,
    wait: Annotated[
        str,
        typer.Option(
            "--wait",
            metavar="DURATION",
            help="Repeat failed and unknown checks for up to DURATION, for example 30m.",
        ),
    ] = "",
    offline: Offline = None,
    record: Annotated[
        Path | None,
        typer.Option("--record", metavar="FILE", help="Record all queries and responses in FILE."),
    ] = None,
    replay: Annotated[
        Path | None,
        typer.Option("--replay", metavar="FILE", help="Check a recording instead of live servers."),
    ] = None,
    intrusive: Annotated[
        bool,
        typer.Option(
            "--intrusive",
            help="Also log in to the accounts in plugins.round_trip.logins and send test messages.",
        ),
    ] = False,
    untrusted: Untrusted = False,
    allow_private: AllowPrivate = False,
    fail_on: FailOn = "error",
    report: Reports = None,
) -> None:
    """Check live DNS, SMTP, IMAP, POP3 and HTTPS against the spec."""
    from mailconf.cli.verify import Wish, run
    from mailconf.cli.world_source import Reach

    passwords = spec.parent if intrusive else None
    public = untrusted and not allow_private
    reach = Reach(
        resolver or [], ca, connect or [], ehlo_name, source, passwords, offline, replay, public
    )  # fmt: skip
    words = (only or [], skip or [])
    run(Wish(spec, env, reach, *words, retry, wait, record, fail_on, report or [], untrusted))


@app.command()
def plan(
    spec: SpecFile,
    env: Environment = "",
    resolver: Resolvers = None,
    authority: Annotated[
        list[str] | None,
        typer.Option(
            "--authority",
            metavar="ADDRESS[:PORT]",
            help="Query this authoritative server instead of those in the NS records.",
        ),
    ] = None,
    ca: Ca = None,
    connect: Connect = None,
    previous: Annotated[
        Path | None,
        typer.Option(
            "--previous",
            metavar="DIR",
            help="Earlier rendered tree; records that it has and the spec no longer has are listed for removal.",
        ),
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow", metavar="CODE=REASON", help="Accept an unsafe change."),
    ] = None,
    wait: Annotated[
        str,
        typer.Option(
            "--wait",
            metavar="DURATION",
            help="Repeat until all records are in sync, for up to DURATION, for example 30m.",
        ),
    ] = "",
    exit_code: ExitCode = False,
    untrusted: Untrusted = False,
    allow_private: AllowPrivate = False,
    fail_on: FailOn = "error",
    report: Reports = None,
) -> None:
    """Compare the spec's DNS records with live DNS."""
    from mailconf.cli.plan import Wish, run

    run(
        Wish(
            spec, env, resolver or [], authority or [], ca, connect or [], previous,
            allow or [], wait, exit_code, fail_on, report or [],
            untrusted, untrusted and not allow_private,
        )
    )  # fmt: skip


@app.command()
def inspect(
    message: Annotated[Path, typer.Argument(metavar="MESSAGE", help="Received message (.eml).")],
    ip: Annotated[
        str,
        typer.Option("--ip", help="Client IP address; default: taken from the Received header."),
    ] = "",
    helo: Annotated[str, typer.Option("--helo", metavar="NAME", help="Client EHLO name.")] = "",
    mail_from: Annotated[
        str, typer.Option("--from", metavar="ADDRESS", help="Envelope sender.")
    ] = "",
    resolver: Resolvers = None,
    fail_on: FailOn = "error",
    report: Reports = None,
) -> None:
    """Show how a receiver evaluates a message: SPF, DKIM, DMARC."""
    from mailconf.cli.inspect import Wish, run

    run(Wish(message, ip, helo, mail_from, resolver or [], fail_on, report or []))


@app.command("hash")
def hash_password() -> None:
    """Hash a mailbox password (Argon2id), read from the terminal."""
    from mailconf.cli.hash import run

    run()


@app.command()
def schema(spec: OptionalSpec = None, env: Environment = "", untrusted: Untrusted = False) -> None:
    """Print the JSON Schema of the spec, for editors."""
    from mailconf.cli.schema import run

    run(spec, env, untrusted=untrusted)


@app.command()
def rules(spec: OptionalSpec = None, env: Environment = "", untrusted: Untrusted = False) -> None:
    """Print all rules as Markdown."""
    from mailconf.cli.rules import run

    run(spec, env, untrusted=untrusted)


@app.command()
def plugins(spec: OptionalSpec = None, env: Environment = "", untrusted: Untrusted = False) -> None:
    """List plugins with their package, jobs, parts and rules."""
    from mailconf.cli.plugins import run

    run(spec, env, untrusted=untrusted)
