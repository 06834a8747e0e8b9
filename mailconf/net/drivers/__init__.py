"""How each question is answered from the network: one module for each, found by being here.

A driver is a module with `QUESTION`, the class that it answers, and `answer(question, network)`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from mailconf.model.question import Question
from mailconf.net.network import Network

Driver = Callable[[Any, Network], Awaitable[Any]]


def drivers() -> Mapping[type[Question[Any]], Driver]:
    """Return the driver of each class of questions."""
    modules = (import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__))
    return {module.QUESTION: module.answer for module in modules}
