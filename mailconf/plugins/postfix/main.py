"""main.cf of a host: all sections, and the operator's own parameters at the end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from mailconf.formats.postfix import MainCf, Parameter, Section
from mailconf.plugins.postfix.duty import Duty
from mailconf.plugins.postfix.sections.filters import filters
from mailconf.plugins.postfix.sections.identity import identity
from mailconf.plugins.postfix.sections.limits import limits
from mailconf.plugins.postfix.sections.refusal import refusal
from mailconf.plugins.postfix.sections.routing import routing
from mailconf.plugins.postfix.sections.tls import tls

SECTIONS = (identity, limits, routing, refusal, tls, filters)


def rendered(duty: Duty) -> MainCf:
    """Return main.cf as mailconf means it, without the operator's own parameters."""
    return MainCf(tuple(chain.from_iterable(section(duty) for section in SECTIONS)))


def main_cf(duty: Duty) -> MainCf:
    """Return main.cf with the operator's own parameters in force."""
    sections = (_less(section, duty.options.main_cf) for section in rendered(duty).sections)
    kept = tuple(section for section in sections if section.parameters)
    return MainCf((*kept, *_additions(duty)))


def _less(section: Section, own: dict[str, str]) -> Section:
    """Leave out what the operator sets: a parameter that stands twice makes postconf warn."""
    return Section(section.why, tuple(p for p in section.parameters if p.name not in own))


def _additions(duty: Duty) -> Iterator[Section]:
    own = duty.options.main_cf
    if own:
        yield Section(
            ("Operator settings: postfix.main_cf in the spec.",),
            tuple(Parameter(name, value) for name, value in own.items()),
        )
