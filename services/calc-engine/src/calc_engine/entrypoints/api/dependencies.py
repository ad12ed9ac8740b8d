"""What calc-engine's routes ask for beside the runtime's own."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from calc_engine.application.file_ports import (
    Lineage,
    RunFiles,
    SimulationFiles,
    StatedAmounts,
    StatedLines,
    UnpaidLines,
)
from calc_engine.application.ports import Engines


@dataclass(frozen=True, slots=True)
class Ports:
    """What `main` wires for the routes."""

    engines: Engines
    files: RunFiles
    lineage: Lineage
    unpaid_lines: UnpaidLines
    stated_lines: StatedLines
    stated_amounts: StatedAmounts
    time_zone: ZoneInfo
    """Whose midnight ends a business day."""
    simulations: SimulationFiles
    simulations_kept: timedelta
    approvals_at_once: int


def _ports(request: Request) -> Ports:
    ports: Ports = request.app.state.ports
    return ports


CalcPorts = Annotated[Ports, Depends(_ports)]
