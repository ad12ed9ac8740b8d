"""A NATS server with JetStream, whose streams outlive it."""

import asyncio
import json
import os
import shutil
import signal
import time
from pathlib import Path

from premia_runtime.local.binaries import find_nats
from premia_runtime.local.child import Child, StartFailed
from premia_runtime.local.ports import HOST, free_port
from premia_runtime.local.probe import ask

_READY_SECONDS = 30.0
_STOP_SECONDS = 10.0


class NatsServer:
    """A server on 127.0.0.1 that syncs every message to disk before it acknowledges it.

    It keeps its ports over restarts.  Configuration and log lie beside the store unless given.
    """

    name = "nats"

    def __init__(
        self,
        store_dir: Path,
        port: int | None = None,
        *,
        monitoring_port: int | None = None,
        log_path: Path | None = None,
    ) -> None:
        self.store_dir = store_dir.absolute()
        self.port = port or free_port()
        self.monitoring_port = monitoring_port or free_port()
        self.log_path = log_path or store_dir.parent / "nats.log"
        self._child: Child | None = None

    @property
    def child(self) -> Child | None:
        """The running server, None before the first start."""
        return self._child

    @property
    def url(self) -> str:
        """The address for clients."""
        return f"nats://{HOST}:{self.port}"

    async def start(self) -> None:
        """Start, and return when JetStream answers.

        Raises:
            StartFailed: if the server exits or is not ready in time.
            NatsNotFound: if there is no nats-server.
        """
        self.store_dir.mkdir(parents=True, exist_ok=True)
        configuration = self.store_dir.with_name(f"{self.store_dir.name}.conf")
        configuration.write_text(self._configuration())
        self._child = Child(
            [find_nats(), "-c", configuration],
            log_path=self.log_path,
            environment=os.environ,
            death_signal=signal.SIGTERM,
        )
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            if self._child.exit_code is not None:
                raise StartFailed(
                    self.name,
                    f"exit code {self._child.exit_code}",
                    self.log_path,
                    f"If port {self.port} is taken, start again: another one is chosen.",
                )
            if await self.is_ready():
                return
            await asyncio.sleep(0.02)
        await self.stop()
        raise StartFailed(
            self.name,
            f"not healthy in {_READY_SECONDS:.0f} s",
            self.log_path,
            "Start again; if it stays so, delete its store: the outboxes can publish anew.",
        )

    async def is_ready(self) -> bool:
        """Tell whether JetStream answers now."""
        answer = await ask(self.monitoring_port, "/healthz?js-enabled-only=true")
        return answer is not None and answer.status == 200

    async def stop(self) -> None:
        """Stop; what was acknowledged stays in the store."""
        if self._child is not None:
            await self._child.end(signal.SIGTERM, grace_seconds=_STOP_SECONDS)

    def kill(self) -> None:
        """Kill the server as a crash would."""
        if self._child is not None:
            self._child.send(signal.SIGKILL)

    def wipe(self) -> None:
        """Delete every stream and consumer.  The server must be stopped."""
        if self._child is not None and self._child.exit_code is None:
            raise RuntimeError("stop the NATS server before its store is wiped")
        shutil.rmtree(self.store_dir, ignore_errors=True)

    def _configuration(self) -> str:
        # JSON strings are valid in this format and quote any path.
        return (
            f"host: {HOST}\nport: {self.port}\n"
            f'http: "{HOST}:{self.monitoring_port}"\n'
            f"jetstream {{\n  store_dir: {json.dumps(str(self.store_dir))}\n"
            "  sync_interval: always\n}\n"
        )
