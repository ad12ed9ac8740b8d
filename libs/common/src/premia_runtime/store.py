"""Files that are written once and read by address: the handover folder and sealed segments."""

import asyncio
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol
from uuid import UUID


class FileNotStored(LookupError):
    """Raised when the tenant has no file at an address."""


class FileDiffers(Exception):
    """Raised when an address holds other content than it should."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Where a file lies, and what it must contain."""

    address: str
    """Starts with the tenant's id."""
    sha256: str
    size: int


class Store(Protocol):
    """Write once, read often; a tenant's files lie under its own id."""

    async def put(self, tenant_id: UUID, path: str, content: bytes | Path) -> StoredFile:
        """Keep content under `<tenant>/<path>`; the same content again changes nothing.

        Raises:
            FileDiffers: if other content lies there.
        """
        ...

    async def read(self, tenant_id: UUID, address: str) -> bytes:
        """Return a file's content.

        Raises:
            FileNotStored: if the tenant has none at this address.
        """
        ...

    def local_path(self, tenant_id: UUID, address: str) -> Path:
        """Return a path that can be opened for reading.

        Raises:
            FileNotStored: if the tenant has none at this address.
        """
        ...


class FolderStore:
    """A store in a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, tenant_id: UUID, path: str, content: bytes | Path) -> StoredFile:
        """Keep content under `<tenant>/<path>`, durable before this returns."""
        return await asyncio.to_thread(self._put, tenant_id, path, content)

    def _put(self, tenant_id: UUID, path: str, content: bytes | Path) -> StoredFile:
        address = f"{tenant_id}/{path}"
        target = self._resolve(tenant_id, address)
        sha256, size = _digest(content)
        if target.exists():
            if _digest(target)[0] != sha256:
                raise FileDiffers(f"{address} already holds other content; use another address")
            return StoredFile(address, sha256, size)
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as partial:
            if isinstance(content, Path):
                with content.open("rb") as source:
                    while chunk := source.read(1 << 20):
                        partial.write(chunk)
            else:
                partial.write(content)
            partial.flush()
            os.fsync(partial.fileno())
        Path(partial.name).replace(target)
        _keep_entry(target.parent)
        return StoredFile(address, sha256, size)

    async def read(self, tenant_id: UUID, address: str) -> bytes:
        """Return a file's content."""
        return await asyncio.to_thread(self.local_path(tenant_id, address).read_bytes)

    def local_path(self, tenant_id: UUID, address: str) -> Path:
        """Return a path that can be opened for reading."""
        path = self._resolve(tenant_id, address)
        if not path.is_file():
            raise FileNotStored(f"no file at {address}")
        return path

    def _resolve(self, tenant_id: UUID, address: str) -> Path:
        parts = PurePosixPath(address).parts
        if not parts or parts[0] != str(tenant_id) or ".." in parts or len(parts) < 2:
            raise FileNotStored(f"no file at {address}")
        return self._root.joinpath(*parts)


def _keep_entry(folder: Path) -> None:
    """Make a file's name as durable as its content."""
    entry = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)


def _digest(content: bytes | Path) -> tuple[str, int]:
    hasher = hashlib.sha256()
    if isinstance(content, bytes):
        hasher.update(content)
        return hasher.hexdigest(), len(content)
    size = 0
    with content.open("rb") as source:
        while chunk := source.read(1 << 20):
            hasher.update(chunk)
            size += len(chunk)
    return hasher.hexdigest(), size
