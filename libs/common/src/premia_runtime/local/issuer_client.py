"""The development issuer as the platform's users see it."""

import json
from pathlib import Path
from urllib.parse import urlencode

from premia_runtime.local.credentials import Credentials
from premia_runtime.local.identities import Identity, IdentityFile, Registration
from premia_runtime.local.ports import HOST, free_port
from premia_runtime.local.probe import ask
from premia_runtime.local.service_process import ProcessSpec, ServiceProcess

AUDIENCE = "premia"


class TokenRefused(Exception):
    """Raised when the issuer gives no token."""


class Issuer:
    """The issuer's process, and the logins of the identities that were registered."""

    def __init__(
        self, folder: Path, *, environment: dict[str, str], log_path: Path, credentials: Credentials
    ) -> None:
        self._identities = IdentityFile(folder / "identities.json")
        self._credentials = credentials
        spec = ProcessSpec("issuer", "premia_runtime.local.issuer", arguments=())
        port = free_port()
        settings = {
            "PREMIA_ISSUER_URL": f"http://{HOST}:{port}",
            "PREMIA_AUDIENCE": AUDIENCE,
            "PREMIA_ISSUER_IDENTITIES": str(folder / "identities.json"),
            "PREMIA_ISSUER_KEY": str(folder / "key.json"),
        }
        self.process = ServiceProcess(
            spec, environment=environment | settings, log_path=log_path, port=port
        )

    @property
    def url(self) -> str:
        """The claim `iss` of its tokens."""
        return self.process.base_url

    @property
    def jwks_url(self) -> str:
        """Where its public keys are."""
        return f"{self.url}/jwks.json"

    def register(self, identity: Identity) -> None:
        """Let an identity log in, or change what its next tokens say."""
        secret = self._credentials.get(f"client:{identity.client_id}")
        self._identities.add(Registration(identity, secret))

    async def token(self, identity: Identity | str) -> str:
        """Return a new access token of a registered identity, which may be named by client id.

        Raises:
            TokenRefused: if it is not registered or the issuer does not answer.
        """
        client_id = identity if isinstance(identity, str) else identity.client_id
        form = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": self._credentials.get(f"client:{client_id}"),
        }
        answer = await ask(
            self.process.port,
            "/token",
            method="POST",
            body=urlencode(form).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        if answer is None:
            raise TokenRefused(f"the issuer at {self.url} does not answer; see its log")
        content = json.loads(answer.body)
        if answer.status != 200:
            raise TokenRefused(
                f"no token for {client_id}: {content['error_description']}.  Register it first."
            )
        return str(content["access_token"])
