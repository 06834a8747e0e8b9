"""Changes print as unified diffs."""

from difflib import unified_diff

from hypothesis import given, settings
from hypothesis import strategies as st

from mailconf.engine.differences import unified, unified_texts
from mailconf.engine.write import Change


def test_a_new_file_comes_from_nowhere() -> None:
    assert unified(Change("x", "new", new="1\n")) == "--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+1\n"


def test_a_file_without_a_final_line_end() -> None:
    text = unified(Change("x", "changed", "1", "2"))
    assert text.endswith("-1\n+2\n")


def test_of_a_secret_nothing_is_shown() -> None:
    text = unified(Change("etc/dkimkeys/a.private", "removed", old="PRIVATE", is_secret=True))
    assert text == "etc/dkimkeys/a.private is removed; it may hold secrets\n"


TEXT = st.lists(st.sampled_from("abcd"), max_size=40).map(
    lambda lines: "".join(f"{x}\n" for x in lines)
)


@settings(deadline=None)
@given(TEXT, TEXT)
def test_short_texts_differ_as_difflib_says(old: str, new: str) -> None:
    lines = unified_diff(old.splitlines(True), new.splitlines(True), "a", "b")
    assert unified_texts(old, new, "a", "b") == "".join(lines)


def block(number: int, folder: str) -> str:
    return f"server {{\n  listen 443;\n  name n{number};\n  root /{folder}/{number};\n}}\n"


def test_a_line_of_every_block_of_a_long_file() -> None:
    old, new = ("".join(block(n, folder) for n in range(1_000)) for folder in ("old", "new"))
    lines = unified_texts(old, new, "a", "b").splitlines()
    assert [line for line in lines[2:] if line[0] in "+-"] == [
        line for n in range(1_000) for line in (f"-  root /old/{n};", f"+  root /new/{n};")
    ]
