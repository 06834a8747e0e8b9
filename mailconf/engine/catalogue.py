"""Every rule there is, found by walking the package: the documentation is made from them."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType

import mailconf
from mailconf.model.finding import Rule

HEAD = """# Rules

Made by `mailconf rules`. A code is never used for another rule; waive a finding by its code
under `waivers:` in the spec, with a reason.
"""


def all_rules() -> list[Rule]:
    """Return the rules of all modules, in order of code."""
    found = {rule.code: rule for rules in rules_by_module().values() for rule in rules}
    return [found[code] for code in sorted(found)]


def live_codes(packages: Iterable[str] = ()) -> frozenset[str]:
    """Return the codes that lint cannot find, and all of other `packages`.

    Those may not say what finds them: a waiver of one is not called unused.
    """
    others = frozenset(rule.code for package in packages for rule in rules_in(package))
    return others | frozenset(rule.code for rule in all_rules() if rule.found_by != "lint")


def rules_by_module() -> dict[str, list[Rule]]:
    """Return the rules that each module declares, or imports."""
    modules = pkgutil.walk_packages(mailconf.__path__, "mailconf.")
    names = [info.name for info in modules if not info.name.endswith("__main__")]
    return {name: _rules(import_module(name)) for name in names}


def rules_in(package: str) -> list[Rule]:
    """Return the rules of the imported modules of a package, each once, in order of code."""
    return sorted(declared_in(package), key=lambda rule: (rule.code, rule.name))


def declared_in(package: str) -> Iterable[Rule]:
    """Return the same in no order: as long as nobody has looked at them, a code may be anything."""
    inside = (m for name, m in list(sys.modules.items()) if f"{name}.".startswith(f"{package}."))
    return {id(rule): rule for module in inside for rule in _rules(module)}.values()


def _rules(module: ModuleType) -> list[Rule]:
    return [value for value in vars(module).values() if isinstance(value, Rule)]


def markdown(rules: list[Rule]) -> str:
    """Return the catalogue as a Markdown document."""
    return HEAD + "".join(f"\n{_section(rule)}" for rule in rules)


def _section(rule: Rule) -> str:
    lines = [f"## {rule.code} {rule.name}", ""]
    lines += [f"*{rule.severity}*, found by {rule.found_by}: {rule.message}", ""]
    if rule.why:
        lines += [rule.why, ""]
    if rule.expected:
        lines += [f"Expected: {rule.expected}.", ""]
    lines.append(f"Fix: {rule.fix}." + (f" Source: {rule.ref}." if rule.ref else ""))
    for title, example in (("Wrong", rule.bad), ("Right", rule.good)):
        if example:
            lines += ["", f"{title}:", "", f"```{rule.language}", example, "```"]
    return "\n".join(lines) + "\n"
