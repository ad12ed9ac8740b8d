"""The processes of the platform, as data."""

from premia_runtime.local.service_process import ProcessSpec

PROCESSES = (
    ProcessSpec("plans-api", "plans_api", database="plans-api"),
    ProcessSpec("calc-engine", "calc_engine", database="calc-engine"),
    ProcessSpec("calc-worker", "calc_engine", ("work",), database="calc-engine"),
    ProcessSpec("connectors", "connectors", database="connectors"),
    ProcessSpec("invoicing", "invoicing", database="invoicing"),
)
