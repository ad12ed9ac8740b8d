"""A process that serves HTTP and says when it is ready."""

import asyncio
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from premia_runtime.local.child import Child, StartFailed
from premia_runtime.local.ports import HOST
from premia_runtime.local.probe import ask


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """What to run as `python -m <module> <arguments>`, and how to see that it is ready.

    `environment` comes on top of the supervisor's own, with every PREMIA_ variable removed.
    `database` names the service whose database it uses, None if it uses none.
    """

    name: str
    module: str
    arguments: tuple[str, ...] = ("serve",)
    database: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_path: str = "/readyz"
    ready_seconds: float = 60.0
    stop_seconds: float = 25.0

    def named(self, name: str) -> "ProcessSpec":
        """Return the same process under another name."""
        return replace(self, name=name)


class ServiceProcess:
    """A running specification.  It keeps its port over restarts."""

    def __init__(
        self,
        spec: ProcessSpec,
        *,
        environment: Mapping[str, str],
        log_path: Path,
        port: int,
    ) -> None:
        self.spec = spec
        self.name = spec.name
        self.port = port
        self.log_path = log_path
        self._environment = {
            **environment,
            **spec.environment,
            "PREMIA_HOST": HOST,
            "PREMIA_PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }
        self._child: Child | None = None

    @property
    def child(self) -> Child | None:
        """The running process, None before the first start."""
        return self._child

    @property
    def base_url(self) -> str:
        """Its address for clients."""
        return f"http://{HOST}:{self.port}"

    async def start(self) -> None:
        """Start, and return when it is ready.

        Raises:
            StartFailed: if it exits or is not ready in time.
        """
        self._child = Child(
            [sys.executable, "-m", self.spec.module, *self.spec.arguments],
            log_path=self.log_path,
            environment=self._environment,
        )
        deadline = time.monotonic() + self.spec.ready_seconds
        while time.monotonic() < deadline:
            if self._child.exit_code is not None:
                raise StartFailed(
                    self.name, f"exit code {self._child.exit_code}", self.log_path,
                    "Correct what its log says and start again.",
                )  # fmt: skip
            if await self.is_ready():
                return
            await asyncio.sleep(0.05)
        await self.stop()
        raise StartFailed(
            self.name,
            f"{self.base_url}{self.spec.ready_path} was not ready "
            f"in {self.spec.ready_seconds:.0f} s",
            self.log_path,
            "Its log says what it waits for.",
        )

    async def is_ready(self) -> bool:
        """Tell whether it says now that it is ready."""
        if self._child is None or self._child.exit_code is not None:
            return False
        answer = await ask(self.port, self.spec.ready_path)
        return answer is not None and answer.status == 200

    async def stop(self) -> None:
        """Ask it to finish what it does and go; kill it when it takes too long."""
        if self._child is not None:
            await self._child.end(signal.SIGTERM, grace_seconds=self.spec.stop_seconds)

    def kill(self) -> None:
        """Kill it as a crash would."""
        if self._child is not None:
            self._child.send(signal.SIGKILL)
