"""Random secrets of one local installation, made once and kept in a file only its owner reads."""

import json
import os
import secrets
from pathlib import Path

from premia_runtime.local.locks import locked


class Credentials:
    """Named secrets in a file.  A secret is made at its first use and never changes afterwards."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> str:
        """Return the secret of this name."""
        known = self._read()
        if name in known:
            return known[name]
        with locked(self._path.with_name(f"{self._path.name}.lock")):
            known = self._read()
            if name not in known:
                known[name] = secrets.token_urlsafe(24)
                write_private(self._path, json.dumps(known, indent=2, sort_keys=True))
        return known[name]

    def has(self, name: str) -> bool:
        """Tell whether the secret has been made already."""
        return name in self._read()

    def _read(self) -> dict[str, str]:
        if not self._path.exists():
            return {}
        return {str(k): str(v) for k, v in json.loads(self._path.read_text()).items()}


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; only its owner can read it, at any moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
