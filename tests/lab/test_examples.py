"""Every example boots as rendered, on every image it can run on, verifies clean, exchanges mail."""

from pathlib import Path

import pytest

from mailconf.lab.image import SUITES, image
from tests.lab.launching import QUICKSTART, ROOT, Run, all_at_once, lab_run, needs_root

EXAMPLES = sorted(path.parent.name for path in ROOT.glob("examples/*/mailconf.yaml"))
PROTOCOLS = {
    "quickstart": {"smtp", "submissions", "submission", "imaps", "pop3s"},
    "protocols": {
        *("smtp", "submissions", "submission", "imaps", "imap", "pop3s", "pop3", "managesieve"),
    },
    "ipv6-only": {"smtp", "submissions", "submission", "imaps"},
    "hosting": {"smtp", "submissions", "submission", "imaps"},
    "university": {"smtp", "submissions", "submission", "imaps", "pop3s", "managesieve"},
}
# What no example shows, and a site may be.
SITES = ["stores"]
PROTOCOLS["stores"] = {"smtp", "submissions", "submission", "imaps"}
# On each release in turn, and as the spec says where it names targets.
MATRIX = [(name, release) for name in (*EXAMPLES, *SITES) for release in SUITES]
MATRIX += [(name, "") for name in ("hosting", "protocols")]
EVERYWHERE = {
    "dns.record",
    "config.dovecot",
    "config.nftables",
    "config.effective",
    "config.postfix",
    "config.zone",
    "autoconfig.served",
    "mta_sts.served",
    "smtp.no-relay",
    "smtp.no-auth-on-25",
    "smtp.no-plaintext-auth",
    "access.auth",
    "tls.chain",
    "tls.expiry",
    "tls.key",
    "spf.lookups",
    "tls.name",
    "roundtrip.submit",
    "roundtrip.reply",
    "roundtrip.read",
    "roundtrip.dkim",
    "roundtrip.spf",
    "roundtrip.dmarc",
    "roundtrip.no-spoof",
    "roundtrip.no-relay",
    "refused.plaintext-login",
    "refused.forged-sender",
    "refused.unauthenticated",
    "refused.old-tls",
    "refused.smuggling",
    "refused.too-large",
    "refused.unknown-recipient",
    "refused.weak-cipher",
}
pytestmark = [pytest.mark.lab, needs_root]


def example_on(case: tuple[str, str]) -> Run:
    name, release = case
    target = ["--target", release] if release else []
    return lab_run(spec_of(name), *target)


def spec_of(name: str) -> Path:
    """Return the spec of an example, or of a site that is none."""
    if name in SITES:
        return ROOT / "tests" / "lab" / "specs" / f"{name}.yaml"
    return ROOT / "examples" / name / "mailconf.yaml"


@pytest.fixture(scope="module")
def labs() -> dict[tuple[str, str], Run]:
    """Run the matrix on every release whose image is there; the others are not to be built here."""
    built = {release for release in SUITES if image(release).root.is_dir()}
    return all_at_once(example_on, [case for case in MATRIX if case[1] in built | {""}])


@pytest.mark.parametrize("case", MATRIX, ids=lambda case: f"{case[0]}-{case[1] or 'as-written'}")
def test_an_example_passes_every_check_of_the_lab(
    case: tuple[str, str], labs: dict[tuple[str, str], Run]
) -> None:
    name, release = case
    if case not in labs:
        pytest.skip(f"no image of {release}: mailconf lab image {release}")
    done = labs[case]
    outcomes = done.report.get("outcomes", [])
    assert [o for o in outcomes if o["verdict"] != "passed"] == []
    assert done.status == 0, done.stderr
    subjects = " ".join(o["subject"] for o in outcomes)
    assert {p for p in PROTOCOLS[name] if f"{p}://" in subjects} == PROTOCOLS[name]
    missing = EVERYWHERE - {o["check"] for o in outcomes}
    assert missing == set()


def test_what_names_targets_boots_as_written() -> None:
    named = {name for name in EXAMPLES if "target:" in spec_of(name).read_text()}
    assert {name for name, release in MATRIX if not release} == named


def test_a_full_mailbox_is_refused_before_the_message(labs: dict[tuple[str, str], Run]) -> None:
    outcomes = labs["university", "debian-12"].report["outcomes"]
    full = [o["subject"] for o in outcomes if o["check"] == "refused.over-quota"]
    assert {subject.split("/")[2].split(":")[0] for subject in full} == {
        "mx.uni.example",
        "mx-backup.uni.example",
    }


def test_the_log_of_all_daemons_can_be_kept(tmp_path: Path) -> None:
    log = tmp_path / "lab.log"
    assert lab_run(QUICKSTART, "--log", str(log)).status == 0
    text = log.read_text()
    assert "mail: postfix/smtpd[" in text
    assert "mailconf-peer: opendkim[" in text
    assert "DKIM verification successful" in text
