"""The database and the three roles of a service."""

from dataclasses import dataclass
from urllib.parse import quote

import asyncpg

from premia_runtime.local.ports import HOST
from premia_runtime.local.postgres import PostgresServer


@dataclass(frozen=True, slots=True)
class ServiceDatabase:
    """A service's name in the database server: its database, and the stem of its roles."""

    name: str

    @property
    def owner_role(self) -> str:
        """Owns the tables; only migrations use it."""
        return f"{self.name}_owner"

    @property
    def app_role(self) -> str:
        """What requests run as; row level security holds for it."""
        return f"{self.name}_app"

    @property
    def system_role(self) -> str:
        """What the relay and the consumers run as; row level security holds for it as well."""
        return f"{self.name}_system"

    @property
    def roles(self) -> tuple[str, str, str]:
        """All three."""
        return (self.owner_role, self.app_role, self.system_role)


PLANS = ServiceDatabase("plans")
CALC = ServiceDatabase("calc")
CONNECTORS = ServiceDatabase("connectors")
INVOICING = ServiceDatabase("invoicing")


@dataclass(frozen=True, slots=True)
class DatabaseAddresses:
    """The addresses of one database, for SQLAlchemy on asyncpg."""

    app: str
    system: str
    owner: str


async def ensure_service_database(
    server: PostgresServer, service: ServiceDatabase, *, database: str | None = None
) -> DatabaseAddresses:
    """Create the roles, the database and the grants that are missing; return the addresses.

    `database` names the database if it differs from the service, as those of tests do.
    """
    name = database or service.name
    connection = await asyncpg.connect(server.superuser_dsn())
    try:
        for role in service.roles:
            await _ensure_role(connection, role, server.credentials.get(role))
        if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
            await connection.execute(f'create database "{name}" owner {service.owner_role}')
        await grant_connect(connection, service, name)
    finally:
        await connection.close()
    inside = await asyncpg.connect(server.superuser_dsn(name))
    try:
        await inside.execute("revoke all on schema public from public")
        await inside.execute(f"alter schema public owner to {service.owner_role}")
        await inside.execute(
            f"grant usage on schema public to {service.app_role}, {service.system_role}"
        )
    finally:
        await inside.close()
    return addresses(server, service, name)


async def grant_connect(
    connection: asyncpg.Connection, service: ServiceDatabase, database: str
) -> None:
    """Let only the service's own roles into a database.

    A copy of a template has its tables' grants, but not those of the database itself.
    """
    await connection.execute(f'revoke all on database "{database}" from public')
    await connection.execute(
        f'grant connect on database "{database}" to {service.app_role}, {service.system_role}'
    )


def addresses(server: PostgresServer, service: ServiceDatabase, database: str) -> DatabaseAddresses:
    """Return the addresses of a database, whether it exists or not."""

    def address(role: str) -> str:
        password = quote(server.credentials.get(role), safe="")
        return f"postgresql+asyncpg://{role}:{password}@{HOST}:{server.port}/{database}"

    return DatabaseAddresses(
        app=address(service.app_role),
        system=address(service.system_role),
        owner=address(service.owner_role),
    )


async def _ensure_role(connection: asyncpg.Connection, role: str, password: str) -> None:
    """Create a role or bring it to what it must be; its password is one of our own making."""
    exists = await connection.fetchval("select 1 from pg_roles where rolname = $1", role)
    verb = "alter" if exists else "create"
    await connection.execute(
        f"{verb} role {role} with login nosuperuser nocreatedb nocreaterole noreplication "
        f"nobypassrls password '{password}'"
    )
