"""Data to Spec and options: precedence, names, and the places of inherited values."""

from pathlib import Path

import pytest

from mailconf.engine.registry import builtin
from mailconf.plugins.dmarc.options import DmarcOptions
from tests.engine.specs import GOOD, codes, parsed, told


def policy(directory: Path, text: str) -> str:
    found = parsed(directory, text)
    assert found.spec, found.findings
    scopes = found.scopes["dmarc"]
    options = scopes.domains.get("example.org", scopes.everywhere)
    assert isinstance(options, DmarcOptions)
    return options.policy


@pytest.mark.parametrize(
    ("more", "found"),
    [
        pytest.param("", "reject", id="default"),
        pytest.param("plugins: {dmarc: {policy: none}}\n", "none", id="plugins"),
        pytest.param("defaults: {dmarc: {policy: quarantine}}\n", "quarantine", id="defaults"),
        pytest.param(
            "plugins: {dmarc: {policy: none}}\ndefaults: {dmarc: {policy: quarantine}}\n",
            "quarantine",
            id="defaults before plugins",
        ),
    ],
)
def test_precedence(tmp_path: Path, more: str, found: str) -> None:
    assert policy(tmp_path, GOOD + more) == found


def test_the_domain_itself_comes_first(tmp_path: Path) -> None:
    text = GOOD + "    dmarc: {policy: none}\ndefaults: {dmarc: {policy: quarantine}}\n"
    assert policy(tmp_path, text) == "none"


def test_a_domain_is_known_by_its_a_labels(tmp_path: Path) -> None:
    found = parsed(tmp_path, GOOD.replace("  example.org:", "  Bücher.example:"))
    assert found.spec
    assert list(found.spec.domains) == ["xn--bcher-kva.example"]
    assert found.places.of(("domains", "xn--bcher-kva.example", "aliases")).line == 7


def test_a_plugin_can_be_switched_off(tmp_path: Path) -> None:
    assert "srv" in parsed(tmp_path).plugins
    assert "srv" not in parsed(tmp_path, GOOD + "plugins: {srv: off}\n").plugins


@pytest.mark.parametrize(
    ("text", "where"),
    [
        pytest.param(GOOD.replace("hostname", "hostnam"), ["3:10 CFG020", "3:3 CFG021"], id="typo"),
        pytest.param(GOOD + "plugins: {postfx: {}}\n", ["8:11 CFG023"], id="unknown plugin"),
        pytest.param(GOOD + "plugins: [dkim]\n", ["8:1 CFG022"], id="plugins is a list"),
        pytest.param(GOOD + "  exa mple: {}\n", ["8:3 CFG024"], id="no domain name"),
        pytest.param(GOOD + "  localhost: {}\n", ["8:3 CFG024"], id="one label"),
        pytest.param(GOOD + "  EXAMPLE.org.: {}\n", ["8:3 CFG025"], id="domain twice"),
        pytest.param(GOOD + "    dmarc: {policy: maybe}\n", ["8:13 CFG022"], id="option"),
        pytest.param(
            GOOD + "defaults: {spf: {all: yes}}\n", ["8:18 CFG022"], id="inherited option"
        ),
        pytest.param(GOOD + "    name: x\n", ["8:5 CFG020"], id="a key that is ours"),
        pytest.param("version: 1\n", ["0:0 CFG021", "0:0 CFG021"], id="nothing there"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(tmp_path: Path, text: str, where: list[str]) -> None:
    found = parsed(tmp_path, text)
    assert sorted(map(told, found.findings)) == sorted(where)
    assert found.spec is None


def test_all_errors_come_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("192.0.2.25", "x").replace("alice: {}", "'a b': {}")
    assert codes(parsed(tmp_path, text).findings) == ["CFG022", "CFG022"]


@pytest.mark.parametrize(
    ("hosts", "domain", "code"),
    [
        pytest.param("", "{provider: google-workspace}", "", id="provider"),
        pytest.param("hosts: {}\n", "{mail: none}", "", id="parked"),
        pytest.param("hosts:\n", "{mail: none}", "", id="nothing under hosts"),
        pytest.param("", "{}", "CFG021", id="hosted"),
        pytest.param("", "{mail: send-only}", "CFG021", id="send-only"),
        pytest.param("hosts: {}\n", "{}", "CFG022", id="hosted, empty map"),
        pytest.param("", "{provider: hotmail}", "CFG022", id="unknown provider"),
    ],
)
def test_hosts_are_needed_where_mail_is_handled(
    tmp_path: Path, hosts: str, domain: str, code: str
) -> None:
    found = parsed(tmp_path, f"version: 1\n{hosts}domains: {{example.org: {domain}}}\n")
    assert codes(found.findings) == ([code] if code else [])
    assert (found.spec is None) == bool(code)


@pytest.mark.parametrize("word", ["on", "{}"])
def test_on_is_a_plugin_without_options(tmp_path: Path, word: str) -> None:
    found = parsed(tmp_path, f"{GOOD}plugins: {{postfix: {word}}}\n")
    assert found.findings == ()
    assert found.scopes["postfix"].everywhere == builtin()["postfix"].options()


def test_on_is_a_protocol_at_its_usual_port(tmp_path: Path) -> None:
    found = parsed(tmp_path, f"{GOOD}protocols: {{pop3s: on, imap5: on}}\n")
    assert set(codes(found.findings)) == {"CFG022"}
    spec = parsed(tmp_path, f"{GOOD}protocols: {{pop3s: on}}\n").spec
    assert spec
    assert [point.port for point in spec.endpoints if point.protocol.name == "pop3s"] == [995]
