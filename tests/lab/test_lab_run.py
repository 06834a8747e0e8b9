"""Jobs that block can still be interrupted."""

import os
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from mailconf.engine.run import Job
from mailconf.lab.lab_run import LabRun
from mailconf.model.finding import Finding


async def interrupted() -> AsyncIterator[Finding]:
    """Be interrupted in the middle of work that never gives way."""
    os.kill(os.getpid(), signal.SIGINT)
    threading.Event().wait(0.05)
    nothing: tuple[Finding, ...] = ()
    for finding in nothing:
        yield finding


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Listen to SIGINT even where the tests run in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interruption_between_blocking_jobs_is_not_lost() -> None:
    prover = LabRun(Path("spec.yaml"), lambda _step: None)
    jobs = [Job("a", "one", interrupted), Job("a", "two", interrupted)]
    with pytest.raises(KeyboardInterrupt):
        prover._collect(iter(jobs))
    assert [outcome.subject for outcome in prover.report().outcomes] == ["one"]
