from connectors.adapters.database.tables import METADATA
from premia_runtime.migrate import run_environment

run_environment(METADATA)
