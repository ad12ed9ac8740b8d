"""Bringing a service's database to its newest schema, as the service itself would."""

import os
import subprocess
import sys


class MigrationFailed(Exception):
    """Raised when `python -m <module> migrate` did not succeed."""


def clean_environment() -> dict[str, str]:
    """Return this process's environment without the caller's own settings of the product."""
    return {k: v for k, v in os.environ.items() if not k.startswith("PREMIA_")}


def migrate(module: str, owner_address: str, *, timeout_seconds: float = 120) -> str:
    """Run the migrations of a service as the owner of its database; return what they printed.

    Raises:
        MigrationFailed: with that output, if they did not succeed.
    """
    command = [sys.executable, "-m", module, "migrate"]
    try:
        ran = subprocess.run(  # noqa: S603 - the command is this function's own
            command,
            env=clean_environment() | {"PREMIA_MIGRATION_DATABASE_URL": owner_address},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=timeout_seconds,
        )
    except subprocess.TimeoutExpired as error:
        raise MigrationFailed(
            f"the migrations of {module} did not end in {timeout_seconds:.0f} s; look for a lock"
        ) from error
    if ran.returncode != 0:
        raise MigrationFailed(
            f"the migrations of {module} failed (exit code {ran.returncode}).  "
            f"Correct the migration and start again.\n{ran.stdout}"
        )
    return ran.stdout
