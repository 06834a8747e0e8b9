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
    FailOn,
    OptionalSpec,
    Output,
    Reports,
    Resolvers,
    SpecFile,
    Templates,
    Untrusted,
)
from mailconf.cli.keys_commands import keys
from mailconf.cli.lab_commands import lab

app = typer.Typer(
    help="One YAML spec in, a proven mail system out.",
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
    """Check a spec against its schema and all rules; touches nothing."""
    from mailconf.cli.lint import run

    run(spec, env, fail_on, report or [], untrusted=untrusted)


@app.command()
def render(
    spec: SpecFile,
    output: Output,
    env: Environment = "",
    templates: Templates = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 when DIR is not up to date.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Write nothing; show what would change, exit 1 if any.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite files that were changed by hand.")
    ] = False,
    secrets: Annotated[
        bool, typer.Option("--secrets", help="Write secret files too, mode 0600.")
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="GLOB", help="Only paths of the tree that match."),
    ] = None,
    untrusted: Untrusted = False,
) -> None:
    """Write the configuration of every host, zone data and client files into DIR."""
    from mailconf.cli.render import Wish, run

    paths = tuple(only or ())
    run(Wish(spec, output, env, templates, check, diff, force, secrets, paths, untrusted))


@app.command()
def diff(
    spec: SpecFile,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="DIR", help="Compare with this tree.")
    ] = None,
    revision: Annotated[
        str, typer.Option("--rev", metavar="REV", help="Compare with the spec at a git revision.")
    ] = "",
    env: Environment = "",
    templates: Templates = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit 1 when there is a difference.")
    ] = False,
    untrusted: Untrusted = False,
) -> None:
    """Show what a spec renders differently from DIR or a git revision; offline."""
    from mailconf.cli.diff import Wish, run

    run(Wish(spec, output, revision, env, templates, exit_code, untrusted))


@app.command()
def verify(
    spec: SpecFile,
    env: Environment = "",
    resolver: Resolvers = None,
    ca: Ca = None,
    connect: Connect = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            metavar="WORD",
            help="Only what matches: a check, plugin, protocol, host, domain or code; * and ? too.",
        ),
    ] = None,
    skip: Annotated[
        list[str] | None, typer.Option("--skip", metavar="WORD", help="Not what matches.")
    ] = None,
    ehlo_name: Annotated[
        str, typer.Option("--ehlo-name", metavar="NAME", help="How to greet SMTP servers.")
    ] = "mailconf-probe.invalid",
    source: Annotated[
        str, typer.Option("--source", metavar="ADDRESS", help="Come from this local address.")
    ] = "",
    retry: Annotated[
        int, typer.Option("--retry", metavar="N", min=0, help="Ask again what was not told.")
    ] = 0,
    wait: Annotated[
        str,
        typer.Option(
            "--wait", metavar="SPAN", help="Look again, up to 30m say, until all is well."
        ),
    ] = "",
    offline: Annotated[
        Path | None,
        typer.Option("--offline", metavar="DIR", help="Look at a rendered tree, not at the world."),
    ] = None,
    record: Annotated[
        Path | None,
        typer.Option("--record", metavar="FILE", help="Keep every question and answer."),
    ] = None,
    replay: Annotated[
        Path | None, typer.Option("--replay", metavar="FILE", help="Look at a recording.")
    ] = None,
    intrusive: Annotated[
        bool,
        typer.Option(
            "--intrusive", help="Log in as the spec's round_trip.logins, and send mail round."
        ),
    ] = False,
    untrusted: Untrusted = False,
    allow_private: AllowPrivate = False,
    fail_on: FailOn = "error",
    report: Reports = None,
) -> None:
    """Check every declared record, listener, certificate and client file, live."""
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
            help="Ask this server, not those that NS names.",
        ),
    ] = None,
    ca: Ca = None,
    connect: Connect = None,
    previous: Annotated[
        Path | None,
        typer.Option(
            "--previous",
            metavar="DIR",
            help="The tree rendered before: what it had and the spec has not, goes.",
        ),
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow", metavar="CODE=REASON", help="Accept a danger, for a reason."),
    ] = None,
    wait: Annotated[
        str,
        typer.Option(
            "--wait", metavar="SPAN", help="Look again, up to 30m say, until all is in sync."
        ),
    ] = "",
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit 1 when there is a difference.")
    ] = False,
    untrusted: Untrusted = False,
    allow_private: AllowPrivate = False,
    fail_on: FailOn = "error",
    report: Reports = None,
) -> None:
    """Compare the records with DNS, live: what would change, what would break, when caches agree."""
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
    message: Annotated[
        Path, typer.Argument(metavar="MESSAGE", help="A message as received (.eml).")
    ],
    ip: Annotated[str, typer.Option("--ip", help="Who handed it over; else read from it.")] = "",
    helo: Annotated[
        str, typer.Option("--helo", metavar="NAME", help="How that host greeted.")
    ] = "",
    mail_from: Annotated[
        str, typer.Option("--from", metavar="ADDRESS", help="The envelope sender.")
    ] = "",
    resolver: Annotated[
        list[str] | None,
        typer.Option("--resolver", metavar="ADDRESS[:PORT]", help="Ask this one."),
    ] = None,
    fail_on: FailOn = "error",
    report: Reports = None,
) -> None:
    """Say what a receiver would of a message: SPF, DKIM, DMARC, and why."""
    from mailconf.cli.inspect import Wish, run

    run(Wish(message, ip, helo, mail_from, resolver or [], fail_on, report or []))


@app.command("hash")
def hash_password() -> None:
    """Hash a password for a mailbox (Argon2id); it is read from the terminal, never from arguments."""
    from mailconf.cli.hash import run

    run()


@app.command()
def schema(spec: OptionalSpec = None, env: Environment = "", untrusted: Untrusted = False) -> None:
    """Print the JSON Schema of a spec, for editors."""
    from mailconf.cli.schema import run

    run(spec, env, untrusted=untrusted)


@app.command()
def rules(spec: OptionalSpec = None, env: Environment = "", untrusted: Untrusted = False) -> None:
    """Print every rule with its severity, fix and source, as Markdown."""
    from mailconf.cli.rules import run

    run(spec, env, untrusted=untrusted)


@app.command()
def plugins(spec: OptionalSpec = None, env: Environment = "", untrusted: Untrusted = False) -> None:
    """List the plugins, where each comes from, and what it brings."""
    from mailconf.cli.plugins import run

    run(spec, env, untrusted=untrusted)
