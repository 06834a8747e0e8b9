"""Password hashes: a scheme of their own, and a strong one."""

import pytest

from mailconf.model.secret import marked
from mailconf.plugins.dovecot.passwords import PasswordReviewer
from mailconf.testing import spec_of
from tests.plugins.asking import codes

REVIEWER = PasswordReviewer(spec_of().hosts["mail"])


@pytest.mark.parametrize(
    ("secret", "found"),
    [
        pytest.param("{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA", [], id="Argon2"),
        pytest.param("{BLF-CRYPT}$2y$05$" + "a" * 53, [], id="bcrypt"),
        pytest.param("{SHA256-CRYPT}$5$salt$" + "a" * 43, [], id="SHA-256"),
        pytest.param("{SHA512-CRYPT}$6$salt$" + "a" * 86, [], id="SHA-512"),
        pytest.param("{SHA512-CRYPT}$6$rounds=9000$salt$" + "a" * 86, [], id="with rounds"),
        pytest.param("{blf-crypt}$2y$05$" + "a" * 53, [], id="a scheme in lower case"),
        pytest.param("{SHA512-CRYPT}secret", ["DVC017"], id="a password with a prefix"),
        pytest.param("{SHA512-CRYPT}$5$salt$" + "a" * 43, ["DVC017"], id="another scheme's"),
        pytest.param("{BLF-CRYPT}$2y$05$" + "a" * 52, ["DVC017"], id="cut off"),
        pytest.param("{ARGON2ID}$argon2id$v=x$m=1,t=1,p=1$a$b", ["DVC017"], id="no version"),
        pytest.param("{SHA512-CRYPT.B64}JDYkc2FsdCRoYXNo", [], id="in base64"),
        pytest.param(marked("ref+env://ALICE"), [], id="still a reference"),
        pytest.param("{PLAIN}secret", ["DVC004"], id="no hash"),
        pytest.param("{MD5-CRYPT}$1$salt$hash", ["DVC004"], id="MD5"),
        pytest.param("{SHA512}hash", ["DVC004"], id="a hash without salt"),
        pytest.param("$6$salt$hash", ["DVC004"], id="no scheme"),
        pytest.param("", ["DVC004"], id="empty"),
    ],
)
def test_schemes(secret: str, found: list[str]) -> None:
    assert codes(REVIEWER.passwords(f"alice@example.org:{secret}\n")) == found


def test_a_finding_shows_the_scheme_and_never_the_secret() -> None:
    text = "alice@example.org:{PLAIN}hunter2\nbob@example.org:hunter3\n"
    found = list(REVIEWER.passwords(text))
    assert [f.subject for f in found] == ["alice@example.org", "bob@example.org"]
    assert "has the scheme {PLAIN}; expected {ARGON2ID}" in found[0].message
    assert "has no {SCHEME} prefix" in found[1].message
    assert "hunter" not in repr(found)
