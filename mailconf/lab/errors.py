"""Why a lab could not run or a boot went wrong."""

from __future__ import annotations


class LabUnavailableError(Exception):
    """This machine cannot run a lab; the message says what is missing and what to do."""


class BootError(Exception):
    """A daemon did not come up; the message holds the line of its own that explains it."""
