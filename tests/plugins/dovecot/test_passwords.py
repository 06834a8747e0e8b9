"""Password hashes: a scheme of their own, and a strong one."""

import base64

import pytest

from mailconf.model.secret import marked
from mailconf.plugins.dovecot.passwords import PasswordReviewer
from mailconf.testing import spec_of
from tests.plugins.asking import codes

ARGON2 = "$argon2id$v=19$m=65536,t=3,p=1$c2FsdHNhbHQ$" + "a" * 42 + "A"
BCRYPT = "$2y$05$" + "a" * 21 + "e" + "a" * 31
SHA256, SHA512 = "$5$salt$" + "a" * 43, "$6$salt$" + "a" * 86
IN_BASE64 = base64.b64encode(SHA512.encode()).decode()
REVIEWER = PasswordReviewer(spec_of().hosts["mail"])


@pytest.mark.parametrize(
    ("secret", "found"),
    [
        pytest.param("{ARGON2ID}" + ARGON2, [], id="Argon2"),
        pytest.param("{ARGON2}" + ARGON2, ["DVC017"], id="Argon2 by its family, Dovecot 2.3"),
        pytest.param("{ARGON2ID}" + ARGON2[:-1] + "B", ["DVC017"], id="bits left over in base64"),
        pytest.param("{ARGON2ID}" + ARGON2 + "AA", ["DVC017"], id="one letter over in base64"),
        pytest.param("{ARGON2ID}" + ARGON2.replace("t=3", "t=4294967296"), ["DVC017"], id="passes"),
        pytest.param(
            "{ARGON2ID}" + ARGON2.replace("m=65536", "m=4294967296"), ["DVC017"], id="memory"
        ),
        pytest.param(
            "{ARGON2ID}" + ARGON2.replace("m=65536,t=3,p=1", "m=134217728,t=3,p=16777216"),
            ["DVC017"],
            id="too many lanes",
        ),
        pytest.param(
            "{BLF-CRYPT}$2b$04$" + "z" * 53, ["DVC017"], id="bits left over in bcrypt's salt"
        ),
        pytest.param(
            "{PBKDF2}$1$a$5$8785D2CC60C59F64E03B01FC55158AD6E190768A", [], id="PBKDF2, upper case"
        ),
        pytest.param(
            "{PBKDF2}$1$$5$387d66c9cc7dd58b1ff2764dea4bfe42776053c0", [], id="PBKDF2 without salt"
        ),
        pytest.param(
            "{PBKDF2}$1$a b$5$1ca1f1e6f3d9b3ac619d30cc350f0e759103ed7b", [], id="PBKDF2, space"
        ),
        pytest.param("{PBKDF2}$1$a$4294967296$" + "0a" * 20, ["DVC017"], id="PBKDF2, rounds"),
        pytest.param("{SHA512-CRYPT}$6$é$" + "a" * 86, ["DVC017"], id="a salt beyond ASCII"),
        pytest.param("{ARGON2I}" + ARGON2, [], id="Argon2id under Argon2i"),
        pytest.param("{BLF-CRYPT}" + BCRYPT, [], id="bcrypt"),
        pytest.param("{SHA256-CRYPT}" + SHA256, [], id="SHA-256"),
        pytest.param("{SHA512-CRYPT}" + SHA512, [], id="SHA-512"),
        pytest.param("{SHA512-CRYPT}$6$rounds=9000$salt$" + "a" * 86, [], id="with rounds"),
        pytest.param("{SHA512-CRYPT}$6$$" + "a" * 86, [], id="without salt"),
        pytest.param("{blf-crypt}" + BCRYPT, [], id="a scheme in lower case"),
        pytest.param("{SHA512-CRYPT}" + SHA256, [], id="another method of crypt(3)"),
        pytest.param("{SHA512-CRYPT}$y$j9T$salt$" + "a" * 43, [], id="yescrypt of /etc/shadow"),
        pytest.param("{CRYPT}" + SHA512, [], id="a strong hash in CRYPT"),
        pytest.param("{CRYPT}$1$salt$" + "a" * 22, ["DVC004"], id="MD5 in CRYPT"),
        pytest.param("{CRYPT}" + "a" * 13, ["DVC004"], id="DES in CRYPT"),
        pytest.param("{PBKDF2}$1$salt$5000$" + "a" * 40, [], id="PBKDF2"),
        pytest.param("{PBKDF2}hunter2", ["DVC017"], id="a password after PBKDF2"),
        pytest.param("{SHA512-CRYPT}secret", ["DVC017"], id="a password with a prefix"),
        pytest.param("{BLF-CRYPT}" + SHA512, ["DVC017"], id="another method for BLF-CRYPT"),
        pytest.param("{CRYPT}$sha1$100$salt$" + "a" * 28, ["DVC004"], id="SHA-1 in CRYPT"),
        pytest.param("{SHA512-CRYPT.HEX}24 " + SHA512.encode().hex(), ["DVC017"], id="hex, space"),
        pytest.param("{BLF-CRYPT}$2y$05$" + "a" * 52, ["DVC017"], id="cut off"),
        pytest.param("{BLF-CRYPT}$2y$99$" + "a" * 53, ["DVC017"], id="a cost out of range"),
        pytest.param("{BLF-CRYPT}$2y$03$" + "a" * 53, ["DVC017"], id="a cost too low"),
        pytest.param("{SHA512-CRYPT}$6$a b$" + "a" * 86, ["DVC017"], id="a salt with a space"),
        pytest.param("{SHA512-CRYPT}$6$rounds=999999999999$s$" + "a" * 86, ["DVC017"], id="rounds"),
        pytest.param("{ARGON2ID}" + ARGON2.replace("v=19", "v=x"), ["DVC017"], id="no version"),
        pytest.param("{ARGON2ID}" + ARGON2.replace("m=65536", "m=0"), ["DVC017"], id="no memory"),
        pytest.param("{ARGON2ID}" + ARGON2.replace("p=1", "p=9999"), ["DVC017"], id="lanes"),
        pytest.param("{SHA512-CRYPT.B64}" + IN_BASE64, [], id="in base64"),
        pytest.param("{SHA512-CRYPT.hex}" + SHA512.encode().hex(), [], id="in hex"),
        pytest.param("{SHA512-CRYPT.B64}hunter2", ["DVC017"], id="a password for base64"),
        pytest.param("{SHA512-CRYPT.XYZ}" + SHA512, ["DVC017"], id="an unknown encoding"),
        pytest.param("{SHA512-CRYPT.}" + SHA512, ["DVC017"], id="an empty encoding"),
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


def test_dovecot_2_4_knows_the_family_of_argon2() -> None:
    host = {"hostname": "mail.example.org", "addresses": ["192.0.2.25"], "target": "debian-13"}
    reviewer = PasswordReviewer(spec_of(hosts={"mail": host}).hosts["mail"])
    assert codes(reviewer.passwords("alice@example.org:{ARGON2}" + ARGON2)) == []
    encoded = base64.b64encode(ARGON2.encode()).decode()
    assert codes(REVIEWER.passwords("alice@example.org:{argon2.b64}" + encoded)) == ["DVC017"]


def test_a_finding_shows_the_scheme_and_never_the_secret() -> None:
    text = "alice@example.org:{PLAIN}hunter2\nbob@example.org:hunter3\n"
    found = list(REVIEWER.passwords(text))
    assert [f.subject for f in found] == ["alice@example.org", "bob@example.org"]
    assert "has the scheme {PLAIN}; expected {ARGON2ID}" in found[0].message
    assert "has no {SCHEME} prefix" in found[1].message
    assert "hunter" not in repr(found)
