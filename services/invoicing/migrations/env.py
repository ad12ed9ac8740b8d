from invoicing.adapters.database.tables import metadata
from premia_runtime.migrate import run_environment

run_environment(metadata)
