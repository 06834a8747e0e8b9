"""fail2ban in the lab: how it starts there, and the check that it blocks who guesses."""

import shlex
from collections.abc import AsyncIterator, Iterator

from mailconf.api import (
    EndpointAddress,
    Finding,
    Inconclusive,
    LabCheck,
    LabMachine,
    LabScene,
    LabService,
    LabSupport,
    Rule,
    Severity,
    View,
)
from mailconf_fail2ban.files import JAILS
from mailconf_fail2ban.options import Fail2banOptions

LOG, LAB_JAILS = "/var/log/mail.log", "/etc/fail2ban/jail.d/zz-mailconf-lab.local"
OPEN = Rule(
    code="F2B003",
    name="fail2ban-guesser-not-blocked",
    severity=Severity.ERROR,
    found_by="lab",
    message="after {count} wrong passwords from one address, it can still connect",
    expected="no connection",
    fix="deploy the generated /etc/fail2ban/jail.d/mailconf.local, and check that fail2ban runs",
)
CLOSED = Rule(
    code="F2B004",
    name="fail2ban-blocks-others",
    severity=Severity.ERROR,
    found_by="lab",
    message="after {count} wrong passwords from one address, another address cannot connect",
    expected="a connection",
    fix="remove the other address from the ban list: fail2ban-client unban",
)
WHO = "postmaster@client.example"
TRIES = 10


def _start(machine: LabMachine) -> None:
    """Start it with a log file: no systemd of the lab has a journal."""
    machine.copy_log(LOG)
    jails = [line for line in machine.read(f"/{JAILS}").splitlines() if line.startswith("[")]
    kept = [jail for jail in jails if jail not in ("[DEFAULT]", "[sshd]")]
    lines = [f"{jail}\nbackend = polling\nlogpath = {LOG}\n" for jail in kept]
    machine.write(LAB_JAILS, "\n".join(lines))
    machine.make_directory("/run/fail2ban")
    machine.start("fail2ban-client", "start", changes_network=True)


def _subjects(view: View[Fail2banOptions]) -> Iterator[EndpointAddress]:
    """Yield the first IPv4 listener of each host that serves submission with implicit TLS."""
    for host in view.spec.hosts.values():
        points = view.spec.endpoints_of(host)
        found = (p for p in points if host.is_("submission") and p.protocol.name == "submissions")
        for point in found:
            at = [EndpointAddress(point, a) for a in point.addresses if a.version == 4]  # noqa: PLR2004, IPv4
            yield from at[:1]


async def _guesser_is_blocked(
    view: View[Fail2banOptions], at: EndpointAddress, lab: LabScene
) -> AsyncIterator[Finding]:
    """Guess from one address until it is blocked, then connect from another one."""
    options = view.options
    guesser = lab.addresses[4]
    lab.client.run(*_guesses(at, guesser, options.retries + 1))
    if not _until_refused(lab.client, at, guesser):
        yield OPEN.at(at, at.endpoint.where, count=options.retries + 1)
    elif not _connects(lab.client, at, ""):
        yield CLOSED.at(at, at.endpoint.where, count=options.retries + 1)


def _guesses(at: EndpointAddress, source: str, count: int) -> tuple[str, ...]:
    """Return a command that guesses at once: Dovecot delays one guess after another ever longer."""
    url = f"smtps://{at.address}:{at.endpoint.port}"
    guess = ("curl", "-sk", "--max-time", "15", "--interface", source, "--mail-from", WHO, url)
    command = shlex.join((*guess, "--user", f"{WHO}:a wrong password"))
    return "sh", "-c", f"for guess in $(seq {count}); do {command} & done; wait"


def _until_refused(client: LabMachine, at: EndpointAddress, source: str) -> bool:
    """Wait until connections from an address fail: fail2ban reads the log once a second."""
    for _ in range(TRIES):
        if not _connects(client, at, source):
            return True
        client.run("sleep", "1")
    return False


def _connects(client: LabMachine, at: EndpointAddress, source: str) -> bool:
    """Tell whether a TLS session can be had from an address, the client's first one by default."""
    where = ("--interface", source) if source else ()
    url = f"smtps://{at.address}:{at.endpoint.port}"
    done = client.run("curl", "-sk", "--max-time", "3", *where, "--request", "NOOP", url)
    if done.status not in (0, 7, 28, 56):
        raise Inconclusive(f"{at}: curl ends with status {done.status}: {done.errors}")
    return done.status in (0, 56)


LAB = LabSupport(
    services=(LabService("fail2ban", _start, "web"),),
    checks=(
        LabCheck(
            "fail2ban.blocks",
            "Addresses that guess passwords are blocked, others are not.",
            _subjects,
            _guesser_is_blocked,
        ),
    ),
)
