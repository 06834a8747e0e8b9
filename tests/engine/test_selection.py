"""--only and --skip: a check, its family, a word of the subject, a domain above it."""

from fnmatch import fnmatchcase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailconf.engine.selection import Selection
from mailconf.formats.names import is_under

CHECKS = ("dns.record", "smtp.greeting", "spf.lookups", "tls.chain")
LISTENER = "smtp://mail.example.org:25 [192.0.2.25]"


def takes(check: str, subject: str, only: list[str], skip: list[str]) -> bool:
    wanted = Selection(only, skip, CHECKS)
    return wanted.has(check) and wanted.takes(check, subject)


@pytest.mark.parametrize(
    ("only", "skip", "check", "subject", "taken"),
    [
        pytest.param([], [], "tls.chain", LISTENER, True, id="everything"),
        pytest.param(["tls.chain"], [], "tls.chain", LISTENER, True, id="the check"),
        pytest.param(["tls.chain"], [], "smtp.greeting", LISTENER, False, id="another check"),
        pytest.param(["tls"], [], "tls.chain", LISTENER, True, id="the family"),
        pytest.param(["smtp"], [], "tls.chain", LISTENER, True, id="a protocol is in the subject"),
        pytest.param(["*.example.org"], [], "tls.chain", LISTENER, True, id="a glob"),
        pytest.param(["example.org"], [], "tls.chain", LISTENER, True, id="a domain above"),
        pytest.param(["ample.org"], [], "tls.chain", LISTENER, False, id="no label"),
        pytest.param(["192.0.2.25"], [], "tls.chain", LISTENER, False, id="no word"),
        pytest.param(["[[]192.0.2.25[]]"], [], "tls.chain", LISTENER, True, id="an address"),
        pytest.param(["tls"], ["tls.chain"], "tls.chain", LISTENER, False, id="skipped check"),
        pytest.param(["tls"], ["example.org"], "tls.chain", LISTENER, False, id="skipped host"),
        pytest.param([], ["spf"], "tls.chain", LISTENER, True, id="something else skipped"),
    ],
)
def test_what_is_left(
    only: list[str], skip: list[str], check: str, subject: str, taken: bool
) -> None:
    assert takes(check, subject, only, skip) is taken


def test_a_check_that_no_pattern_can_take_is_not_asked_for_its_subjects() -> None:
    assert not Selection(["dns.record"], [], CHECKS).has("tls.chain")
    assert not Selection([], ["tls"], CHECKS).has("tls.chain")
    assert Selection(["example.org"], [], CHECKS).has("tls.chain")
    assert Selection([], [], CHECKS).takes_every("tls.chain")
    assert not Selection([], ["example.org"], CHECKS).takes_every("tls.chain")


def spelled_out(check: str, subject: str, patterns: list[str]) -> bool:
    names = (check, check.partition(".")[0], subject)
    words = [word.rstrip(".") for word in subject.replace("://", " ").split()]
    hosts = [word.partition(":")[0] for word in words]
    return any(fnmatchcase(n, p) for n in (*names, *words, *hosts) for p in patterns) or any(
        "." in p and is_under(host, p) for host in hosts for p in patterns
    )


PATTERN = st.one_of(
    st.sampled_from(
        [*CHECKS, "smtp", "tls", "spf", "*", "example.org", "MX", ".", "d?.example.org"]
    ),
    st.text("aemplxorg.*?:[]/ 1", max_size=8),
)
SUBJECT = st.sampled_from(
    [LISTENER, "example.org. MX", "d1.example.org", "d1.example.org on zen.example", "x", ""]
)


@settings(deadline=None)
@given(
    st.sampled_from(CHECKS), SUBJECT, st.lists(PATTERN, max_size=3), st.lists(PATTERN, max_size=2)
)
def test_patterns_mean_what_they_say_one_by_one(
    check: str, subject: str, only: list[str], skip: list[str]
) -> None:
    wanted = not only or spelled_out(check, subject, only)
    taken = wanted and not spelled_out(check, subject, skip)
    assert takes(check, subject, only, skip) is taken
