"""mailconf: one YAML spec in, a proven mail system out.

The names in `__all__` are for programs (docs/api.md); plugins import mailconf.api.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
__all__ = [
    "CommandError",
    "DiffOptions",
    "DiffResult",
    "Finding",
    "InspectOptions",
    "Interrupted",
    "LintOptions",
    "Outcome",
    "PlanOptions",
    "Reach",
    "RenderOptions",
    "RenderResult",
    "Report",
    "Severity",
    "SpecErrorsError",
    "SpecFileError",
    "UnusableSecretsError",
    "UnusableSpecError",
    "Verdict",
    "VerifyOptions",
    "diff",
    "inspect",
    "lint",
    "plan",
    "render",
    "verify",
]
_HOMES = {
    "CommandError": "app.errors",
    "DiffOptions": "app.diff",
    "DiffResult": "app.diff",
    "Finding": "model.finding",
    "InspectOptions": "app.inspect",
    "Interrupted": "app.errors",
    "LintOptions": "app.lint",
    "Outcome": "model.outcome",
    "PlanOptions": "app.plan",
    "Reach": "app.worlds",
    "RenderOptions": "app.render",
    "RenderResult": "app.render",
    "Report": "model.outcome",
    "Severity": "model.finding",
    "SpecErrorsError": "app.errors",
    "SpecFileError": "engine.texts",
    "UnusableSecretsError": "engine.references",
    "UnusableSpecError": "engine.build",
    "Verdict": "model.outcome",
    "VerifyOptions": "app.verify",
    "diff": "app.diff",
    "inspect": "app.inspect",
    "lint": "app.lint",
    "plan": "app.plan",
    "render": "app.render",
    "verify": "app.verify",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is used: `mailconf --help` must not wait for DNS and TLS libraries."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
