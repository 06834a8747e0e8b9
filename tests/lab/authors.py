"""From fields that mailconf's milter reads as one author, in forms that other programs may not read."""

import random

from mailconf.programs.originators.fields import Unreadable, authors

PIECES = (
    *("Eva", "Dr. Eva", '"Eva x"', '"a\\"b"', "(c)", "(c (d) e)", "((b) c)", "(b(c)d)", "(c\\))"),
    *("=?utf-8?q?E?=", "[x]", "\\x", ".", "x.y", '"v@w.example"', "(v@w.example)", '("', "')'"),
    *("'", '"', "<", ">", ",", ";", ":", "@", " ", "\t", "()", "(\\()", '""', "v@w.example", "=?"),
    *("/", "#", "&", "(,)", "(<)", "(>)", "(;)", '"<"', '">"', '",x"', "<>", "a=b", "(a:b)"),
)


def forms(victim: str, count: int, seed: int = 1) -> list[str]:
    """Return so many fields with the victim as their only author, the same ones for the same seed."""
    chosen, found = random.Random(seed), dict[str, None]()
    local, _, domain = victim.partition("@")
    cores = (f"<{victim}>", victim, f'<"{local}"@{domain}>', f'"{local}"@{domain}', f"< {victim}>")
    while len(found) < count:
        before = "".join(
            chosen.choice(PIECES) + chosen.choice(("", " ")) for _ in range(chosen.randint(0, 4))
        )
        behind = "".join(
            chosen.choice(("", " ")) + chosen.choice(PIECES) for _ in range(chosen.randint(0, 2))
        )
        field = before + chosen.choice(cores) + behind
        if _is_read(field, victim):
            found[field] = None
    return list(found)


def _is_read(field: str, victim: str) -> bool:
    try:
        return authors([field]) == [victim]
    except Unreadable:
        return False
