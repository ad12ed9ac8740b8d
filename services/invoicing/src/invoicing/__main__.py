"""`python -m invoicing serve | migrate | openapi`."""

import json
import os
import sys
from pathlib import Path

from invoicing.main import create_app
from invoicing.settings import Settings
from premia_runtime.migrate import run_migrations
from premia_runtime.process import serve, settings_or_exit
from premia_runtime.settings import MigrationSettings, SettingsError, read_settings

SERVICE = "invoicing"
FOLDER = Path(__file__).parents[2]
USAGE = "usage: python -m invoicing serve | migrate | openapi [FILE]\n"


def _serve() -> None:
    settings = settings_or_exit(lambda: read_settings(Settings, os.environ))
    assert isinstance(settings, Settings)  # noqa: S101 - it was read as such
    serve(SERVICE, settings, lambda: create_app(settings))


def _migrate() -> None:
    try:
        settings = read_settings(MigrationSettings, os.environ)
    except SettingsError as error:
        sys.stderr.write(f"cannot migrate: {error}\n")
        raise SystemExit(2) from None
    run_migrations(FOLDER / "migrations", settings.migration_database_url)


def openapi_document() -> str:
    """Return the API document as it is committed."""
    settings = Settings(
        database_url="postgresql+asyncpg://none/none",
        system_database_url="postgresql+asyncpg://none/none",
        nats_url="nats://none",
        issuer_url="https://none",
        jwks_url="https://none",
        store_dir=Path("none"),
        public_base_url="https://none",
        cursor_secret="none of any length",  # noqa: S106 - it signs nothing here
    )
    app = create_app(settings, background=False)
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _write_openapi(arguments: list[str]) -> None:
    target = Path(arguments[0]) if arguments else FOLDER / "openapi.json"
    target.write_text(openapi_document(), encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Run one command."""
    match arguments:
        case ["serve"]:
            _serve()
        case ["migrate"]:
            _migrate()
        case ["openapi", *rest]:
            _write_openapi(rest)
        case _:
            sys.stderr.write(USAGE)
            raise SystemExit(2)


if __name__ == "__main__":
    main(sys.argv[1:])
