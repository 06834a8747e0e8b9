"""Settings that no plugin takes: a finding at the plugin that asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, get_args

from mailconf.engine.reading import takes
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import JobName
from mailconf.model.place import Path
from mailconf.model.plugin import Plugin
from mailconf.model.setting import Setting
from mailconf.model.spec import Spec

NOT_TAKEN = Rule(
    code="CFG082",
    name="setting-not-taken",
    severity=Severity.ERROR,
    message="plugin {source} asks {to} for {key!r} on {host}; {to} takes {known}",
    fix="update {source}, or report this to its author: the setting has no effect",
)
UNKNOWN_PLUGIN = Rule(
    code="CFG083",
    name="setting-for-unknown-plugin",
    severity=Severity.ERROR,
    message="plugin {source} asks {to} for {key!r}; no plugin of that name is installed",
    fix="install the package that provides {to} and name it under plugins, or correct the option of {source} that names it",
)
UNKNOWN_HOST = Rule(
    code="CFG084",
    name="setting-for-unknown-host",
    severity=Severity.ERROR,
    message="plugin {source} asks {to} for {key!r} on host {host!r}; expected one of {known}",
    fix="update {source}, or report this to its author: it has to name the host by its key",
)
SEVERAL = Rule(
    code="CFG085",
    name="setting-taken-once",
    severity=Severity.ERROR,
    message="plugin {to} takes one value of {key!r} on {host}; {count} are asked for, by {sources}",
    fix="switch all but one of these plugins off",
)
IN_VAIN = Rule(
    code="CFG086",
    name="setting-for-plugin-off",
    severity=Severity.WARNING,
    message="plugin {source} needs {keys} of {to}, which is off; {instead} does not take them from it",
    fix="configure the same by hand in what does the job of {to}, then waive this",
)


Receivers = Mapping[str, Sequence[Plugin[Any]]]
"""The plugins that are on, by each name under which settings reach them."""


def not_taken(
    spec: Spec, receivers: Receivers, off: Mapping[str, Plugin[Any]], asked: Iterable[Setting]
) -> Iterator[Finding]:
    """Yield the settings that have no effect, each kind of them once for the plugin that asks."""
    untaken = [s for s in asked if not _is_taken(s, spec, receivers)]
    told: set[tuple[str, ...]] = set()
    for setting in untaken:
        finding = _wrong(setting, spec, receivers, off)
        kind = (setting.source, setting.to, _word(setting))
        if finding and kind not in told:
            told.add(kind)
            yield finding
    yield from _in_vain(untaken, spec, receivers, off)
    yield from _several(asked, receivers)


def _is_taken(setting: Setting, spec: Spec, receivers: Receivers) -> bool:
    if setting.host not in spec.hosts:
        return False
    plugins = receivers.get(setting.to, ())
    return setting.is_answer or any(takes(plugin, setting.key) for plugin in plugins)


def _wrong(
    setting: Setting, spec: Spec, receivers: Receivers, off: Mapping[str, Plugin[Any]]
) -> Finding | None:
    """Say what is wrong with a setting that nothing takes; what is off takes none rightly."""
    facts = {"source": setting.source, "to": setting.to, "key": setting.key}
    where: Path = ("plugins", setting.source)
    if setting.host not in spec.hosts:
        known = ", ".join(spec.hosts)
        return UNKNOWN_HOST.at(setting.source, where, host=setting.host, known=known, **facts)
    if setting.to in off:
        return None
    if setting.to in receivers:
        known = ", ".join(_known(receivers[setting.to])) or "none"
        return NOT_TAKEN.at(setting.source, where, host=setting.host, known=known, **facts)
    if setting.to in get_args(JobName):
        return None  # nothing fills the job, which is the finding
    return UNKNOWN_PLUGIN.at(setting.source, where, **facts)


def _in_vain(
    untaken: Iterable[Setting], spec: Spec, receivers: Receivers, off: Mapping[str, Plugin[Any]]
) -> Iterator[Finding]:
    """Yield what is asked of a plugin that is off while something else does its job."""
    keys: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for setting in untaken:
        if setting.to in off:
            keys[setting.source, setting.to][_word(setting)] = None
    for (source, to), words in keys.items():
        instead = [plugin.name for plugin in receivers.get(to, ())]
        if any(job in spec.jobs for job in off[to].fills):
            instead.append("another program")
        for name in instead[:1]:
            facts = {"source": source, "to": to, "keys": ", ".join(words), "instead": name}
            yield IN_VAIN.at(source, ("plugins", to), **facts)


def _several(asked: Iterable[Setting], receivers: Receivers) -> Iterator[Finding]:
    """Yield several values under a key of which one is taken."""
    found: dict[tuple[str, str, str], list[Setting]] = defaultdict(list)
    for setting in asked:
        found[setting.to, setting.host, setting.key].append(setting)
    for (to, host, key), settings in found.items():
        hows = {takes(plugin, key) for plugin in receivers.get(to, ())} if settings[1:] else set()
        if "one" in hows:
            sources = " and ".join(sorted({setting.source for setting in settings}))
            facts = {"to": to, "host": host, "key": key, "count": len(settings)}
            yield SEVERAL.at(to, ("plugins", settings[1].source), sources=sources, **facts)


def _word(setting: Setting) -> str:
    return setting.key.partition(" ")[0]


def _known(plugins: Iterable[Plugin[Any]]) -> list[str]:
    return sorted({key for plugin in plugins for key in plugin.takes or ()})
