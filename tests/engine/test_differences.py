"""Changes print as unified diffs."""

from mailconf.engine.differences import unified
from mailconf.engine.write import Change


def test_a_new_file_comes_from_nowhere() -> None:
    assert unified(Change("x", "new", new="1\n")) == "--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+1\n"


def test_a_file_without_a_final_line_end() -> None:
    text = unified(Change("x", "changed", "1", "2"))
    assert text.endswith("-1\n+2\n")


def test_of_a_secret_nothing_is_shown() -> None:
    text = unified(Change("etc/dkimkeys/a.private", "removed", old="PRIVATE", is_secret=True))
    assert text == "etc/dkimkeys/a.private is removed; it holds secrets\n"
