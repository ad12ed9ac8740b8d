"""What calc-engine's routes ask for beside the runtime's own."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from calc_engine.application.file_ports import Lineage, RunFiles, UnpaidLines


@dataclass(frozen=True, slots=True)
class Ports:
    """What `main` wires for the routes."""

    files: RunFiles
    lineage: Lineage
    unpaid_lines: UnpaidLines
    approvals_at_once: int


def _ports(request: Request) -> Ports:
    ports: Ports = request.app.state.ports
    return ports


CalcPorts = Annotated[Ports, Depends(_ports)]
