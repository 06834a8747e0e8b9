"""Turn render orders into artifacts: Jinja, strict, one loader per plugin."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path as File
from typing import Any

import jinja2
from jinja2.sandbox import SandboxedEnvironment

from mailconf.formats import quoting
from mailconf.model.artifact import Artifact, Render
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.plugin import Plugin

BANNER = "Rendered by mailconf. Change the spec, not this file."
UNREPRESENTABLE = Rule(
    code="CFG033",
    name="value-unrepresentable",
    severity=Severity.ERROR,
    message="{path}: {why}",
    fix="use a value that the target syntax can write",
)
TEMPLATE = Rule(
    code="CFG034",
    name="template-broken",
    severity=Severity.ERROR,
    message="{template}, line {line}: {why}",
    fix="{hint}",
)


def template_root() -> File:
    """Return templates/ from the installed package, or from the checkout."""
    shipped = File(str(files("mailconf"))) / "templates"
    return shipped if shipped.is_dir() else File(__file__).parents[2] / "templates"


FILTERS: dict[str, Callable[[object], str]] = {
    "postfix": quoting.postfix_value,
    "postfix_key": quoting.postfix_key,
    "postfix_address": quoting.postfix_address,
    "postfix_result": quoting.postfix_result,
    "dovecot": quoting.dovecot_value,
    "dovecot_literal": quoting.dovecot_literal,
    "dovecot_ext": quoting.dovecot_ext_value,
    "passwd": quoting.passwd_field,
    "nginx": quoting.nginx_value,
    "json": quoting.json_string,
    "cell": quoting.table_cell,
}
"""How templates quote a value for each target syntax."""


class Renderer:
    """Carries out orders with the shipped templates, those in `override` first, file by file."""

    def __init__(self, override: File | None = None) -> None:
        self._override = override
        self._environments: dict[str, jinja2.Environment] = {}

    def carry_out(
        self, ordered: Iterable[tuple[Plugin[Any], Render]]
    ) -> tuple[list[Artifact], list[Finding]]:
        """Return the artifacts of (plugin, order) pairs, and what could not be written."""
        artifacts, findings = [], []
        for plugin, order in ordered:
            try:
                artifacts.append(Artifact(order, self._text(plugin, order), plugin.name))
            except quoting.UnrepresentableError as why:
                findings.append(UNREPRESENTABLE.at(order.path, path=order.path, why=why))
            except Exception as why:  # of jinja2, or of what a template calls
                findings.append(self._broken(plugin, order, why))
        return artifacts, findings

    def _text(self, plugin: Plugin[Any], order: Render) -> str:
        if plugin.name not in self._environments:
            self._environments[plugin.name] = self._environment(plugin)
        template = self._environments[plugin.name].get_template(order.template)
        return template.render(data=order.data, banner=BANNER)

    def _broken(self, plugin: Plugin[Any], order: Render, why: Exception) -> Finding:
        """Name the template and, where Jinja knows it, the line."""
        line = getattr(why, "lineno", None) or _line_in_trace(why) or "?"
        said = (why.message or why) if isinstance(why, jinja2.TemplateError) else type(why).__name__
        changed = self._override and (self._override / plugin.name / order.template).is_file()
        owner = "given with --templates" if changed else f"of plugin {plugin.name}"
        template, hint = f"{plugin.name}/{order.template}", f"correct the template {owner}"
        return TEMPLATE.at(order.path, template=template, line=line, why=said, hint=hint)

    def _environment(self, plugin: Plugin[Any]) -> jinja2.Environment:
        """Return an environment that sees only this plugin's templates; others' are sandboxed."""
        own = plugin.templates or template_root() / plugin.name
        roots = [self._override / plugin.name, own] if self._override else [own]
        kind = SandboxedEnvironment if plugin.templates else jinja2.Environment
        environment = kind(  # targets are no HTML; XML is not templated
            loader=jinja2.FileSystemLoader([str(root) for root in roots]),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        environment.filters |= FILTERS
        return environment


def _line_in_trace(why: BaseException) -> int | None:
    """Jinja rewrites tracebacks so that their frames are lines of the template."""
    trace, line = why.__traceback__, None
    while trace:
        if trace.tb_frame.f_code.co_filename.endswith(".j2"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
