"""lint, diff, keys, schema, rules, verify: what they print and how they end."""

import base64
import hashlib
import json
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from mailconf import __version__
from mailconf.engine.keys import key_pair
from tests.cli.running import GOOD, QUICKSTART, contents, mailconf, site

DECLARED = """\
domains:
  example.org:
    dkim: {selectors: {next: {created: 2026-11-20}}}
"""


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return site(tmp_path)


def test_version_and_help() -> None:
    assert mailconf("--version").stdout == f"mailconf {__version__}\n"
    for command in (
        "lint",
        "render",
        "diff",
        "verify",
        "lab",
        "keys",
        "schema",
        "rules",
        "plugins",
    ):
        assert command in mailconf("--help").stdout


def test_fail_on_moves_the_line(spec: Path) -> None:
    assert mailconf("lint", spec).status == 0
    assert mailconf("lint", spec, "--fail-on", "warning").status == 1


def test_reports_go_where_they_are_sent(spec: Path, tmp_path: Path) -> None:
    path = tmp_path / "reports/lint.json"
    twice = "--report", f"json={path}.too"
    done = mailconf(
        "lint", spec, "--report", f"json={path}", "--report", f"junit={path}.xml", *twice
    )
    assert json.loads(path.read_text())["schema"] == "mailconf.report/1"
    assert Path(f"{path}.too").read_text() == path.read_text()
    assert Path(f"{path}.xml").read_text().startswith("<?xml")
    assert done.stdout.endswith("s)\n")


def test_a_report_on_stdout_is_alone_there(spec: Path) -> None:
    assert json.loads(mailconf("lint", spec, "--report", "json").stdout)["command"] == "lint"


def test_a_waiver_silences_and_an_unused_one_is_told(spec: Path) -> None:
    waivers = (
        "waivers:\n"
        "  - {code: ADR004, where: domains.example.org, reason: no logins here}\n"
        "  - {code: MX009, reason: never happens}\n"
        "  - {code: PFX019, reason: gone, until: 2020-01-01}\n"
    )
    spec.write_text(GOOD + waivers)
    done = mailconf("lint", spec)
    assert "ADR004" not in done.stdout
    assert ":10:5: warning CFG051 waiver-unused: the waiver of MX009" in done.stdout
    assert ":11:5: warning CFG050 waiver-expired: the waiver for PFX019" in done.stdout


def test_an_environment_lies_over_the_spec(spec: Path) -> None:
    overlay = spec.parent / "environments/staging.yaml"
    overlay.parent.mkdir()
    overlay.write_text("hosts: {mail: {addresses: [10.0.0.25]}}\n")
    done = mailconf("lint", spec, "--env", "staging")
    assert f"{overlay}:1:28: warning MX009" in done.stdout
    assert mailconf("lint", spec, "--env", "production").status == 2


def test_a_key_is_private_and_its_public_half_is_not(spec: Path) -> None:
    private = next(spec.parent.glob("keys/*.pem"))
    assert private.stat().st_mode & 0o777 == 0o600
    assert private.parent.stat().st_mode & 0o777 == 0o700
    assert (private.parent / ".gitignore").read_text() == "*\n"
    assert load_pem_private_key(private.read_bytes(), None).key_size == 2048  # type: ignore[union-attr]
    assert "PRIVATE" not in (spec.parent / "mailconf.keys.yaml").read_text()


def test_a_second_key_waits_in_dns(spec: Path) -> None:
    done = mailconf("keys", "new", spec, "--domain", "example.org", "--now", "2026-11-24")
    assert "selector s202611b, published" in done.stdout
    keys = yaml.safe_load((spec.parent / "mailconf.keys.yaml").read_text())
    selectors = keys["domains"]["example.org"]["dkim"]["selectors"]
    assert [s["state"] for s in selectors.values()] == ["active", "published"]
    assert mailconf("lint", spec).status == 0


def test_an_ed25519_key_signs_besides_the_rsa_key(spec: Path) -> None:
    done = mailconf("keys", "new", spec, "--type", "ed25519", "--now", "2026-11-24")
    assert "selector s202611b, published" in done.stdout
    keys = yaml.safe_load((spec.parent / "mailconf.keys.yaml").read_text())
    made = keys["domains"]["example.org"]["dkim"]["selectors"]["s202611b"]
    assert made["type"] == "ed25519"
    seed = next(spec.parent.glob("keys/*.seed")).read_text()
    assert len(base64.b64decode(seed)) == 32
    assert "DKM024" not in mailconf("lint", spec).stdout
    mailconf("keys", "rotate", spec, "--now", "2026-11-25")
    assert "DKM024" in mailconf("lint", spec).stdout


def test_a_key_type_that_does_not_exist_is_refused(spec: Path) -> None:
    done = mailconf("keys", "new", spec, "--type", "dsa")
    assert (done.status, "expected rsa or ed25519" in done.stderr) == (2, True)


def test_without_dkim_there_is_nothing_to_make_a_key_for(spec: Path) -> None:
    spec.write_text(GOOD + "plugins: {dkim: off}\n")
    done = mailconf("keys", "new", spec)
    assert (done.status, "the dkim plugin is off" in done.stderr) == (2, True)


def test_the_digest_of_a_tls_key_is_printed(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    file = tmp_path / "privkey.pem"
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    done = mailconf("keys", "digest", file)
    assert done.stdout == f"{hashlib.sha256(public).hexdigest()}  {file}\n"


def test_a_file_without_a_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_text("nothing")
    done = mailconf("keys", "digest", tmp_path / "a.pem", tmp_path / "absent.pem")
    assert (done.status, "not a PEM certificate" in done.stderr) == (2, True)


def test_a_declared_selector_gets_its_key(spec: Path) -> None:
    spec.with_name("mailconf.keys.yaml").unlink()
    text = GOOD.replace("domains:\n  example.org:\n", DECLARED)
    assert text != GOOD
    spec.write_text(text)
    done = mailconf("keys", "new", spec)
    assert "example.org: selector next, active" in done.stdout
    assert mailconf("lint", spec).status == 0


def test_a_key_is_never_overwritten(spec: Path) -> None:
    before = contents(spec.parent)
    done = mailconf("keys", "new", spec, "--domain", "example.org", "--selector", "s202611a")
    assert done.status == 2
    assert "has a selector s202611a already" in done.stderr
    assert contents(spec.parent) == before


def test_diff_compares_with_a_tree(spec: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    mailconf("render", spec, "-o", tree)
    assert mailconf("diff", spec, "-o", tree, "--exit-code").status == 0
    spec.write_text(GOOD.replace("192.0.2.25", "192.0.2.26"))
    done = mailconf("diff", spec, "-o", tree)
    assert done.status == 0
    assert "-mail.example.org. 3600 IN A 192.0.2.25\n" in done.stdout
    assert "+mail.example.org. 3600 IN A 192.0.2.26\n" in done.stdout
    assert mailconf("diff", spec, "-o", tree, "--exit-code").status == 1


def test_diff_compares_with_a_revision(spec: Path) -> None:
    git = ["git", "-C", str(spec.parent), "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run([*git, *command], check=True)
    spec.write_text(GOOD.replace("192.0.2.25", "192.0.2.26"))
    done = mailconf("diff", spec, "--rev", "HEAD", "--exit-code")
    assert done.status == 1
    assert "+mail.example.org. 3600 IN A 192.0.2.26\n" in done.stdout
    assert "PRIVATE" not in done.stdout


def committed(folder: Path) -> None:
    """Make a repository of a folder, with a commit of all that is in it."""
    git = ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "-f", "."], ["commit", "-qm", "first"]):
        subprocess.run([*git, *command], check=True)


def test_diff_with_a_revision_runs_nothing_that_the_branch_brings(
    spec: Path, tmp_path: Path
) -> None:
    """A folder that looks like a repository has a configuration, which names programs."""
    top = tmp_path / "top"
    mail, ran = top / "mail", tmp_path / "ran"
    mail.mkdir(parents=True)
    shutil.copy(spec, mail / "mailconf.yaml")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / ".gitattributes").write_text("* filter=x\n")
    shutil.copy(spec, inner / "mailconf.yaml")
    committed(inner)
    shutil.copytree(inner / ".git", mail, dirs_exist_ok=True)
    (mail / "config").write_text(
        f'[core]\n bare = true\n[filter "x"]\n smudge = touch {ran} && cat\n'
    )
    committed(top)
    done = mailconf("diff", "--untrusted", mail / "mailconf.yaml", "--rev", "HEAD")
    assert (done.status, done.stdout) == (0, "")
    assert not ran.exists()


def test_diff_with_a_revision_reads_no_more_than_a_limit(spec: Path) -> None:
    with (spec.parent / "zeros").open("wb") as large:
        large.truncate(300 * 2**20)
    committed(spec.parent)
    done = mailconf("diff", spec, "--rev", "HEAD")
    assert done.status == 2
    assert "the limit is 268435456" in done.stderr


def test_diff_with_a_revision_follows_the_link_to_the_spec(spec: Path, tmp_path: Path) -> None:
    committed(spec.parent)
    link = tmp_path / "link.yaml"
    link.symlink_to(spec)
    assert mailconf("diff", link, "--rev", "HEAD").status == 0


def test_files_that_never_end_are_not_read(spec: Path) -> None:
    for words in (("inspect", "/dev/zero"), ("verify", spec, "--replay", "/dev/zero")):
        done = mailconf(*words)
        assert done.status == 2
        assert "a regular file" in done.stderr


def test_the_schema_knows_every_section() -> None:
    body = json.loads(mailconf("schema").stdout)
    assert {"hosts", "domains", "protocols", "plugins", "defaults", "waivers"} <= set(
        body["properties"]
    )


def test_rules_are_printed() -> None:
    assert "## SMT009 smtp-open-relay" in mailconf("rules").stdout


def test_silence_is_inconclusive_not_failed() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        resolver = f"127.0.0.1:{silent.getsockname()[1]}"
        spec = QUICKSTART / "mailconf.yaml"
        done = mailconf("verify", spec, "--resolver", resolver, "--only", "*. MX")
    assert done.status == 3
    assert "unknown dns.record  example.org. MX" in done.stdout


def test_a_closed_port_fails_and_the_rest_of_it_is_skipped(spec: Path) -> None:
    taken = "--connect", "mail.example.org=127.0.0.1", "--only", "submission://*"
    spec.write_text(GOOD + f"protocols: {{submission: {{port: {free_port()}}}}}\n")
    done = mailconf("verify", spec, *taken, "--report", "json")
    verdicts = {o["check"]: o["verdict"] for o in json.loads(done.stdout)["outcomes"]}
    assert done.status == 1
    assert verdicts.pop("smtp.reachable") == "failed"
    assert set(verdicts.values()) == {"skipped"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_no_colour_and_no_progress_off_a_terminal(spec: Path) -> None:
    done = mailconf("lint", spec)
    assert "\x1b" not in done.stdout + done.stderr


def test_hash_reads_a_password_and_prints_only_its_hash() -> None:
    done = mailconf("hash", said="hunter2\n")
    assert done.stdout.startswith("{ARGON2ID}$argon2id$")
    assert "hunter2" not in done.stdout + done.stderr


def test_an_empty_password_is_refused() -> None:
    done = mailconf("hash", said="\n")
    assert (done.status, done.stdout) == (2, "")


def test_a_weak_hash_is_told_when_it_is_written(spec: Path, tmp_path: Path) -> None:
    spec.write_text(GOOD.replace("alice: {}", "alice: {password: ref+env://ALICE}"))
    done = mailconf("render", spec, "-o", tmp_path / "tree", "--secrets", ALICE="{PLAIN}hunter2")
    assert "DVC004" in done.stderr
    assert "hunter2" not in done.stdout + done.stderr


WITHOUT_HOSTS = """\
version: 1
domains:
  example.org:
    provider: google-workspace
    dkim: {selectors: {google: {state: active, public_key: KEY}}}
    tls_rpt: {reports: ['mailto:tls@example.org']}
  example.net: {provider: {name: microsoft-365, tenant: contoso}}
  example.com: {mail: none}
plugins: {zonefile: {name_servers: [ns1.dns.example, ns2.dns.example]}}
"""


def test_a_site_of_provider_and_parked_domains_needs_no_host(tmp_path: Path) -> None:
    spec, tree = tmp_path / "mailconf.yaml", tmp_path / "out"
    spec.write_text(WITHOUT_HOSTS.replace("KEY", key_pair("rsa").public_key))
    assert mailconf("lint", spec).stdout.startswith("lint: no findings")
    assert mailconf("render", spec, "-o", tree).status == 0
    zone = (tree / "dns/example.org.zone").read_text()
    assert "google._domainkey.example.org. 3600 IN TXT" in zone
    assert "_smtp._tls.example.org. 3600 IN TXT" in zone
    assert "IN SOA" in zone
    zone = (tree / "dns/example.net.zone").read_text()
    assert "selector2-example-net._domainkey.contoso.onmicrosoft.com." in zone
    assert zone.count("include:") == 1
    done = mailconf("verify", spec, "--offline", tree)
    assert (done.status, "no findings" in done.stdout) == (0, True)
    for command in (["diff", spec, "-o", tree], ["keys", "status", spec], ["keys", "rotate", spec]):
        assert mailconf(*command).status == 0
    assert mailconf("plan", spec, "--resolver", "127.0.0.1:1").status == 3
    done = mailconf("lab", "run", spec)
    assert (done.status, "the spec has no hosts to boot" in done.stderr) == (2, True)


def test_what_is_no_key_of_a_provider_is_an_error(tmp_path: Path) -> None:
    spec = tmp_path / "mailconf.yaml"
    spec.write_text(WITHOUT_HOSTS.replace("KEY", "NOT-A-KEY"))
    done = mailconf("lint", spec)
    assert done.status == 1
    assert "5:24: error DKM022" in done.stdout


def test_diff_names_files_of_a_revision_as_git_does(spec: Path) -> None:
    (spec.parent / "other").mkdir()
    (spec.parent / "other/x").write_text("x")
    text = spec.read_text()
    spec.write_text(f"{text}include: 5\ndefaults: 7\n")
    committed(spec.parent)
    spec.write_text(text)
    done = mailconf("diff", spec, "--rev", "HEAD:other")
    assert done.status == 2
    assert "cannot read HEAD:other/mailconf.yaml: No such file" in done.stdout
    done = mailconf("diff", spec, "--rev", "HEAD")
    assert done.status == 2
    assert "\nHEAD:mailconf.yaml:" in f"\n{done.stdout}"
    assert "/tmp/" not in done.stdout.replace(str(spec), "")
