"""YAML files to one tree of plain data, with the Place of every node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path as File
from typing import Any

from mailconf.disk.folder import DIRECTORY, PLAIN, Folder
from mailconf.engine import merge
from mailconf.engine.confidential import kind_of, spell_at
from mailconf.engine.gc_tuning import without_cyclic_gc
from mailconf.engine.refused import refusal
from mailconf.engine.texts import SpecFileError
from mailconf.engine.yaml_reader import read_below, read_tree
from mailconf.formats.names import DomainNameError, a_labels
from mailconf.formats.paths import REGULAR, PathRefusedError
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.place import Path, Place, Places

ENDINGS = (".yaml", ".yml", ".json")
"""How included files are called: findings quote them, and other files may hold secrets."""
NO_MATCH = Rule(
    code="CFG010",
    name="include-matches-nothing",
    severity=Severity.ERROR,
    message="include pattern {pattern!r} matches no file",
    fix="correct the pattern; it is relative to the file that includes",
)
NOT_A_LIST = Rule(
    code="CFG011",
    name="include-not-a-list",
    severity=Severity.ERROR,
    message="include is {found}; expected a list of file patterns",
    fix="set include: [domains.d/*.yaml]",
)
CONTRADICTION = Rule(
    code="CFG012",
    name="conflicting-values",
    severity=Severity.ERROR,
    message="{path} is {here} here but {there} at {place}",
    fix="keep one of the two, or use --env for a value that differs by environment",
)
ORPHANED = Rule(
    code="CFG094",
    name="keys-of-unknown-domain",
    severity=Severity.WARNING,
    message="the key file has keys of {domain}, which is not a domain of the spec; they are ignored",
    fix="remove them from the key file, or add the domain to the spec",
)


Tree = tuple[dict[str, Any], dict[Path, Place]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the files say: data merged, places, and what was wrong with the files."""

    data: dict[str, Any]
    places: Places
    findings: tuple[Finding, ...] = ()
    folder: File | None = None
    """Where the spec lies."""


def load(spec: File, environment: str = "") -> Loaded:
    """Read a spec, its key file, its includes and the overlay of `environment`.

    Raises SpecFileError, with a Finding, for a file that cannot be read at all.
    """
    with without_cyclic_gc():
        findings: list[Finding] = []
        folder = Folder(spec.parent)
        trees = [read_tree(spec)]
        of_keys: dict[Path, Place] = {}
        for path in _beside(spec, folder, trees[0][0], findings):
            more, more_places = read_below(folder, path)
            if path == key_file(spec).name:
                more, more_places = _as_spelled(trees, more, more_places)
                of_keys = dict(more_places)
            trees.append((more, more_places))
        data, places = _together(trees, findings)
        data.pop("include", None)
        if environment:
            over, over_places = read_below(folder, f"environments/{environment}.yaml")
            data, places = merge.overlay(data, over), places | over_places
        _without_orphans(data, places, of_keys, findings)
    return Loaded(data, Places(str(spec), places), tuple(findings), spec.parent)


def _without_orphans(
    data: dict[str, Any],
    places: dict[Path, Place],
    of_keys: dict[Path, Place],
    findings: list[Finding],
) -> None:
    """Take out domains that only the key file has: a domain that was removed from the spec is not hosted."""
    domains = data.get("domains")
    if not isinstance(domains, dict):
        return
    of_keys = {path: at for path, at in of_keys.items() if places.get(path) == at}
    known = {_plain(name) for name in domains if ("domains", name) not in of_keys}
    for name in [name for name in domains if _plain(name) not in known]:
        place = of_keys[("domains", name)]
        findings.append(replace(ORPHANED.at(name, ("domains", name), domain=name), place=place))
        del domains[name]


def retargeted(loaded: Loaded, target: str) -> Loaded:
    """Return a spec with every host's target replaced, or as it is when `target` is empty."""
    hosts = loaded.data.get("hosts")
    if not target or not isinstance(hosts, dict):
        return loaded
    moved = {
        key: {**host, "target": target} if isinstance(host, dict) else host
        for key, host in hosts.items()
    }
    return replace(loaded, data={**loaded.data, "hosts": moved})


def key_file(spec: File) -> File:
    """Return where the public halves of a spec's keys lie: mailconf.yaml → mailconf.keys.yaml."""
    return spec.with_name(f"{spec.stem}.keys.yaml")


def _not_patterns(found: Any) -> str:
    odd = (
        [kind_of(one) for one in found if not isinstance(one, str)]
        if isinstance(found, list)
        else []
    )
    return f"a list with {odd[0]}" if odd else kind_of(found)


def _beside(
    spec: File, folder: Folder, data: dict[str, Any], findings: list[Finding]
) -> Iterator[str]:
    """Yield the files that belong to the spec: its includes in name order, then its key file."""
    keys = key_file(spec).name
    patterns = data.get("include", [])
    if not isinstance(patterns, list) or not all(isinstance(p, str) for p in patterns):
        findings.append(NOT_A_LIST.at("include", ("include",), found=_not_patterns(patterns)))
        patterns = []
    for number, pattern in enumerate(patterns):
        where = ("include", number)
        try:
            files = [path for path in folder.glob(pattern) if folder.kind(path) != DIRECTORY]
            if not files:
                findings.append(NO_MATCH.at("include", where, pattern=pattern))
            yield from (path for path in map(partial(_included, folder), files) if path != keys)
        except PathRefusedError as why:
            findings.append(refusal(why, where))
    if keys in folder.names():
        yield keys


def _together(trees: list[Tree], findings: list[Finding]) -> Tree:
    """Merge the trees of files, the first on top; say where they contradict each other."""
    data, places = trees.pop()
    pile, told = merge.Pile(data), list[list[Finding]]()
    while trees:
        over, over_places = trees.pop()
        told.append(list(_contradictions(over, pile.tree, over_places, places)))
        pile.put(over)
        places.update(over_places)
    findings += (finding for of_file in reversed(told) for finding in of_file)
    return pile.tree, places


def _included(folder: Folder, path: str) -> str:
    """Return the path of an included file; raises PathRefusedError for what cannot be a spec's."""
    kind = folder.kind(path)
    if kind != PLAIN:
        raise PathRefusedError(path, kind, REGULAR)
    if not path.endswith(ENDINGS):
        raise PathRefusedError(path, "included", f"a file name that ends in {' or '.join(ENDINGS)}")
    return path


def _as_spelled(trees: list[Tree], more: dict[str, Any], places: dict[Path, Place]) -> Tree:
    """Give the domains of the key file, which are A-labels, the spelling that the spec has for them."""
    theirs, sections = more.get("domains"), (data.get("domains") for data, _ in trees)
    ours = [key for section in sections if isinstance(section, dict) for key in section]
    if not ours or not isinstance(theirs, dict):
        return more, places
    spelled: dict[str, str] = {_plain(key): str(key) for key in reversed(ours)}
    # A key that is the same domain as another one of this file keeps its spelling and is reported.
    one_each = {_plain(key): key for key in reversed(theirs)}
    moved: dict[Any, str] = {
        key: spelled.get(_plain(key), str(key)) if one_each[_plain(key)] == key else str(key)
        for key in theirs
    }
    domains = {moved[key]: body for key, body in theirs.items()}
    return {**more, "domains": domains}, {_moved(path, moved): at for path, at in places.items()}


def _moved(path: Path, moved: dict[Any, str]) -> Path:
    is_domain = len(path) > 1 and path[0] == "domains"
    return ("domains", moved.get(path[1], str(path[1])), *path[2:]) if is_domain else path


def _plain(name: object) -> str:
    try:
        return a_labels(str(name))
    except DomainNameError:
        return str(name)


def _contradictions(
    data: dict[str, Any],
    more: dict[str, Any],
    places: dict[Path, Place],
    more_places: dict[Path, Place],
) -> Iterator[Finding]:
    for path, here, there in merge.contradictions(data, more):
        other = Places("", more_places).of(path)
        found = CONTRADICTION.at(
            ".".join(map(str, path)),
            path,
            path=".".join(map(str, path)),
            here=spell_at(path, here),
            there=spell_at(path, there),
            place=other,
        )
        yield found.placed(Places("", places).of(path))


__all__ = ["Loaded", "SpecFileError", "key_file", "load", "retargeted"]
