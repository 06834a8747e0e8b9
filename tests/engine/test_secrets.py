"""References are resolved, and failures never show a value."""

import os
from pathlib import Path

import pytest

from mailconf.engine.secrets import SecretError, Secrets
from mailconf.model.secret import marked


def test_values_take_the_place_of_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "key").write_text("from file\n")
    monkeypatch.setenv("HASH", "from env")
    text = " ".join(map(marked, ("ref+file://key", "ref+env://HASH", "ref+exec://echo from exec")))
    assert Secrets(tmp_path).reveal(text) == "from file from env from exec"


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("ref+env://NO_SUCH_THING", "the variable is not set"),
        ("ref+file://none", "No such file or directory"),
        ("ref+exec://false", "exited with status 1"),
        ("ref+exec://sh -c 'kill -9 $$'", "ended by signal 9"),
        ("ref+exec://yes", "the value has more than 65536 octets"),
        ("ref+exec:///", "Permission denied"),
        ("ref+exec://echo '", "no closing quotation"),
        ("ref+exec://no-such-command-at-all", "command not found"),
        ("plain", "not a reference"),
    ],
)
def test_what_cannot_be_fetched(tmp_path: Path, reference: str, told: str) -> None:
    with pytest.raises(SecretError, match=told):
        Secrets(tmp_path).resolve(reference)


def test_what_a_failing_command_says_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(SecretError) as caught:
        Secrets(tmp_path).resolve("ref+exec://sh -c 'echo hunter2 >&2; false'")
    # The command is the operator's own text; what it printed is not repeated.
    assert str(caught.value).count("hunter2") == 1


PEM = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    ("octets", "told"),
    [
        pytest.param(b"hunter2\nroot:0\n", "has 2 lines", id="a second account"),
        pytest.param(b"hunter2\n\n", "has 2 lines", id="an empty line"),
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"\n", "is empty", id="a line end alone"),
        pytest.param(b" \t ", "is empty", id="blanks"),
        pytest.param(b"hun\0ter2", r"U\+0000", id="NUL"),
        pytest.param(b"hunter2\r\n", r"U\+000D", id="CRLF"),
        pytest.param("hunter2\u2028x".encode(), r"U\+2028", id="line separator"),
        pytest.param("hunter2\x85x".encode(), r"U\+0085", id="C1"),
        pytest.param("\ufeffhunter2".encode(), r"U\+FEFF", id="byte order mark"),
        pytest.param("hunter2\u202ex".encode(), r"U\+202E", id="direction of writing"),
        pytest.param("\u2066hunter2".encode(), r"U\+2066", id="isolate"),
        pytest.param(b"hunter2\xff", "not UTF-8", id="not UTF-8"),
        pytest.param(b"x" * 70_000, "more than 65536 octets", id="large"),
    ],
)
def test_a_line_is_one_line(tmp_path: Path, octets: bytes, told: str) -> None:
    (tmp_path / "password").write_bytes(octets)
    with pytest.raises(SecretError, match=told) as caught:
        Secrets(tmp_path).resolve("ref+file://password")
    assert str(caught.value).startswith("ref+file://password: ")
    assert "hun" not in str(caught.value)


def test_a_line_keeps_everything_but_its_end(tmp_path: Path) -> None:
    (tmp_path / "password").write_bytes("  ä#\"' \n".encode())
    assert Secrets(tmp_path).resolve("ref+file://password") == "  ä#\"' "


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(PEM, id="PEM"),
        pytest.param(PEM.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(PEM.replace("PRIVATE", "RSA PRIVATE"), id="PKCS 1"),
        pytest.param("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=\n", id="seed"),
    ],
)
def test_a_key_has_lines(tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_bytes(text.encode())
    found = Secrets(tmp_path).reveal(marked("ref+file://key", "key"))
    assert found == text.rstrip("\r\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("hunter2", "no private key", id="a word"),
        pytest.param(f"{PEM}key s2 = hunter2\n", "no private key", id="more"),
        pytest.param(PEM.replace("PRIVATE", "PUBLIC"), "no private key", id="public"),
        pytest.param(PEM.replace("-----END PRIVATE KEY-----\n", ""), "no private key", id="cut"),
        pytest.param(PEM.replace("PRIVATE", "ENCRYPTED PRIVATE"), "encrypted", id="encrypted"),
        pytest.param("\n", "is empty", id="empty"),
    ],
)
def test_a_key_is_a_key(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "key").write_text(text)
    with pytest.raises(SecretError, match=told):
        Secrets(tmp_path).reveal(marked("ref+file://key", "key"))


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "/dev/zero"):
        with pytest.raises(SecretError, match="not a regular file"):
            Secrets(tmp_path).resolve(f"ref+file://{name}")


def test_a_command_runs_once(tmp_path: Path) -> None:
    kept = Secrets(tmp_path)
    for _ in range(2):
        with pytest.raises(SecretError, match="is empty"):
            kept.resolve(f"ref+exec://touch {tmp_path}/once-$")
    text = "".join(marked(f"ref+exec://sh -c 'echo x >> {tmp_path}/runs; echo y'") for _ in "abc")
    assert kept.reveal(text) == "yyy"
    assert (tmp_path / "runs").read_text() == "x\n"
    assert [reference for reference, _ in kept.faults(text)] == []


def test_what_was_fetched_is_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HASH", "correct-horse")
    kept = Secrets(tmp_path)
    kept.resolve("ref+env://HASH")
    assert kept.hidden.hide("a correct-horse b") == "a [secret] b"
