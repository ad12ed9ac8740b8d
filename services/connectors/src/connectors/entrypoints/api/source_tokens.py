"""The unguessable part of a source's address."""

import hashlib
import secrets
from uuid import UUID

from premia_runtime.problems import NotFound


def new_token(tenant_id: UUID) -> str:
    """Return a token that names the tenant and cannot be guessed: 256 random bits."""
    return f"{tenant_id.hex}{secrets.token_urlsafe(32)}"


def token_digest(token: str) -> str:
    """Return what is stored of a token.

    >>> token_digest("")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(token.encode()).hexdigest()


def tenant_of_token(token: str) -> UUID:
    """Return the tenant that a token names; only the stored digest tells whether it is true.

    Raises:
        NotFound: if it names none.
    """
    try:
        return UUID(hex=token[:32])
    except ValueError:
        raise NotFound("There is no such endpoint.", slug="source-not-found") from None
