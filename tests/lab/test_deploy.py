"""The playbook of examples/deploy-ansible, run in the images with the Ansible that they ship."""

import re
import sys
from typing import Any

import pytest

from mailconf.lab.image import image
from tests.lab.launching import LAUNCH, Run, all_at_once, needs_root, run

RELEASES = ("debian-13",)
MAIN, DOVECOT = "/etc/postfix/main.cf", "/etc/dovecot/dovecot.conf"
ALIASES, NEW_FILE = "/etc/postfix/virtual_aliases", "/etc/postfix/extra_table"
POLICY = "/var/www/mailconf/mta-sts.example.org/.well-known/mta-sts.txt"
CERTIFICATE = "/etc/letsencrypt/live/mail.example.org/fullchain.pem"
COVERED = "mail.example.org, autoconfig.example.org, mta-sts.example.org"
SERVICES = {
    *("dovecot", "mailconf-certificates.path", "nftables", "nginx", "opendkim", "opendmarc"),
    *("postfix", "postfix-mta-sts-resolver", "mailconf-originators", "policyd-rate-limit"),
    "systemd-sysctl",
}
pytestmark = [pytest.mark.lab, needs_root]
Steps = dict[str, dict[str, Any]]


def deployments(release: str) -> Run:
    return run(sys.executable, "-c", LAUNCH, "tests.lab.deploying", release)


@pytest.fixture(scope="module")
def runs() -> dict[str, Run]:
    return all_at_once(deployments, [r for r in RELEASES if image(r).root.is_dir()])


@pytest.fixture(params=RELEASES)
def steps(request: pytest.FixtureRequest, runs: dict[str, Run]) -> Steps:
    """Return how each run of the playbook on one release ended, by the step's name."""
    if request.param not in runs:
        pytest.skip(f"no image of {request.param}: mailconf lab image {request.param}")
    done = runs[request.param]
    assert done.status == 0, done.stderr
    return done.report


def changed(step: dict[str, Any]) -> int:
    """Return how many tasks changed something, as the recap says."""
    (count,) = re.findall(r"changed=(\d+)", step["output"])
    return int(count)


def test_a_missing_certificate_is_named_before_anything_is_touched(steps: Steps) -> None:
    step = steps["without certificates"]
    assert step["status"] != 0
    assert CERTIFICATE in step["output"]
    assert f"names to cover: {COVERED}" in step["output"]
    assert "or run: certbot certonly" in step["output"]
    assert changed(step) == 0
    assert step["calls"] == []


def test_the_first_deployment_makes_the_host_as_the_manifest_says(steps: Steps) -> None:
    step = steps["first"]
    assert step["status"] == 0, step["output"]
    assert step["files"] == step["wanted"]
    assert step["files"]["/etc/dovecot/passwords"].startswith("root dovecot 0640 ")


def test_new_services_start_once_and_at_every_boot(steps: Steps) -> None:
    calls = steps["first"]["calls"]
    assert calls[0] == "daemon-reload"
    never = {"nftables": "reload-or-restart nftables"}
    restarts = [never.get(service, f"restart {service}") for service in SERVICES]
    assert sorted(calls[1:]) == sorted(restarts + [f"enable --now {s}" for s in SERVICES])


def test_secrets_are_not_shown_even_with_diff(steps: Steps) -> None:
    output = steps["first"]["output"]
    assert "smtpd_helo_required" in output
    assert "censored" in output
    assert [step["leaks"] for step in steps.values() if step["leaks"]] == []


def test_a_second_run_changes_nothing(steps: Steps) -> None:
    step = steps["again"]
    assert (step["status"], changed(step), step["calls"]) == (0, 0, [])


def test_a_broken_file_fails_with_the_words_of_its_checker(steps: Steps) -> None:
    step = steps["broken"]
    assert step["status"] != 0
    last = step["output"].rpartition("TASK [Say why]")[2]
    assert "unused parameter: smtpd_hello_required" in last
    assert "protokols" in last


def test_a_broken_file_is_rolled_back_and_no_service_is_told(steps: Steps) -> None:
    step = steps["broken"]
    assert step["wanted"][MAIN] != steps["first"]["files"][MAIN]
    assert step["files"] == steps["first"]["files"]
    assert NEW_FILE not in step["files"]
    assert step["calls"] == []


def test_an_interrupted_run_is_rolled_back_by_the_next_one(steps: Steps) -> None:
    interrupted, resumed = steps["interrupted"], steps["resumed"]
    assert NEW_FILE in interrupted["files"]
    assert interrupted["calls"] == resumed["calls"] == []
    assert resumed["status"] == 0, resumed["output"]
    assert resumed["files"] == steps["first"]["files"]


def test_a_rehearsal_changes_nothing(steps: Steps) -> None:
    step = steps["rehearsal"]
    assert step["status"] == 0, step["output"]
    assert f"changed: [mail] => (item={ALIASES})" in step["output"]
    assert POLICY in step["files"]
    assert step["calls"] == []


def test_only_services_whose_files_changed_are_told(steps: Steps) -> None:
    assert steps["refused"]["calls"] == ["reload dovecot", "reload postfix"]


def test_a_file_that_is_rendered_no_longer_disappears(steps: Steps) -> None:
    step = steps["refused"]
    assert POLICY not in step["files"]
    assert step["files"] == step["wanted"]


def test_a_service_that_could_not_be_told_is_told_by_the_next_run(steps: Steps) -> None:
    assert steps["refused"]["status"] != 0
    told = steps["told"]
    assert (told["status"], told["calls"]) == (0, steps["refused"]["calls"])


def test_postfix_restarts_for_a_value_that_it_keeps(steps: Steps) -> None:
    assert steps["a limit"]["calls"] == ["reload postfix"]
    assert steps["a family"]["calls"] == ["restart postfix"]


def test_a_file_changed_by_hand_is_taken_back_by_a_restart(steps: Steps) -> None:
    assert steps["changed by hand"]["calls"] == ["restart postfix"]


def test_a_play_that_would_lock_itself_out_stops_before_anything_is_touched(steps: Steps) -> None:
    step = steps["locked out"]
    assert step["status"] != 0
    assert "add tcp/2222 to firewall.keep_open" in " ".join(step["output"].split())
    assert (changed(step), step["calls"]) == (0, [])
    assert steps["let in"]["status"] == 0, steps["let in"]["output"]


def test_a_missing_certificate_is_issued_once_challenges_are_served(steps: Steps) -> None:
    step = steps["issued"]
    assert step["status"] == 0, step["output"]
    served, issued, kept_up = step["calls"]
    assert served == "reload-or-restart nginx"
    assert issued == kept_up
    assert issued.startswith("certbot certonly --non-interactive --agree-tos ")
    assert issued.endswith(f"--domains {COVERED.replace(', ', ',')}")
    assert step["files"] == step["wanted"]
