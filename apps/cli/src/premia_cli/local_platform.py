"""Where the platform on this machine listens, and tokens of its development identities."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from premia_runtime.http import HttpClient
from premia_runtime.local.identities import IdentityFile

STATE_FOLDER = Path(".premia/demo")
_ADDRESSES = "addresses.json"


class NoPlatform(Exception):
    """Raised when no platform of this machine can be asked."""


@dataclass(frozen=True, slots=True)
class LocalPlatform:
    """The running platform of a state folder."""

    state_folder: Path
    issuer_url: str
    services: Mapping[str, str]

    @classmethod
    def of(cls, state_folder: Path) -> "LocalPlatform":
        """Read where the platform of a folder listens.

        Raises:
            NoPlatform: if none was started there.
        """
        try:
            found = json.loads((state_folder / _ADDRESSES).read_text())
        except FileNotFoundError:
            raise NoPlatform(
                f"no platform runs in {state_folder}; start one with `premia up`, "
                "or give --url and --token"
            ) from None
        return cls(state_folder, found["issuer"], found["services"])

    def remember(self) -> None:
        """Write down where it listens, for other commands."""
        content = {"issuer": self.issuer_url, "services": dict(self.services)}
        (self.state_folder / _ADDRESSES).write_text(json.dumps(content, indent=2))

    def forget(self) -> None:
        """Let other commands know that it runs no more."""
        (self.state_folder / _ADDRESSES).unlink(missing_ok=True)

    async def token(self, client_id: str, http: HttpClient) -> str:
        """Return a token of a development identity.

        Raises:
            NoPlatform: if the identity is not registered or the issuer refuses.
        """
        known = IdentityFile(self.state_folder / "issuer" / "identities.json").read()
        if client_id not in known:
            raise NoPlatform(f"no identity {client_id!r}; there are {', '.join(sorted(known))}")
        form = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": known[client_id].secret,
        }
        answer = await http.request(
            "POST",
            f"{self.issuer_url}/token",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            content=urlencode(form).encode(),
        )
        if answer.status_code != 200:
            raise NoPlatform(f"the issuer gave no token for {client_id}: {answer.text[:200]}")
        return str(answer.json()["access_token"])
