"""Tokens for tests: good ones, and those an attacker would try."""

import base64
import hmac
import json
import secrets
import time
from collections.abc import Mapping, Sequence
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

ISSUER = "https://issuer.test"
AUDIENCE = "premia"
Claim = str | int | list[str] | None


class TokenMint:
    """An issuer in this process.  Call it for a token that the services accept.

    Its tokens are ES256 access tokens of one hour, as those of the development issuer.
    """

    def __init__(self, *, issuer: str = ISSUER, audience: str = AUDIENCE) -> None:
        self.issuer = issuer
        self.audience = audience
        self._key = ECKey.generate_key("P-256", {"kid": "test-key", "use": "sig", "alg": "ES256"})

    @property
    def key_set(self) -> KeySet:
        """The public keys, for a verifier."""
        return KeySet.import_key_set({"keys": [self._key.as_dict(private=False)]})

    @property
    def jwks(self) -> str:
        """The public keys as the JSON document that an issuer serves."""
        return json.dumps(self.key_set.as_dict(private=False))

    def __call__(
        self,
        *,
        tenant: UUID | str,
        roles: Sequence[str],
        subject: UUID | str | None = None,
        payee_id: UUID | str | None = None,
        now: int | None = None,
        claims: Mapping[str, Claim] | None = None,
        header: Mapping[str, str] | None = None,
    ) -> str:
        """Return a signed token; `claims` and `header` replace entries, None removes a claim.

        `now` is in seconds since the epoch, the machine's clock if it is not given.
        """
        content = self._claims(
            tenant, roles, subject=subject, payee_id=payee_id, now=now, replaced=claims or {}
        )
        return jwt.encode(self._header() | dict(header or {}), content, self._key)

    def hostile(
        self, *, tenant: UUID | str, roles: Sequence[str], now: int | None = None
    ) -> dict[str, str]:
        """Return tokens that must all be refused, by what is wrong with them."""
        second = int(time.time()) if now is None else now

        def changed(**claims: Claim) -> str:
            return self(tenant=tenant, roles=roles, now=second, claims=claims)

        content = self._claims(tenant, roles, now=second)
        good = self(tenant=tenant, roles=roles, now=second)
        head, body, signature = good.split(".")
        raised = content | {"roles": ["admin", "finance"]}
        other = ECKey.generate_key("P-256")
        return {
            "unsigned": f"{_part({'alg': 'none', 'typ': 'at+jwt'})}.{body}.",
            "signed by another key": jwt.encode(self._header(), content, other),
            "signed with the public key as a secret": self._confused(body),
            "unknown key": self(
                tenant=tenant, roles=roles, now=second, header={"kid": "another-key"}
            ),
            "altered claims": f"{head}.{_part(raised)}.{signature}",
            "expired": changed(exp=second - 3600, iat=second - 7200, nbf=second - 7200),
            "not valid yet": changed(nbf=second + 3600),
            "never expires": changed(exp=None),
            "for another audience": changed(aud="another"),
            "without audience": changed(aud=None),
            "from another issuer": changed(iss="https://another.test"),
            "without tenant": changed(tenant=None),
            "tenant is no id": changed(tenant="'; drop table tenants; --"),
            "without subject": changed(sub=None),
            "an identity token": self(
                tenant=tenant, roles=roles, now=second, header={"typ": "JWT"}
            ),
            "not a token": "not.a.token",
            "empty": "",
        }

    def _confused(self, body: str) -> str:
        """Return a token for a verifier that lets the token choose between key and secret."""
        signed = f"{_part(self._header() | {'alg': 'HS256'})}.{body}"
        signature = hmac.digest(self._key.as_pem(private=False), signed.encode(), "sha256")
        return f"{signed}.{_encoded(signature)}"

    def _header(self) -> dict[str, str]:
        return {"alg": "ES256", "typ": "at+jwt", "kid": "test-key"}

    def _claims(
        self,
        tenant: UUID | str,
        roles: Sequence[str],
        *,
        subject: UUID | str | None = None,
        payee_id: UUID | str | None = None,
        now: int | None = None,
        replaced: Mapping[str, Claim] | None = None,
    ) -> dict[str, Claim]:
        second = int(time.time()) if now is None else now
        claims: dict[str, Claim] = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": str(subject or _new_id()),
            "tenant": str(tenant),
            "roles": list(roles),
            "payee_id": None if payee_id is None else str(payee_id),
            "iat": second,
            "nbf": second,
            "exp": second + 3600,
            "jti": str(_new_id()),
        } | dict(replaced or {})
        return {name: value for name, value in claims.items() if value is not None}


def _new_id() -> UUID:
    return UUID(bytes=secrets.token_bytes(16), version=4)


def _part(content: Mapping[str, Claim]) -> str:
    return _encoded(json.dumps(content).encode())


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
