"""`python -m plans_api serve | migrate | openapi`."""

import json
import os
import sys
from pathlib import Path

from plans_api.main import INFO, create_app
from plans_api.settings import Settings
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
        public_base_url="https://plans.example",
        cursor_secret="only for the document",  # noqa: S106 - nothing is signed with it
    )
    return json.dumps(create_app(settings).openapi(), indent=2, ensure_ascii=False) + "\n"


def _migrate() -> None:
    try:
        settings = read_settings(MigrationSettings, os.environ)
    except SettingsError as error:
        sys.stderr.write(f"cannot migrate: {error}\n")
        raise SystemExit(2) from None
    run_migrations(SERVICE_FOLDER / "migrations", settings.migration_database_url)


def main(arguments: list[str]) -> None:
    """Do what the first argument says."""
    match arguments:
        case ["serve"]:
            settings = settings_or_exit(lambda: read_settings(Settings, os.environ))
            assert isinstance(settings, Settings)  # noqa: S101 - it was read as such
            serve(INFO.name, settings, lambda: create_app(settings))
        case ["migrate"]:
            _migrate()
        case ["openapi"]:
            (SERVICE_FOLDER / "openapi.json").write_text(openapi())
        case _:
            sys.stderr.write("usage: python -m plans_api serve | migrate | openapi\n")
            raise SystemExit(2)


if __name__ == "__main__":
    main(sys.argv[1:])
