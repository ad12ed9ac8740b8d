"""Settings of plans-api, read once from the environment."""

from premia_runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """What every service is told; plans-api needs nothing else."""
