"""`python -m calc_engine serve | work | migrate | openapi`."""

import json
import os
import sys
from pathlib import Path

from calc_engine.main import INFO, WORKER_INFO, create_app, create_worker_app
from calc_engine.settings import Settings
from premia_runtime.migrate import run_migrations
from premia_runtime.process import serve, settings_or_exit
from premia_runtime.settings import MigrationSettings, SettingsError, read_settings

SERVICE_FOLDER = Path(__file__).resolve().parents[2]


def openapi() -> str:
    """Return the API document as it is committed."""
    settings = Settings(
        environment="test",
        database_url="postgresql+asyncpg://nobody@localhost/none",
        system_database_url="postgresql+asyncpg://nobody@localhost/none",
        nats_url="nats://localhost:4222",
        issuer_url="https://issuer.example",
        jwks_url="https://issuer.example/jwks.json",
        store_dir=Path("handover"),
        public_base_url="https://calc.example",
        cursor_secret="only for the document",  # noqa: S106 - nothing is signed with it
    )
    return json.dumps(create_app(settings).openapi(), indent=2, ensure_ascii=False) + "\n"


def _settings() -> Settings:
    settings = settings_or_exit(lambda: read_settings(Settings, os.environ))
    assert isinstance(settings, Settings)  # noqa: S101 - it was read as such
    return settings


def _migrate() -> None:
    try:
        settings = read_settings(MigrationSettings, os.environ)
    except SettingsError as error:
        sys.stderr.write(f"cannot migrate: {error}\n")
        raise SystemExit(2) from None
    run_migrations(SERVICE_FOLDER / "migrations", settings.migration_database_url)


def main() -> None:
    """Do what the first argument says."""
    match sys.argv[1:]:
        case ["serve"]:
            settings = _settings()
            serve(INFO.name, settings, lambda: create_app(settings))
        case ["work"]:
            settings = _settings()
            serve(WORKER_INFO.name, settings, lambda: create_worker_app(settings))
        case ["migrate"]:
            _migrate()
        case ["openapi"]:
            (SERVICE_FOLDER / "openapi.json").write_text(openapi())
        case _:
            sys.stderr.write("usage: python -m calc_engine serve | work | migrate | openapi\n")
            raise SystemExit(2)


if __name__ == "__main__":
    main()
