"""The service's settings, read once from the environment."""

from premia_runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """What connectors must be told; nothing beyond what every service must."""
