"""Every example boots as rendered, verifies clean and exchanges mail."""

from pathlib import Path

import pytest

from tests.lab.launching import QUICKSTART, ROOT, lab_run, needs_root

EXAMPLES = sorted(path.parent.name for path in ROOT.glob("examples/*/mailconf.yaml"))
PROTOCOLS = {
    "quickstart": {"smtp", "submissions", "submission", "imaps", "pop3s"},
    "protocols": {"smtp", "submissions", "submission", "imaps", "imap", "pop3s", "pop3"},
}


@pytest.mark.lab
@needs_root
@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_passes_every_check_of_the_lab(name: str) -> None:
    done = lab_run(ROOT / "examples" / name / "mailconf.yaml")
    outcomes = done.report["outcomes"]
    assert [o for o in outcomes if o["verdict"] != "passed"] == []
    assert done.status == 0, done.stderr
    subjects = " ".join(o["subject"] for o in outcomes)
    assert {p for p in PROTOCOLS[name] if f"{p}://" in subjects} == PROTOCOLS[name]
    assert {o["check"] for o in outcomes} >= REQUIRED


REQUIRED = {
    "dns.record",
    "native.dovecot",
    "native.nginx",
    "native.opendkim",
    "native.opendmarc",
    "native.postfix",
    "native.zone",
    "autoconfig.served",
    "mta_sts.served",
    "smtp.no-relay",
    "smtp.no-auth-on-25",
    "smtp.no-clear-auth",
    "access.auth",
    "tls.chain",
    "tls.expiry",
    "tls.name",
    "roundtrip.submit",
    "roundtrip.answer",
    "roundtrip.read",
    "roundtrip.dkim",
    "roundtrip.spf",
    "roundtrip.dmarc",
    "roundtrip.no-spoof",
    "roundtrip.no-relay",
}


@pytest.mark.lab
@needs_root
def test_the_log_of_all_daemons_can_be_kept(tmp_path: Path) -> None:
    log = tmp_path / "lab.log"
    assert lab_run(QUICKSTART, "--log", str(log)).status == 0
    text = log.read_text()
    assert "mail: postfix/smtpd[" in text
    assert "mailconf-peer: opendkim[" in text
    assert "DKIM verification successful" in text
