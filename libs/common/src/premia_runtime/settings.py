"""Settings: read once from the environment, frozen, passed in."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

PREFIX = "PREMIA_"


class SettingsError(Exception):
    """Raised when the environment does not make valid settings."""


class ServiceSettings(BaseModel):
    """What every service must be told.  Each field is the variable `PREMIA_<FIELD>`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    environment: Literal["development", "test", "production"] = "production"
    database_url: str = Field(repr=False)
    """The service's own database as its application role, `postgresql+asyncpg://…`."""
    system_database_url: str = Field(repr=False)
    """The same database as the role that moves the outbox and hands out jobs."""
    database_pool_size: int = Field(default=8, ge=1, le=100)
    nats_url: str
    nats_replicas: int = Field(default=1, ge=1, le=5)
    """On how many servers of a cluster the topic is kept."""
    issuer_url: str
    """The OpenID provider whose tokens are accepted: claim `iss`."""
    jwks_url: str
    audience: str = "premia"
    store_dir: Path
    """The handover folder, shared between the services that hand files over."""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_base_url: str
    """How clients reach this service; addresses in answers start with it."""
    cursor_secret: str = Field(repr=False, min_length=16)
    """Signs list cursors, so that nobody can make one up."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    drain_seconds: int = Field(default=20, ge=1, le=300)
    """How long running requests may take after a stop was asked for."""
    fault_dir: Path | None = None
    """Only for crash tests: a file in this folder, named like a fault point, arms it."""


class MigrationSettings(BaseModel):
    """What `migrate` must be told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    migration_database_url: str = Field(repr=False)
    """The service's own database as the role that owns its tables."""


S = TypeVar("S", bound=BaseModel)


def read_settings(kind: type[S], environ: Mapping[str, str]) -> S:
    """Read settings from an environment.

    Raises:
        SettingsError: if a `PREMIA_` variable is unknown, missing or has an unusable value;
            the message names each of them.
    """
    given = {
        name[len(PREFIX) :].lower(): value
        for name, value in environ.items()
        if name.startswith(PREFIX)
    }
    problems = []
    for name in sorted(set(given) - set(kind.model_fields)):
        near = difflib.get_close_matches(name, kind.model_fields, n=1)
        hint = f"; did you mean {PREFIX}{near[0].upper()}?" if near else ""
        problems.append(f"{PREFIX}{name.upper()} is not a setting of this service{hint}")
    known = {name: value for name, value in given.items() if name in kind.model_fields}
    try:
        settings = kind.model_validate(known)
    except ValidationError as error:
        for detail in error.errors(include_input=False, include_url=False):
            name = PREFIX + "_".join(str(part) for part in detail["loc"]).upper()
            problems.append(f"{name}: {detail['msg']}")
    if problems:
        raise SettingsError("; ".join(problems))
    return settings
