"""Databases and a directory that tell the password they are given, and a Dovecot that goes to them.

Run as the first process of fresh namespaces: `databases.py ROOT RELEASE < CASES`, where a case is a list of
kind and password; prints what each server was given, as JSON.
"""

import hashlib
import json
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue

from mailconf.formats.secret_values import spelled

SALT = b"abcdefghijklmnopqrst"
SECONDS = 10.0
HEAD = "protocols =\nssl = no\nauth_mechanisms = plain\nlog_path = /tmp/dovecot.log\n"
HEAD_2_4 = f"dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.0\n{HEAD}"
OLD = {
    "pgsql": ("sql", 'driver = pgsql\nconnect = "host=127.0.0.1 dbname=m user=u password={}"\npassword_query = SELECT 1\n', "dovecot-pgsql"),
    "mysql": ("sql", 'driver = mysql\nconnect = "host=127.0.0.1 dbname=m user=u password={}"\npassword_query = SELECT 1\n', "dovecot-mysql"),
    "ldap": ("ldap", "uris = ldap://127.0.0.1\ndn = cn=u\ndnpass = {}\nbase = dc=x\n", "dovecot-ext"),
}  # fmt: skip
NEW = {
    "pgsql": "sql_driver = pgsql\npgsql 127.0.0.1 {{\n parameters {{\n user = u\n dbname = m\n password = {}\n }}\n}}\n"
    "passdb sql {{\n query = SELECT 1\n}}\n",
    "mysql": "sql_driver = mysql\nmysql 127.0.0.1 {{\n user = u\n dbname = m\n password = {}\n}}\n"
    "passdb sql {{\n query = SELECT 1\n}}\n",
    "ldap": "ldap_uris = ldap://127.0.0.1\nldap_base = dc=x\nldap_auth_dn = cn=u\nldap_auth_dn_password = {}\n"
    "passdb ldap {{\n filter = (x=y)\n}}\n",
}
given: Queue[bytes] = Queue()


def pgsql(peer: socket.socket) -> None:
    """Ask for the password in clear (PostgreSQL protocol 3.0, AuthenticationCleartextPassword)."""
    while True:
        (length,) = struct.unpack(">I", peer.recv(4))
        (code,) = struct.unpack(">I", peer.recv(length - 4)[:4])
        if code == 196608:
            break
        peer.send(b"N")
    peer.send(b"R" + struct.pack(">II", 8, 3))
    peer.recv(1)
    (length,) = struct.unpack(">I", peer.recv(4))
    given.put(peer.recv(length - 4).rstrip(b"\0"))


def scrambled(password: bytes) -> bytes:
    """Return what mysql_native_password sends for a password."""
    one = hashlib.sha1(password).digest()
    two = hashlib.sha1(SALT + hashlib.sha1(one).digest()).digest()
    return bytes(a ^ b for a, b in zip(one, two, strict=True))


def mysql(peer: socket.socket) -> None:
    """Greet, and tell what is sent for the password."""
    head = (
        b"\x0a5.7.0\0"
        + struct.pack("<I", 1)
        + SALT[:8]
        + b"\0"
        + struct.pack("<HBHHB", 0xA20F, 33, 2, 8, 21)
    )
    greeting = head + bytes(10) + SALT[8:] + b"\0mysql_native_password\0"
    peer.send(struct.pack("<I", len(greeting))[:3] + b"\0" + greeting)
    length = int.from_bytes(peer.recv(4)[:3], "little")
    rest = peer.recv(length)[32:].split(b"\0", 1)[1]
    given.put(rest[1 : 1 + rest[0]])


def ldap(peer: socket.socket) -> None:
    """Tell the password of a simple bind: the last string of the request (RFC 4511 §4.2)."""
    octets = peer.recv(4096)
    at = octets.index(b"cn=u") + 4
    given.put(octets[at + 2 : at + 2 + octets[at + 1]])


def serve(port: int, speak: Callable[[socket.socket], None]) -> None:
    """Let one kind of server listen."""
    listening = socket.create_server(("127.0.0.1", port))

    def loop() -> None:
        while True:
            with listening.accept()[0] as peer:
                try:
                    speak(peer)
                except (OSError, struct.error, ValueError, IndexError):
                    continue

    threading.Thread(target=loop, daemon=True).start()


def asked(root: Path, is_new: bool, kind: str, password: str) -> bytes | None:
    """Start Dovecot, let somebody log in, and return what the server was given."""
    conf = root / "etc/dovecot"
    if is_new:
        text = HEAD_2_4 + NEW[kind].format(spelled("dovecot", password))
    else:
        driver, ext, form = OLD[kind]
        (conf / "x.ext").write_text(ext.format(spelled(form, password)))
        text = f"{HEAD}passdb {{\n driver = {driver}\n args = /etc/dovecot/x.ext\n}}\n"
    (conf / "dovecot.conf").write_text(text)
    while not given.empty():
        given.get()
    daemon = subprocess.Popen(["chroot", str(root), "dovecot", "-F"], stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            command = ["chroot", str(root), "doveadm", "auth", "test", "alice", "x"]
            ask = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                return given.get(timeout=1)
            except Empty:
                continue
            finally:
                ask.kill()
                ask.wait()
        return None
    finally:
        daemon.terminate()
        daemon.wait()


def mounted(image: str, place: str) -> Path:
    """Put a layer over an image, so that nothing in it changes."""
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", place], check=True)
    upper, work, root = (Path(place) / name for name in ("upper", "work", "root"))
    for one in (upper, work, root):
        one.mkdir()
    options = f"lowerdir={image},upperdir={upper},workdir={work}"
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, str(root)], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(root / "run")], check=True)
    subprocess.run(["mount", "--bind", "/dev", str(root / "dev")], check=True)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    return root


def main() -> None:
    """Read cases, and tell what came of each: the password, or for MySQL whether it was the one."""
    root = mounted(sys.argv[1], tempfile.mkdtemp())
    for port, speak in ((5432, pgsql), (3306, mysql), (389, ldap)):
        serve(port, speak)
    seen = []
    for kind, password in json.load(sys.stdin):
        found = asked(root, sys.argv[2] == "debian-13", kind, password)
        right = scrambled(password.encode()) if kind == "mysql" else password.encode()
        seen.append(found == right)
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main()
