"""Who calls: access tokens of an OpenID provider, verified against its published keys."""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from premia_common.access import DataScope, permissions_of, scope_of
from premia_runtime.clock import Clock
from premia_runtime.http import CallFailed
from premia_runtime.problems import NotAuthenticated, NotPermitted, NotReady

ALGORITHMS = ("ES256", "RS256", "Ed25519")
REFUSED_HEADERS = frozenset({"jku", "jwk", "x5u", "x5c", "crit", "b64"})
LEEWAY_SECONDS = 30
LARGEST_TOKEN = 8192
SECONDS_BETWEEN_FETCHES = 5


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, for which tenant, and with which roles."""

    tenant_id: UUID
    user_id: UUID
    roles: frozenset[str]
    payee_id: UUID | None = None

    @property
    def permissions(self) -> frozenset[str]:
        """What the caller may do."""
        return permissions_of(self.roles)

    @property
    def scope(self) -> DataScope:
        """Whose figures the caller may see."""
        return scope_of(self.roles)

    def require(self, permission: str) -> None:
        """Do nothing if the caller may do this.

        Raises:
            NotPermitted: if none of the roles allows it.
        """
        if permission not in self.permissions:
            raise NotPermitted(f"This needs the permission {permission!r}, which your roles lack.")


class KeySource(Protocol):
    """Gives the issuer's current public keys."""

    async def keys(self, *, refresh: bool = False) -> KeySet:
        """Return the keys; fetched anew when asked, but not too often."""
        ...


class FixedKeys:
    """Keys that are known beforehand."""

    def __init__(self, key_set: KeySet) -> None:
        self._key_set = key_set

    async def keys(self, *, refresh: bool = False) -> KeySet:  # noqa: ARG002
        """Return them."""
        return self._key_set


class FetchedKeys:
    """Keys at the issuer's address, kept until a token names one that is not among them."""

    def __init__(
        self,
        fetch: "FetchJson",
        url: str,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._url = url
        self._monotonic = monotonic
        self._key_set: KeySet | None = None
        self._fetched_at = float("-inf")
        self._lock = asyncio.Lock()

    async def keys(self, *, refresh: bool = False) -> KeySet:
        """Return the keys; fetched anew at most every few seconds.

        While the issuer does not answer, those that are known stay in use.

        Raises:
            NotReady: if none are known and the issuer does not answer.
        """
        async with self._lock:
            stale = self._monotonic() - self._fetched_at >= SECONDS_BETWEEN_FETCHES
            if self._key_set is None or (refresh and stale):
                self._key_set = await self._fetched()
                self._fetched_at = self._monotonic()
            return self._key_set

    async def _fetched(self) -> KeySet:
        try:
            return KeySet.import_key_set(await self._fetch(self._url))  # type: ignore[arg-type]
        except CallFailed as error:
            if self._key_set is not None:
                return self._key_set
            raise NotReady("The issuer's keys cannot be read now; repeat the request.") from error


class FetchJson(Protocol):
    """Gets a JSON document."""

    async def __call__(self, url: str) -> Mapping[str, Any]:
        """Return the document at an address."""
        ...


class TokenVerifier:
    """Decides whether an access token may be trusted, and whose it is."""

    def __init__(self, keys: KeySource, *, issuer: str, audience: str, clock: Clock) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._clock = clock

    async def verify(self, token: str) -> Caller:
        """Return the caller of a valid token.

        Raises:
            NotAuthenticated: for every other token; the detail never says which check failed
                in more words than its owner needs.
            NotReady: if the issuer's keys are not known and cannot be read now.
        """
        if len(token) > LARGEST_TOKEN:
            raise NotAuthenticated("The access token is too long.")
        try:
            decoded = await self._decode(token)
            self._check_header(decoded.header)
            self._registry().validate(decoded.claims)
            return _caller(decoded.claims)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise NotAuthenticated(
                "The access token is not valid; ask the issuer for a new one."
            ) from error

    async def _decode(self, token: str) -> jwt.Token:
        try:
            return jwt.decode(token, await self._keys.keys(), algorithms=list(ALGORITHMS))
        except (JoseError, ValueError, KeyError):
            fresh = await self._keys.keys(refresh=True)
            return jwt.decode(token, fresh, algorithms=list(ALGORITHMS))

    def _check_header(self, header: Mapping[str, Any]) -> None:
        if str(header.get("typ", "")).lower() not in {"at+jwt", "application/at+jwt"}:
            raise ValueError("not an access token")
        if REFUSED_HEADERS & set(header):
            raise ValueError("a token must not bring its own keys")

    def _registry(self) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._audience},
            exp={"essential": True},
            sub={"essential": True},
        )


def _caller(claims: Mapping[str, Any]) -> Caller:
    roles = claims.get("roles", [])
    if not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise ValueError("roles must be a list of names")
    payee = claims.get("payee_id")
    return Caller(
        tenant_id=UUID(claims["tenant"]),
        user_id=UUID(claims["sub"]),
        roles=frozenset(roles),
        payee_id=UUID(payee) if payee else None,
    )
