"""Running a service's process: how it starts, listens and stops."""

import asyncio
import sys
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from premia_runtime.faults import arm_faults
from premia_runtime.logging import configure_logging
from premia_runtime.settings import ServiceSettings, SettingsError


def settings_or_exit(read: Callable[[], ServiceSettings]) -> ServiceSettings:
    """Return the settings, or end the process with a message that names what is wrong."""
    try:
        return read()
    except SettingsError as error:
        sys.stderr.write(f"cannot start: {error}\n")
        raise SystemExit(2) from None


def serve(service: str, settings: ServiceSettings, create_app: Callable[[], FastAPI]) -> None:
    """Listen until SIGTERM, then let running requests finish."""
    configure_logging(service, settings.log_level)
    arm_faults(settings.fault_dir)
    config = uvicorn.Config(
        create_app(),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.drain_seconds,
        timeout_keep_alive=30,
    )
    asyncio.run(uvicorn.Server(config).serve())
