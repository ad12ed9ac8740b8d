"""Settings of invoicing."""

from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, field_validator

from premia_runtime.settings import ServiceSettings


class Settings(ServiceSettings):
    """What invoicing must be told beside what every service is."""

    time_zone: str = Field(default="Europe/Rome")
    """The zone whose dates documents carry."""

    @field_validator("time_zone")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is not a time zone; use a name like Europe/Rome")
        return value

    @property
    def zone(self) -> ZoneInfo:
        """The zone itself."""
        return ZoneInfo(self.time_zone)
