"""Running a service's migrations, as the role that owns its tables."""

import asyncio
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

_ADVISORY_LOCK = 7_305_190_417_001


def run_migrations(folder: Path, url: str, *, revision: str = "head") -> None:
    """Bring the database to a revision; a second call finds nothing to do.

    Each migration commits by itself: after one that fails, a further call goes on with it.

    Args:
        folder: the service's `migrations` folder.
        url: the database as its owner role, `postgresql+asyncpg://…`.
        revision: alembic's name of the revision.
    """
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["url"] = url
    command.upgrade(config, revision)


def run_environment(metadata: MetaData | None = None) -> None:
    """Do what alembic's `env.py` must do; each service's own is this one call."""
    url = context.config.attributes.get("url") or context.config.get_main_option("sqlalchemy.url")
    if not url:
        raise RuntimeError("no database: run migrations through `python -m <service> migrate`")
    if context.is_offline_mode():
        context.configure(url=url, target_metadata=metadata, literal_binds=True)
        with context.begin_transaction():
            context.run_migrations()
        return
    asyncio.run(_online(url, metadata))


async def _online(url: str, metadata: MetaData | None) -> None:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.execute(text("set lock_timeout = '3s'"))
        await connection.execute(text("set statement_timeout = '120s'"))
        # Held by the connection: migrations commit one by one.
        await connection.execute(text(f"select pg_advisory_lock({_ADVISORY_LOCK})"))
        await connection.commit()
        await connection.run_sync(_run, metadata)
    await engine.dispose()


def _run(connection: Connection, metadata: MetaData | None) -> None:
    """Run each migration in a transaction of its own, so that none holds the locks of another."""
    context.configure(
        connection=connection, target_metadata=metadata, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()
