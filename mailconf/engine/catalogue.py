"""Every rule there is, found by walking the package: the documentation is made from them."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import mailconf
from mailconf.model.finding import Rule

HEAD = """# Rules

Made by `mailconf rules`. A code is never used for another rule; waive a finding by its code
under `waivers:` in the spec, with a reason.
"""


def all_rules() -> list[Rule]:
    """Return the rules of all modules, in order of code."""
    modules = pkgutil.walk_packages(mailconf.__path__, "mailconf.")
    names = (info.name for info in modules if not info.name.endswith("__main__"))
    found = {
        id(value): value
        for name in names
        for value in vars(import_module(name)).values()
        if isinstance(value, Rule)
    }
    return sorted(found.values(), key=lambda rule: rule.code)


def markdown(rules: list[Rule]) -> str:
    """Return the catalogue as a Markdown document."""
    return HEAD + "".join(f"\n{_section(rule)}" for rule in rules)


def _section(rule: Rule) -> str:
    lines = [f"## {rule.code} {rule.name}", "", f"*{rule.severity}*: {rule.message}", ""]
    lines.append(f"Fix: {rule.fix}." + (f" Source: {rule.ref}." if rule.ref else ""))
    for title, example in (("Wrong", rule.bad), ("Right", rule.good)):
        if example:
            lines += ["", f"{title}:", "", "```yaml", example, "```"]
    return "\n".join(lines) + "\n"
