"""Alembic's entry point: everything is done by the runtime."""

from calc_engine.adapters.database.tables import metadata
from premia_runtime.migrate import run_environment

run_environment(metadata)
