"""A small OpenID issuer for development: `python -m premia_runtime.local.issuer`.

It knows one grant, client credentials, and signs ES256 access tokens of one hour with a key made at
its first start.  It listens on the loopback address only.
"""

import base64
import binascii
import hmac
import ipaddress
import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote_plus

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from joserfc import jwt
from joserfc.jwk import ECKey

from premia_runtime.local.credentials import write_private
from premia_runtime.local.identities import Identity, IdentityFile

TOKEN_SECONDS = 3600
_ALGORITHM = "ES256"
_NO_STORE = {"Cache-Control": "no-store"}


class IssuerExposed(Exception):
    """Raised when the development issuer is told to listen where others can reach it."""


class IssuerMisconfigured(Exception):
    """Raised when the environment lacks a setting of the issuer."""


@dataclass(frozen=True, slots=True)
class IssuerSettings:
    """What the issuer reads from its environment."""

    host: str
    port: int
    url: str
    audience: str
    identities: Path
    key: Path

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "IssuerSettings":
        """Return the settings.

        Raises:
            IssuerMisconfigured: if one is missing.
            IssuerExposed: if the host is not a loopback address.
        """
        try:
            settings = cls(
                host=environment["PREMIA_HOST"],
                port=int(environment["PREMIA_PORT"]),
                url=environment["PREMIA_ISSUER_URL"],
                audience=environment["PREMIA_AUDIENCE"],
                identities=Path(environment["PREMIA_ISSUER_IDENTITIES"]),
                key=Path(environment["PREMIA_ISSUER_KEY"]),
            )
        except KeyError as error:
            raise IssuerMisconfigured(f"set {error.args[0]} for the issuer") from error
        _require_loopback(settings.host)
        return settings


def _require_loopback(host: str) -> None:
    try:
        inside = ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False  # a name may lead anywhere
    if not inside:
        raise IssuerExposed(
            f"the development issuer hands out any role and will not listen on {host!r}: "
            "set PREMIA_HOST=127.0.0.1, and use a real OpenID provider for anything else"
        )


class TokenSigner:
    """Signs what the issuer says of an identity."""

    def __init__(self, key: ECKey, *, issuer: str, audience: str) -> None:
        self._key = key
        self._issuer = issuer
        self._audience = audience

    def jwks(self) -> dict[str, list[dict[str, str | list[str]]]]:
        """Return the public keys."""
        public = self._key.as_dict(private=False)
        return {"keys": [{**public, "use": "sig", "alg": _ALGORITHM}]}

    def sign(self, identity: Identity, *, now: int, token_id: str) -> str:
        """Return an access token; `now` is in seconds since the epoch."""
        header = {"alg": _ALGORITHM, "typ": "at+jwt", "kid": str(self._key.kid)}
        claims = identity.claims() | {
            "iss": self._issuer,
            "aud": self._audience,
            "iat": now,
            "nbf": now,
            "exp": now + TOKEN_SECONDS,
            "jti": token_id,
        }
        return jwt.encode(header, claims, self._key, algorithms=[_ALGORITHM])


def load_key(path: Path) -> ECKey:
    """Return the signing key, made and kept at the first call."""
    if not path.exists():
        made = ECKey.generate_key("P-256", {"kid": secrets.token_urlsafe(8)}, private=True)
        write_private(path, json.dumps(made.as_dict(private=True)))
    return ECKey.import_key(json.loads(path.read_text()))


def create_app(
    signer: TokenSigner,
    identities: IdentityFile,
    *,
    url: str,
    clock: Callable[[], float],
    new_token_id: Callable[[], str],
) -> FastAPI:
    """Return the issuer as an application; identities added to the file count at once."""
    app = FastAPI(title="Development issuer", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/.well-known/openid-configuration")
    def configuration() -> dict[str, str | list[str]]:
        return {
            "issuer": url,
            "jwks_uri": f"{url}/jwks.json",
            "token_endpoint": f"{url}/token",
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": ["none"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [_ALGORITHM],
            "token_endpoint_auth_methods_supported": [
                "client_secret_post",
                "client_secret_basic",
            ],
        }

    @app.get("/jwks.json")
    def jwks() -> dict[str, list[dict[str, str | list[str]]]]:
        return signer.jwks()

    @app.get("/readyz")
    def ready() -> dict[str, str]:
        return {"status": "ready"}

    @app.post("/token")
    async def token(request: Request) -> JSONResponse:
        body = (await request.body()).decode(errors="replace")
        form = {name: values[0] for name, values in parse_qs(body).items()}
        if form.get("grant_type") != "client_credentials":
            return _refused(400, "unsupported_grant_type", "use grant_type=client_credentials")
        client_id, secret = _client(form, request.headers.get("Authorization", ""))
        known = identities.read().get(client_id)
        if known is None or not hmac.compare_digest(known.secret.encode(), secret.encode()):
            return _refused(401, "invalid_client", "unknown client id or wrong secret")
        signed = signer.sign(known.identity, now=int(clock()), token_id=new_token_id())
        granted = {"access_token": signed, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        return JSONResponse(granted, headers=_NO_STORE)

    return app


def _client(form: Mapping[str, str], authorization: str) -> tuple[str, str]:
    """Return client id and secret, from the header if there is one, else from the form."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        decoded = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    client_id, _, secret = decoded.partition(":")
    return unquote_plus(client_id), unquote_plus(secret)


def _refused(status: int, error: str, description: str) -> JSONResponse:
    """Return a refusal in the form that RFC 6749 prescribes."""
    headers = _NO_STORE | ({"WWW-Authenticate": "Basic"} if status == 401 else {})
    content = {"error": error, "error_description": description}
    return JSONResponse(content, status_code=status, headers=headers)


def main() -> None:
    """Read the environment and serve."""
    try:
        settings = IssuerSettings.of(os.environ)
    except (IssuerExposed, IssuerMisconfigured) as error:
        sys.exit(str(error))
    signer = TokenSigner(load_key(settings.key), issuer=settings.url, audience=settings.audience)
    app = create_app(
        signer,
        IdentityFile(settings.identities),
        url=settings.url,
        clock=time.time,
        new_token_id=lambda: secrets.token_hex(16),
    )
    uvicorn.run(app, host=settings.host, port=settings.port, log_level="info")


if __name__ == "__main__":
    main()
