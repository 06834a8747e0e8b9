"""Services are started in the order of their stages; what goes wrong names the service."""

from typing import Any, cast

import pytest

from mailconf.engine.registry import builtin
from mailconf.lab.errors import BootError
from mailconf.lab.machine import Machine
from mailconf.lab.services import services_of, start_services
from mailconf.model.base import Model
from mailconf.model.lab import LabMachine, LabService, LabSupport
from mailconf.model.plugin import Plugin

NOWHERE = cast(Machine, type("Nowhere", (), {"name": "mail"})())


def plugin(*services: LabService) -> Plugin[Any]:
    return Plugin("ours", "", Model, lab=LabSupport(services=services))


def test_filters_and_stores_start_before_the_mta_and_the_web_server_last() -> None:
    started: list[str] = []
    kinds = [("w", "web"), ("m", "mta"), ("f", "filter"), ("k", "kernel"), ("s", "store")]

    def service(unit: str, stage: Any) -> LabService:
        return LabService(unit, lambda _: started.append(unit), stage)

    known = services_of([plugin(*(service(*one) for one in kinds))])
    start_services(NOWHERE, [unit for unit, _ in kinds], known)
    assert started == ["k", "f", "s", "m", "w"]


def test_a_service_that_nobody_can_start_is_named() -> None:
    with pytest.raises(BootError, match="no plugin has a LabService for caddy"):
        start_services(NOWHERE, ["caddy"], services_of(builtin().values()))


def test_units_that_wait_for_files_are_left_to_systemd() -> None:
    start_services(NOWHERE, ["mailconf-certificates.path"], {})


def test_a_start_that_raises_names_the_service_and_the_machine() -> None:
    def broken(_machine: LabMachine) -> None:
        raise KeyError("port")

    known = services_of([plugin(LabService("exim4", broken))])
    with pytest.raises(BootError, match=r"mail: .*exim4.* KeyError"):
        start_services(NOWHERE, ["exim4"], known)
