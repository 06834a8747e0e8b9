"""docs/plugins.md: its plugin is installed and runs, its tables are those of the code."""

import re
from pathlib import Path

import pytest

from mailconf import api
from tests.cli.running import ROOT, Done, mailconf, site
from tests.request_table import table

TEXT = (ROOT / "docs/plugins.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL))


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """Return a directory of packages with the plugin of the document."""
    directory = tmp_path / "packages"
    package, info = directory / "mailconf_fail2ban", directory / "mailconf_fail2ban-1.0.dist-info"
    (package / "templates").mkdir(parents=True)
    info.mkdir()
    (package / "__init__.py").write_text(BLOCKS["python"])
    (package / "templates/jail.local.j2").write_text(BLOCKS["jinja"])
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mailconf-fail2ban\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[mailconf.plugins]\nfail2ban = mailconf_fail2ban:plugin\n"
    )
    return directory


def run(packages: Path, *words: object) -> Done:
    return mailconf(*words, PYTHONPATH=f"{ROOT}:{packages}")


def test_the_plugin_of_the_document_renders(packages: Path, tmp_path: Path) -> None:
    spec = site(tmp_path)
    spec.write_text(spec.read_text() + BLOCKS["yaml"])
    done = run(packages, "render", spec, "-o", tmp_path / "tree")
    assert done.status == 0, done.stderr
    made = (tmp_path / "tree/hosts/mail/etc/fail2ban/jail.d/mailconf.local").read_text()
    assert "[postfix-sasl]\nenabled = true\n" in made
    assert "maxretry = 10\n" in made
    assert "F2B001" in run(packages, "rules", spec).stdout
    listed = run(packages, "plugins", spec).stdout
    assert re.search(r"^fail2ban +mailconf-fail2ban ", listed, re.MULTILINE)


def test_its_rule_is_found_and_can_be_waived(packages: Path, tmp_path: Path) -> None:
    spec = site(tmp_path)
    good = spec.read_text()
    spec.write_text(good + "plugins: {fail2ban: {ban_seconds: 10}}\n")
    assert "F2B001 fail2ban-ban-too-short" in run(packages, "lint", spec).stdout
    waiver = "waivers: [{code: F2B001, reason: tests}]\n"
    spec.write_text(good + "plugins: {fail2ban: {ban_seconds: 10}}\n" + waiver)
    assert "F2B001" not in run(packages, "lint", spec).stdout


def test_the_table_of_requests_is_fresh() -> None:
    assert table() in TEXT


def test_every_name_of_the_api_is_documented() -> None:
    for name in api.__all__:
        found = getattr(api, name)
        assert isinstance(found, int) or found.__doc__, name
    used = set(
        re.findall(
            r"\b[A-Z]\w+", re.findall(r"from mailconf.api import \((.*?)\)", TEXT, re.DOTALL)[0]
        )
    )
    assert used <= set(api.__all__)


def test_a_plugin_for_another_version_is_named(packages: Path, tmp_path: Path) -> None:
    module = packages / "mailconf_fail2ban/__init__.py"
    module.write_text(
        module.read_text().replace("    options=Fail2ban", "    api=2,\n    options=Fail2ban")
    )
    spec = site(tmp_path)
    spec.write_text(spec.read_text() + BLOCKS["yaml"])
    done = run(packages, "lint", spec)
    assert done.status == 2
    assert "is written for version 2 of mailconf.api; expected 1" in done.stdout + done.stderr
