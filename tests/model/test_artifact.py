"""An artifact knows where it lies and whether it holds a secret."""

from pathlib import PurePosixPath

from mailconf.model.artifact import SITE, Artifact, Render
from mailconf.model.secret import marked


def artifact(host: str, text: str) -> Artifact:
    return Artifact(Render(host, PurePosixPath("etc/x"), "x.j2", None), text, "test")


def test_files_of_a_host_lie_below_it() -> None:
    assert str(artifact("mail", "").path) == "hosts/mail/etc/x"
    assert str(artifact(SITE, "").path) == "etc/x"


def test_a_reference_makes_it_secret() -> None:
    assert artifact("mail", marked("ref+env://X")).is_secret
    assert not artifact("mail", "plain").is_secret
