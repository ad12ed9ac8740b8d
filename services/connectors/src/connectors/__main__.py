"""`python -m connectors serve | migrate | openapi`."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from connectors.main import build_app
from connectors.settings import Settings
from premia_runtime.migrate import run_migrations
from premia_runtime.process import serve, settings_or_exit
from premia_runtime.settings import MigrationSettings, SettingsError, read_settings

SERVICE_FOLDER = Path(__file__).parents[2]
"""Where the migrations and the committed API document lie."""


def openapi_document() -> str:
    """Return the API document as it is committed."""
    nowhere = "postgresql+asyncpg://nobody@localhost/nowhere"
    settings = Settings(
        database_url=nowhere,
        system_database_url=nowhere,
        nats_url="nats://localhost",
        issuer_url="https://issuer.example",
        jwks_url="https://issuer.example/jwks.json",
        store_dir=Path(),
        public_base_url="http://localhost",
        cursor_secret="only for writing the document",  # noqa: S106 - it signs nothing
    )
    document = build_app(settings).openapi()
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _migrate() -> None:
    try:
        settings = read_settings(MigrationSettings, os.environ)
    except SettingsError as error:
        sys.stderr.write(f"cannot migrate: {error}\n")
        raise SystemExit(2) from None
    run_migrations(SERVICE_FOLDER / "migrations", settings.migration_database_url)


def _serve() -> None:
    settings = settings_or_exit(lambda: read_settings(Settings, os.environ))
    assert isinstance(settings, Settings)  # noqa: S101 - what was read above
    serve("connectors", settings, lambda: build_app(settings))


def main() -> None:
    """Do what the first argument names."""
    commands: dict[str, Callable[[], object]] = {
        "serve": _serve,
        "migrate": _migrate,
        "openapi": lambda: (SERVICE_FOLDER / "openapi.json").write_text(openapi_document()),
    }
    name = sys.argv[1] if len(sys.argv) == 2 else ""
    if name not in commands:
        sys.stderr.write(f"usage: python -m connectors {' | '.join(commands)}\n")
        raise SystemExit(2)
    commands[name]()


if __name__ == "__main__":
    main()
