"""Which changes of a spec restart a service, and which reload it."""

import json
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from mailconf.engine.manifest import manifest, unit_settings
from mailconf.engine.render import Renderer
from mailconf.engine.restarting import due, kept
from mailconf.model.artifact import Render
from mailconf.model.base import Model
from mailconf.model.outcome import Build
from mailconf.model.place import Places
from mailconf.model.plugin import Plugin
from mailconf.model.record import Records
from mailconf.model.secret import marked
from mailconf.testing import spec_of
from tests.plugins.rendering import SITE, Site, options, rendered

MAIN = PurePosixPath("etc/postfix/main.cf")
RSPAMD = options("dkim", signer="rspamd")


def texts(site: Site) -> dict[str, str]:
    return {str(artifact.path): artifact.text for artifact in site.build.artifacts}


def deployed(before: Any, after: Any) -> list[str]:
    """Return what is due when one spec follows another on the hosts."""
    old, new = rendered(before, SITE), rendered(after, SITE)
    was, is_ = texts(old), texts(new)
    changed = {path for path in was.keys() | is_.keys() if was.get(path) != is_.get(path)}
    return [str(one) for one in due(manifest(old.build), manifest(new.build), changed)]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        pytest.param({}, {}, [], id="nothing changes"),
        pytest.param(
            {}, options("postfix", message_size="20M"), ["postfix on mail: reload"], id="a limit"
        ),
        pytest.param(
            options("postfix", main_cf={"inet_protocols": "ipv4"}),
            options("postfix", main_cf={"inet_protocols": "all"}),
            ["postfix on mail: restart (inet_protocols changed)"],
            id="a family",
        ),
        pytest.param(
            options("postfix", main_cf={"inet_interfaces": "$myhostname, localhost"}),
            options("postfix", main_cf={"inet_interfaces": "all"}),
            ["postfix on mail: restart (inet_interfaces changed)"],
            id="interfaces",
        ),
        pytest.param(
            options("postfix", main_cf={"inet_interfaces": "$mine", "mine": "192.0.2.1"}),
            options("postfix", main_cf={"inet_interfaces": "$mine", "mine": "192.0.2.2"}),
            ["postfix on mail: restart (mine changed)"],
            id="a parameter that interfaces refer to",
        ),
        pytest.param(
            options("postfix", main_cf={"queue_directory": "/srv/queue"}),
            {},
            ["postfix on mail: restart (queue_directory changed)"],
            id="back to a default",
        ),
        pytest.param(
            {"protocols": {"submission": "off"}},
            {"protocols": {"submission": {"port": 587}}},
            ["nftables on mail: reload", "postfix on mail: reload"],
            id="a listener more",
        ),
        pytest.param(
            {},
            {"protocols": {"pop3s": {"port": 995}}},
            [
                "dovecot on mail: restart (default_client_limit, unit changed)",
                "nftables on mail: reload",
            ],
            id="a listener of Dovecot, for whose clients there is room",
        ),
        pytest.param(
            RSPAMD,
            {"plugins": {**RSPAMD["plugins"], "rspamd": {"port": 11999}}},
            [
                "nftables on mail: reload",
                "postfix on mail: reload",
                "rspamd on mail: restart (bind_socket changed)",
            ],
            id="the port of a filter",
        ),
        pytest.param(
            {},
            options("opendkim", port=8899),
            ["nftables on mail: reload", "opendkim on mail: restart", "postfix on mail: reload"],
            id="never reloads",
        ),
    ],
)
def test_changes(before: Any, after: Any, found: list[str]) -> None:
    assert deployed(before, after) == found


def test_a_service_that_is_new_starts() -> None:
    assert "rspamd on mail: start" in deployed({}, RSPAMD)


@pytest.mark.parametrize(
    "before",
    [
        *(
            "",
            "[]",
            "{}",
            "[" * 100_000,
            '{"files": {}, "hosts": {}}',
            '{"files": [1], "hosts": {}}',
        ),
        '{"files": [{"path": "hosts/mail/etc/postfix/main.cf", "restart_on": []}], "hosts": {}}',
        '{"files": [{"path": "hosts/mail/etc/postfix/main.cf", "restart_on": 1}], "hosts": []}',
        '{"files": [{"path": ["x"]}], "hosts": null}',
    ],
    ids=lambda text: text[:40],
)
def test_without_a_manifest_of_ours_before_nothing_restarts(before: str) -> None:
    after = manifest(rendered().build)
    found = due(before, after, {"hosts/mail/etc/postfix/main.cf"})
    assert {one.verb for one in found} <= {"start"}


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        pytest.param({"restart_on": {"a": "1"}}, {"restart_on": {"a": "1"}}, set(), id="same"),
        pytest.param({"restart_on": {"a": "1"}}, {"restart_on": {"a": "2"}}, {"a"}, id="other"),
        pytest.param({"restart_on": {"a": "1"}}, {"restart_on": {"b": "1"}}, set(), id="apart"),
        pytest.param({}, {"restart_on": {"a": "1", "b": ""}}, {"a"}, id="older manifest, or new"),
        pytest.param({"restart_on": {"a": "1"}}, {}, {"a"}, id="gone"),
        pytest.param({}, {"restart_on": {}}, set(), id="nothing is kept"),
    ],
)
def test_kept_values(old: Any, new: Any, names: set[str]) -> None:
    assert kept(old, new) == names


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("[Unit]\nAfter=dovecot.service\n", "", id="order only"),
        pytest.param(
            "[Unit]\nAfter=x\n[Service]\n# why\nLimitNOFILE=4096\n",
            "[Service] LimitNOFILE=4096",
            id="a limit",
        ),
        pytest.param("[Install]\nWantedBy=multi-user.target\n", "", id="install"),
    ],
)
def test_a_unit_keeps_what_its_processes_started_with(text: str, value: str) -> None:
    assert unit_settings(text) == {"unit": value}


def test_values_hold_references_and_no_secrets(tmp_path: Path) -> None:
    (tmp_path / "x.j2").write_text("{{ data }}")
    plugin = Plugin("test", "A test.", Model, templates=tmp_path)
    order = Render(
        "mail", MAIN, "x.j2", marked("ref+env://ADDRESS"), restart_on=lambda text: {"all": text}
    )
    (artifact,), _ = Renderer().carry_out([(plugin, order)])
    (file,) = json.loads(manifest(Build(spec_of(), Places("", {}), Records(), (artifact,), ())))[
        "files"
    ]
    assert file["restart_on"] == {"all": marked("ref+env://ADDRESS")}
