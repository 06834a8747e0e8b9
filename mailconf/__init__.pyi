"""The types of the names that mailconf/__init__.py imports when they are used."""

from mailconf.app.diff import DiffOptions as DiffOptions
from mailconf.app.diff import DiffResult as DiffResult
from mailconf.app.diff import diff as diff
from mailconf.app.errors import CommandError as CommandError
from mailconf.app.errors import Interrupted as Interrupted
from mailconf.app.errors import SpecErrorsError as SpecErrorsError
from mailconf.app.inspect import InspectOptions as InspectOptions
from mailconf.app.inspect import inspect as inspect
from mailconf.app.lint import LintOptions as LintOptions
from mailconf.app.lint import lint as lint
from mailconf.app.plan import PlanOptions as PlanOptions
from mailconf.app.plan import plan as plan
from mailconf.app.render import RenderOptions as RenderOptions
from mailconf.app.render import RenderResult as RenderResult
from mailconf.app.render import render as render
from mailconf.app.verify import VerifyOptions as VerifyOptions
from mailconf.app.verify import verify as verify
from mailconf.app.worlds import Reach as Reach
from mailconf.engine.build import UnusableSpecError as UnusableSpecError
from mailconf.engine.references import UnusableSecretsError as UnusableSecretsError
from mailconf.engine.texts import SpecFileError as SpecFileError
from mailconf.model.finding import Finding as Finding
from mailconf.model.finding import Severity as Severity
from mailconf.model.outcome import Outcome as Outcome
from mailconf.model.outcome import Report as Report
from mailconf.model.outcome import Verdict as Verdict

__version__: str
__all__: list[str]
_HOMES: dict[str, str]
