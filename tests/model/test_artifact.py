"""An artifact knows where it lies and whether it holds a secret."""

from pathlib import PurePosixPath

import pytest

from mailconf.model.artifact import SITE, Artifact, Render
from mailconf.model.secret import marked


def artifact(host: str, text: str) -> Artifact:
    return Artifact(Render(host, PurePosixPath("etc/x"), "x.j2", None), text, "test")


def test_files_of_a_host_lie_below_it() -> None:
    assert str(artifact("mail", "").path) == "hosts/mail/etc/x"
    assert str(artifact(SITE, "").path) == "etc/x"


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/etc/fail2ban/jail.local", id="absolute"),
        pytest.param("../x", id="climbing"),
        pytest.param("etc/../../x", id="climbing later"),
        pytest.param("", id="empty"),
        pytest.param("etc/a b", id="space"),
        pytest.param("etc/a\\b", id="backslash"),
        pytest.param("etc/a\nb", id="line end"),
        pytest.param("etc/\0", id="NUL"),
        pytest.param("etc/é", id="no ASCII"),
        pytest.param("a/" * 70 + "b", id="deep"),
    ],
)
@pytest.mark.parametrize("host", ["mail", SITE])
def test_paths_that_lead_elsewhere_are_refused_where_they_are_made(path: str, host: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        Render(host, PurePosixPath(path), "x.j2", None)


@pytest.mark.parametrize("path", ["manifest.json", ".git/config", "hosts/mail/etc/x", "hosts"])
def test_paths_of_the_tree_itself_belong_to_no_plugin(path: str) -> None:
    with pytest.raises(ValueError, match="expected hosts/KEY/PATH, or"):
        Render(SITE, PurePosixPath(path), "x.j2", None)


@pytest.mark.parametrize("host", ["..", "a/b", "Mail", "mail.example.org", "mail\n"])
def test_a_host_is_a_key(host: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        Render(host, PurePosixPath("etc/x"), "x.j2", None)


def test_a_reference_makes_it_secret() -> None:
    assert artifact("mail", marked("ref+env://X")).is_secret
    assert not artifact("mail", "plain").is_secret
