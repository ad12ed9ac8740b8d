"""The services of the platform: which package runs which, on which database."""

from dataclasses import dataclass

from premia_runtime.local.databases import CALC, CONNECTORS, INVOICING, PLANS, ServiceDatabase


@dataclass(frozen=True, slots=True)
class Service:
    """A service that is run by `python -m <module> migrate` and `… serve`."""

    name: str
    module: str
    database: ServiceDatabase


SERVICES = (
    Service("plans-api", "plans_api", PLANS),
    Service("calc-engine", "calc_engine", CALC),
    Service("connectors", "connectors", CONNECTORS),
    Service("invoicing", "invoicing", INVOICING),
)
