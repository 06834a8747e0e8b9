"""Mail programs of others, as they come with Debian: each sends or fetches one message, for real."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mailconf.lab.rootfs import CA_BUNDLE
from mailconf.model.lab import Done
from tests.lab.bench import Bench, letter

BUNDLE = f"/{CA_BUNDLE}"
SENDER, RECIPIENT = "alice@example.org", "bob@example.org"
OTHER_NAME = "other.example.org"
"""A name that leads to the host and stands in no certificate of it."""
Command = tuple[str, ...]


@dataclass(frozen=True)
class Desk:
    """What a client is told: the server, the users' passwords, a message, and where to put mail."""

    bench: Bench
    server: str
    token: str

    @property
    def password(self) -> str:
        return self.bench.site.passwords[SENDER]

    @property
    def reader(self) -> str:
        return self.bench.site.passwords[RECIPIENT]

    @property
    def letter(self) -> str:
        """Write the message as a file, and return its path."""
        message = letter(RECIPIENT, self.token)
        message.replace_header("From", SENDER)
        return self.bench.write_on_client(f"/tmp/{self.token}.eml", message.as_string())

    def config(self, text: str) -> str:
        """Write a configuration file, and return its path."""
        return self.bench.write_on_client(f"/tmp/{self.token}.rc", text)


def _msmtp(desk: Desk, port: int, *options: str) -> Command:
    rc = desk.config(
        f"account default\nhost {desk.server}\nport {port}\nfrom {SENDER}\nauth plain\n"
        f"user {SENDER}\npassword {desk.password}\ntls on\ntls_trust_file {BUNDLE}\n"
        + "\n".join(options)
    )
    return ("sh", "-c", f"msmtp -C {rc} {RECIPIENT} < {desk.letter}")


def msmtp_submissions(desk: Desk) -> Command:
    return _msmtp(desk, 465, "tls_starttls off")


def msmtp_submission(desk: Desk) -> Command:
    return _msmtp(desk, 587, "tls_starttls on")


def curl_smtps(desk: Desk) -> Command:
    return (
        *("curl", "-sS", "--url", f"smtps://{desk.server}:465/client.example.org"),
        *("--user", f"{SENDER}:{desk.password}", "--mail-from", SENDER),
        *("--mail-rcpt", RECIPIENT, "--upload-file", desk.letter),
    )


def curl_submission(desk: Desk) -> Command:
    return (
        *("curl", "-sS", "--ssl-reqd", "--url", f"smtp://{desk.server}:587/client.example.org"),
        *("--user", f"{SENDER}:{desk.password}", "--mail-from", SENDER),
        *("--mail-rcpt", RECIPIENT, "--upload-file", desk.letter),
    )


def neomutt_smtps(desk: Desk) -> Command:
    user = SENDER.replace("@", "%40")
    rc = desk.config(
        f'set smtp_url="smtps://{user}:{desk.password}@{desk.server}:465/"\n'
        f'set from="{SENDER}"\nset use_from=yes\nset copy=no\nset folder=/tmp\nset record=\n'
        f'set ssl_ca_certificates_file="{BUNDLE}"\nset certificate_file=/tmp/none\n'
        "set smtp_authenticators=plain\nset ssl_force_tls=yes\n"
    )
    subject = f"mailconf lab {desk.token}"
    header = f"my_hdr Message-ID: <{desk.token}@example.org>"
    write = f"neomutt -n -F {rc} -e '{header}' -s '{subject}' {RECIPIENT} < {desk.letter}"
    return ("sh", "-c", write)


def curl_imaps(desk: Desk) -> Command:
    where = f"imaps://{desk.server}/INBOX;MAILINDEX=1"
    return ("curl", "-sS", where, "--user", f"{RECIPIENT}:{desk.reader}")


def curl_pop3s(desk: Desk) -> Command:
    return ("curl", "-sS", f"pop3s://{desk.server}/1", "--user", f"{RECIPIENT}:{desk.reader}")


def mbsync_imaps(desk: Desk) -> Command:
    new = desk.bench.run_on_client("mbsync", "--version").output >= "isync 1.5"
    tls, far, near = ("TLSType", "Far", "Near") if new else ("SSLType", "Master", "Slave")
    if not new and desk.bench.run_on_client("mbsync", "--version").output >= "isync 1.4":
        far, near = "Far", "Near"
    box = f"/tmp/{desk.token}.box"
    rc = desk.config(
        f"IMAPAccount a\nHost {desk.server}\nUser {RECIPIENT}\nPass {desk.reader}\n{tls} IMAPS\n"
        f"CertificateFile {BUNDLE}\n\nIMAPStore far\nAccount a\n\n"
        f"MaildirStore near\nPath {box}/\nInbox {box}/INBOX\n\n"
        f"Channel c\n{far} :far:\n{near} :near:\nPatterns INBOX\nCreate {near}\nSync Pull\n"
    )
    return ("sh", "-c", f"mkdir {box}; mbsync -c {rc} c && cat {box}/INBOX/*/*")


def fetchmail_pop3s(desk: Desk) -> Command:
    box = f"/tmp/{desk.token}.mbox"
    rc = desk.config(
        f"poll {desk.server} protocol pop3 port 995 auth password\n"
        f'  user "{RECIPIENT}" password "{desk.reader}" ssl sslcertck sslcertfile {BUNDLE}\n'
        f'  keep mda "cat >> {box}"\n'
    )
    take = f"fetchmail --nosyslog --nodetach -f {rc} --pidfile /tmp/{desk.token}.pid"
    return ("sh", "-c", f"{take} && cat {box}")


def _swaks(desk: Desk, port: int, *options: str) -> Command:
    return (
        *("swaks", "--server", desk.server, "--port", str(port), *options, "--tls-verify"),
        *("--tls-ca-path", BUNDLE, "--auth", "PLAIN", "--auth-user", SENDER),
        *(f"--auth-password={desk.password}", "--from", SENDER, "--to", RECIPIENT),
        *("--helo", "client.example.org", "--data", f"@{desk.letter}"),
    )


def swaks_submissions(desk: Desk) -> Command:
    return _swaks(desk, 465, "--tls-on-connect")


def swaks_submission(desk: Desk) -> Command:
    return _swaks(desk, 587, "--tls")


SENDERS: dict[str, Callable[[Desk], Command]] = {
    "swaks 465": swaks_submissions,
    "swaks 587": swaks_submission,
    "msmtp 465": msmtp_submissions,
    "msmtp 587": msmtp_submission,
    "curl smtps": curl_smtps,
    "curl submission": curl_submission,
    "neomutt smtps": neomutt_smtps,
}
READERS: dict[str, Callable[[Desk], Command]] = {
    "curl imaps": curl_imaps,
    "curl pop3s": curl_pop3s,
    "mbsync imaps": mbsync_imaps,
    "fetchmail pop3s": fetchmail_pop3s,
}
# Before 2024 swaks looked at the chain alone.
STRICT = {name: it for name, it in (SENDERS | READERS).items() if not name.startswith("swaks")}


def with_clients(bench: Bench) -> dict[str, Any]:
    """Let every client send or fetch, then try the same with a name that the certificate lacks."""
    hosts = bench.client_root / "etc/hosts"
    hosts.write_text(f"127.0.0.1 localhost\n{bench.address} {OTHER_NAME}\n")
    seen: dict[str, Any] = {}
    tokens: dict[str, str] = {}
    for number, (name, client) in enumerate(SENDERS.items()):
        tokens[name] = f"labsend{number}x"
        seen[name] = _told(bench.run_on_client(*client(Desk(bench, bench.hostname, tokens[name]))))
    for name, token in tokens.items():
        seen[name]["arrived"] = bench.read(bench.login(RECIPIENT), token) is not None
    for number, (name, client) in enumerate(READERS.items()):
        desk = Desk(bench, bench.hostname, f"labread{number}x")
        done = bench.run_on_client(*client(desk))
        seen[name] = {**_told(done), "arrived": "labsend" in done.output}
    for number, (name, client) in enumerate(STRICT.items()):
        desk = Desk(bench, OTHER_NAME, f"labwrong{number}x")
        done = bench.run_on_client(*client(desk))
        said = {**_told(done), "said": f"{done.errors}\n{done.output}"[-300:]}
        seen[f"{name}, wrong name"] = said
    inbox = bench.imap(RECIPIENT)
    seen["sent to the wrong name"] = "labwrong" in inbox.subjects("INBOX")
    inbox.logout()
    return seen


def _told(done: Done) -> dict[str, Any]:
    return {"status": done.status, "errors": done.errors[-500:]}
