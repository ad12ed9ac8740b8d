"""Who may ask the development issuer for a token, and what the token says of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from premia_runtime.local.credentials import write_private


@dataclass(frozen=True, slots=True)
class Identity:
    """A person or machine.  `client_id` is what it logs in with, `subject` what it is known by."""

    client_id: str
    subject: UUID
    tenant: UUID
    roles: tuple[str, ...]
    payee_id: UUID | None = None
    name: str | None = None

    def claims(self) -> dict[str, str | list[str]]:
        """Return the claims that are about the identity."""
        claims: dict[str, str | list[str]] = {
            "sub": str(self.subject),
            "client_id": self.client_id,
            "tenant": str(self.tenant),
            "roles": list(self.roles),
        }
        if self.payee_id is not None:
            claims["payee_id"] = str(self.payee_id)
        if self.name is not None:
            claims["name"] = self.name
        return claims


@dataclass(frozen=True, slots=True)
class Registration:
    """An identity with its client secret."""

    identity: Identity
    secret: str


class IdentityFile:
    """The registrations, in a file that only its owner reads."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, Registration]:
        """Return the registrations by client id, none if there is no file yet."""
        if not self._path.exists():
            return {}
        return {
            str(entry["client_id"]): _registration(entry)
            for entry in json.loads(self._path.read_text())
        }

    def add(self, registration: Registration) -> None:
        """Add a registration, or replace the one of the same client id."""
        known = self.read() | {registration.identity.client_id: registration}
        content = [_entry(known[client_id]) for client_id in sorted(known)]
        write_private(self._path, json.dumps(content, indent=2))


def _entry(registration: Registration) -> dict[str, object]:
    return {**registration.identity.claims(), "client_secret": registration.secret}


def _registration(entry: Mapping[str, str | list[str]]) -> Registration:
    payee_id = entry.get("payee_id")
    name = entry.get("name")
    return Registration(
        Identity(
            client_id=str(entry["client_id"]),
            subject=UUID(str(entry["sub"])),
            tenant=UUID(str(entry["tenant"])),
            roles=tuple(entry["roles"]),
            payee_id=None if payee_id is None else UUID(str(payee_id)),
            name=None if name is None else str(name),
        ),
        secret=str(entry["client_secret"]),
    )
