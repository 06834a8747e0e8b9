"""Turn render orders into artifacts: Jinja, strict, one loader per plugin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from pathlib import Path as File
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel

from mailconf.disk.folder import Folder
from mailconf.engine.containment import WrongItemError, broke, contained, is_stop
from mailconf.engine.typed_fields import kind_of
from mailconf.formats import quoting
from mailconf.formats.paths import PathRefusedError
from mailconf.model.artifact import Artifact, Render
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.place import Path
from mailconf.model.plugin import Plugin

BANNER = "Rendered by mailconf. Change the spec, not this file."
UNREPRESENTABLE = Rule(
    code="CFG033",
    name="value-unrepresentable",
    severity=Severity.ERROR,
    message="{path}: {why}",
    fix="use a value that the syntax of the target file can express",
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


FILTERS: dict[str, Callable[[Any], str]] = {"json": quoting.json_string}
"""How templates of all plugins quote: a string of JSON is one of YAML and of JavaScript."""
MAX_TEMPLATE = 2**20
MOST_KNOWN = 10_000
"""Attributes that are remembered as safe or not: a template can make up names."""


class _Sandbox(ImmutableSandboxedEnvironment):
    """What templates may do with their data: print it, and call what plugins put into it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._known: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Look at a type and a name once: whether they are safe depends on nothing else."""
        if isinstance(obj, type):
            return self._is_safe(obj, attr, value)
        known = self._known.get((type(obj), attr))
        if known is None:
            known = self._is_safe(obj, attr, value)
            if len(self._known) < MOST_KNOWN:
                self._known[type(obj), attr] = known
        return known

    def _is_safe(self, obj: Any, attr: str, value: Any) -> bool:
        """Refuse pydantic's own methods too: parse_raw reads pickles, parse_file files."""
        if isinstance(obj, BaseModel) or (isinstance(obj, type) and issubclass(obj, BaseModel)):
            return not hasattr(BaseModel, attr) and super().is_safe_attribute(obj, attr, value)
        return super().is_safe_attribute(obj, attr, value)


class _Override(jinja2.BaseLoader):
    """The operator's own templates of one plugin, read below their folder without following links."""

    def __init__(self, folder: Folder, plugin: str) -> None:
        self._folder, self._plugin = folder, plugin

    def get_source(
        self, _environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        path = f"{self._plugin}/{template}"
        try:
            text = self._folder.read(path, MAX_TEMPLATE).decode("utf-8")
        except FileNotFoundError:
            raise jinja2.TemplateNotFound(template) from None
        except (PathRefusedError, UnicodeDecodeError) as why:
            file = str(self._folder.root / path)
            raise jinja2.TemplateSyntaxError(str(why), 1, template, file) from None
        return text, str(self._folder.root / path), lambda: True


class Renderer:
    """Carries out orders with the shipped templates, those in `override` first, file by file.

    Raises OSError when `override` is no folder that can be read.
    """

    def __init__(self, override: File | None = None) -> None:
        self._override = Folder(override) if override else None
        if self._override:
            self._override.require()
        self._environments: dict[str, jinja2.Environment] = {}

    def carry_out(
        self,
        ordered: Iterable[tuple[Plugin[Any], Render]],
        where: Callable[[str], Path] = lambda _value: (),
    ) -> tuple[list[Artifact], list[Finding]]:
        """Return the artifacts of (plugin, order) pairs, and what could not be written.

        `where` returns the path of a value in the spec.
        """
        artifacts, findings = [], []
        for plugin, order in ordered:
            try:
                text = self._text(plugin, order)
            except quoting.UnrepresentableError as why:
                at = where(why.value) if why.value else ()
                findings.append(UNREPRESENTABLE.at(order.path, at, path=order.path, why=why))
            except Exception as why:
                # A template can raise anything: divide by zero, add a text to a number.
                findings.append(self._broken(plugin, order, why))
            except BaseException as bug:
                # What a plugin's data raises that is no Exception is no matter of the template.
                if is_stop(bug):
                    raise
                findings.append(broke(plugin, f"data of {order.path}", bug))
            else:
                kept = _kept(plugin, order, text, findings)
                artifacts.append(Artifact(order, text, plugin.name, kept))
        return artifacts, findings

    def _text(self, plugin: Plugin[Any], order: Render) -> str:
        if plugin.name not in self._environments:
            self._environments[plugin.name] = self._environment(plugin)
        template = self._environments[plugin.name].get_template(order.template)
        return template.render(data=order.data, banner=BANNER)

    def _environment(self, plugin: Plugin[Any]) -> jinja2.Environment:
        """Return a sandbox that sees only this plugin's templates."""
        loaders: list[jinja2.BaseLoader] = [jinja2.FileSystemLoader(str(_own(plugin)))]
        if self._override:
            loaders.insert(0, _Override(self._override, plugin.name))
        environment = _Sandbox(  # targets are no HTML; XML is not templated
            loader=jinja2.ChoiceLoader(loaders),
            undefined=jinja2.StrictUndefined,
            auto_reload=False,  # one run, one reading of each template
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        filters = {**plugin.filters, **FILTERS}
        environment.filters |= {name: _naming(quote) for name, quote in filters.items()}
        return environment

    def _broken(self, plugin: Plugin[Any], order: Render, why: Exception) -> Finding:
        """Name the template's file, the line where it is known, and who has to correct it."""
        file, line = _origin(why)
        own = str(_own(plugin) / order.template)
        if self._override and file.startswith(f"{self._override.root}/"):
            hint = "correct the template given with --templates"
        elif plugin.templates:
            hint = f"report it to the author of the plugin {plugin.name}"
        else:
            hint = "report it as a bug of mailconf"
        said = _said(why)
        return TEMPLATE.at(order.path, template=file or own, line=line or "?", why=said, hint=hint)


def _kept(
    plugin: Plugin[Any], order: Render, text: str, broken: list[Finding]
) -> Mapping[str, str]:
    """Return what a running service keeps of a file; nothing where the plugin breaks."""
    read = order.restart_on
    if read is None:
        return {}

    def values() -> Iterable[object]:
        found = read(text)
        texts = found.items() if isinstance(found, Mapping) else [(found, None)]
        if not all(isinstance(one, str) for pair in texts for one in pair):
            raise WrongItemError(f"returned {kind_of(found)}; expected texts by name")
        return [dict(found)]

    part = f"restart_on of {order.path}"
    return next(contained(plugin, part, dict, [values], broken), {})


def _naming(quote: Callable[[Any], str]) -> Callable[[Any], str]:
    """Let what a filter refuses say which value it was."""

    def naming(value: Any) -> str:
        try:
            return quote(value)
        except quoting.UnrepresentableError as why:
            why.value = why.value or str(value)
            raise

    return naming


def _own(plugin: Plugin[Any]) -> File:
    return plugin.templates or template_root() / plugin.name


def _said(why: Exception) -> str:
    try:
        return str(getattr(why, "message", None) or f"{type(why).__name__}: {why}")
    except Exception:  # exceptions of others may break, too
        return type(why).__name__


def _origin(why: BaseException) -> tuple[str, int | None]:
    """Return file and line of the innermost template: Jinja gives tracebacks its own lines."""
    if isinstance(why, jinja2.TemplateSyntaxError):
        return why.filename or "", why.lineno
    trace, file, line = why.__traceback__, "", None
    while trace:
        if trace.tb_frame.f_code.co_filename.endswith(".j2"):
            file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        trace = trace.tb_next
    return file, line
