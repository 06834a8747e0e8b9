"""What the lab's standard checks do not touch, seen to work on real daemons."""

from typing import Any

import pytest

from mailconf.lab.image import SUITES, image
from tests.lab.features import FULL_TEXT
from tests.lab.launching import Run, all_at_once, needs_root, observed

pytestmark = [pytest.mark.lab, needs_root]
RELEASES = ("debian-12", "debian-13")
# Where the two dialects of Dovecot begin and end.
CASES = [
    *(("mailstore", release) for release in SUITES),
    *((lab, release) for lab in ("accounts", "directory") for release in RELEASES),
]
Labs = dict[tuple[str, str], Run]
Seen = dict[str, Any]


@pytest.fixture(scope="module")
def labs() -> Labs:
    built = {release for release in SUITES if image(release).root.is_dir()}
    return all_at_once(observed, [case for case in CASES if case[1] in built])


def observations(labs: Labs, lab: str, release: str) -> Seen:
    if (lab, release) not in labs:
        pytest.skip(f"no image of {release}: mailconf lab image {release}")
    done = labs[lab, release]
    assert done.status == 0, done.stderr
    return done.report


@pytest.fixture(params=SUITES)
def mailstore(request: pytest.FixtureRequest, labs: Labs) -> Seen:
    return observations(labs, "mailstore", request.param)


@pytest.fixture(params=RELEASES)
def accounts(request: pytest.FixtureRequest, labs: Labs) -> Seen:
    return observations(labs, "accounts", request.param)


@pytest.fixture(params=RELEASES)
def directory(request: pytest.FixtureRequest, labs: Labs) -> Seen:
    return observations(labs, "directory", request.param)


def test_pop3_numbers_stay_and_mail_is_left_on_the_server(mailstore: Seen) -> None:
    sessions = mailstore["pop3"]
    uids = [line.split()[1] for line in sessions["first"]]
    assert len(set(uids)) == 2
    assert sessions["second"] == sessions["first"]
    assert [line.split()[1] for line in sessions["third"]] == uids[1:]


def test_imap_offers_folders_quota_and_compression(mailstore: Seen) -> None:
    seen = mailstore["imap"]
    assert {"SPECIAL-USE", "COMPRESS=DEFLATE", "QUOTA"} <= set(seen["offered"].split())
    for use in ("Drafts", "Junk", "Sent", "Trash", "Archive"):
        assert f'(\\{use}) "/" {use}' in seen["special"]
        assert f'\\{use}) "/" {use}' in seen["folders"]
    assert f"STORAGE 0 {2 * 1024 * 1024}" in seen["quota"]
    assert "X9 OK" in seen["compressing"]
    assert seen["compressed"].startswith("Z1 OK")


def test_scripts_of_the_site_and_of_users_file_mail(mailstore: Seen) -> None:
    seen = mailstore["scripts"]
    assert '"own" ACTIVE' in seen["listed"]
    assert any("fileinto" in line and "vacation" in line for line in seen["offered"])
    assert {folder: seen[folder] for folder in ("First", "Own", "Last")} == {
        "First": True,
        "Own": True,
        "Last": True,
    }


def test_a_vacation_notice_is_authentic_and_has_no_sender(mailstore: Seen) -> None:
    header = mailstore["scripts send"]["labvacation"]
    assert "Return-Path: <>" in header
    assert "dkim=pass" in header
    assert "dmarc=pass" in header


def test_what_a_script_redirects_keeps_its_signature(mailstore: Seen) -> None:
    header = mailstore["scripts send"]["sorted-elsewhere"]
    assert "dkim=pass" in header
    assert "dmarc=pass" in header


@pytest.mark.parametrize("release", SUITES)
def test_words_in_bodies_are_found(release: str, labs: Labs) -> None:
    seen = observations(labs, "mailstore", release)["search"]
    assert seen["found"]
    assert seen["body"] == seen["found"]
    assert not seen["nothing"]
    assert bool(seen["files"]) == (release in FULL_TEXT)


def test_the_last_login_of_each_user_is_kept(mailstore: Seen) -> None:
    for name, text in mailstore["last login"].items():
        key, stamp = text.split()
        assert key == f"shared/last-login/{name}@example.org"
        assert int(stamp) > 0


def test_a_name_gets_its_own_certificate_on_every_port(mailstore: Seen) -> None:
    shown = mailstore["certificates"]
    assert len(shown) == 12
    for asked, names in shown.items():
        own = asked.startswith("imap.example.net")
        assert (names == ["imap.example.net"]) == own, asked
        assert ("mail.example.org" in names) != own, asked


def test_passwords_of_the_database_and_of_the_spec_are_judged(accounts: Seen) -> None:
    assert accounts["passwords"] == {
        "right, in the database": 0,
        "right, in the spec": 0,
        "wrong, in the database": 77,
        "wrong, in the spec": 77,
        "of nobody": 77,
    }


def test_a_user_of_the_database_logs_in(accounts: Seen) -> None:
    assert accounts["database"]["login"] == "OK"


def test_whom_neither_spec_nor_database_knows_is_refused(accounts: Seen) -> None:
    assert accounts["database"]["of the spec"].startswith("250")
    assert accounts["database"]["unknown"].startswith("550")


def test_mail_lies_in_sdbox(accounts: Seen) -> None:
    assert accounts["sdbox"] == {
        "arrived": True,
        "files": ["sdbox/mailboxes/INBOX/dbox-Mails/u.1"],
    }


def test_a_good_token_lets_its_owner_in_and_nobody_else(accounts: Seen) -> None:
    assert accounts["tokens"]["good"].startswith("X9 OK")
    assert accounts["tokens"]["bad"].startswith("X9 NO")
    assert accounts["tokens"]["of another"].startswith("X9 NO")


@pytest.mark.parametrize("lab", ["accounts", "directory"])
@pytest.mark.parametrize("release", RELEASES)
def test_doveconf_accepts_accounts_from_elsewhere(lab: str, release: str, labs: Labs) -> None:
    said = observations(labs, lab, release)["checkers"]
    assert said["doveconf -n -c /etc/dovecot/dovecot.conf"] == "0 "


def test_doveconf_accepts_every_database(accounts: Seen) -> None:
    assert accounts["drivers"] == {"mysql": "0 ", "pgsql": "0 "}


def test_users_of_the_spec_log_in_while_the_directory_is_away(directory: Seen) -> None:
    assert any("INBOX" in folder for folder in directory["logins"]["folders"])
    assert directory["mail"]["alice"].startswith("250")


def test_a_user_of_the_database_receives_and_sends(accounts: Seen) -> None:
    seen = accounts["database"]
    assert seen["known"].startswith("250")
    assert seen["with extension"].startswith("250")
    assert (seen["arrived"], seen["sent"]) == (True, "accepted")


def test_external_accounts_leave_aliases_and_outgoing_mail_alone(accounts: Seen) -> None:
    assert accounts["database"]["alias"].startswith("250")
    assert accounts["database"]["alice to the peer"] == "accepted"


def test_a_directory_that_is_away_delays_only_its_own_users(directory: Seen) -> None:
    seen = directory["mail"]
    assert seen["postmaster"].startswith("250")
    assert seen["outside"] == "accepted"
    assert seen["erin"].startswith("4")


def test_a_user_of_the_directory_receives_logs_in_and_sends_over_starttls(directory: Seen) -> None:
    seen = directory["there"]
    assert seen["frank"].startswith("250")
    assert seen["frank+news"].startswith("250")
    assert seen["nobody-at-all"].startswith("550")
    assert (seen["arrived"], seen["login"], seen["wrong"]) == (True, "OK", 77)
