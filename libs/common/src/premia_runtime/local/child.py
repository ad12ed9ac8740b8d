"""One operating-system process that this one starts and answers for."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from premia_runtime.local.process_table import ProcessMark

_LAUNCH = Path(__file__).with_name("launch.py")
_POLL_SECONDS = 0.02


def launch_command(
    program: Sequence[str | Path],
    *,
    options: Sequence[str] = (),
    death_signal: signal.Signals | None = None,
) -> list[str]:
    """Return the command that becomes `program`, and with a signal dies with this process."""
    tied = (
        []
        if death_signal is None
        else ["--parent", str(os.getpid()), "--death-signal", str(int(death_signal))]
    )
    return [
        sys.executable, "-I", "-S", str(_LAUNCH), *options, *tied, "--", *map(str, program),
    ]  # fmt: skip


class Child:
    """A started process.  It has its own session, so Ctrl-C in a terminal reaches only its parent.

    With a `death_signal` the kernel ends it when the starting thread ends, however that happens:
    start it from a thread that lives as long as the child should.
    """

    def __init__(
        self,
        program: Sequence[str | Path],
        *,
        log_path: Path,
        environment: Mapping[str, str],
        options: Sequence[str] = (),
        death_signal: signal.Signals | None = signal.SIGKILL,
        working_folder: Path | None = None,
    ) -> None:
        """Start the program; what it prints is appended to the log."""
        log_path.parent.mkdir(parents=True, exist_ok=True)
        with log_path.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the commands are this package's own
                launch_command(program, options=options, death_signal=death_signal),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                cwd=working_folder,
                start_new_session=True,
            )
        self.log_path = log_path
        self.mark = ProcessMark.of(self._process.pid)

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """The exit code, None while it runs, negative for the signal that ended it."""
        return self._process.poll()

    def send(self, number: signal.Signals) -> None:
        """Send a signal, unless the process has ended."""
        self._process.send_signal(number)

    async def wait(self, timeout_seconds: float) -> bool:
        """Tell whether the process ended within the time."""
        deadline = time.monotonic() + timeout_seconds
        while self._process.poll() is None:
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(_POLL_SECONDS)
        return True

    async def end(self, *signals: signal.Signals, grace_seconds: float) -> None:
        """Try the signals one after the other, each with its grace, until the process has ended."""
        for number in (*signals, signal.SIGKILL):
            self.send(number)
            if await self.wait(grace_seconds):
                return


def last_lines(log_path: Path, count: int = 20) -> str:
    """Return the end of a log, empty if there is none."""
    if not log_path.is_file():
        return ""
    with log_path.open("rb") as log:
        log.seek(0, os.SEEK_END)
        log.seek(max(0, log.tell() - 64 * 1024))
        lines = log.read().decode(errors="replace").splitlines()
    return "\n".join(lines[-count:])


class StartFailed(Exception):
    """Raised when a process of the local platform did not become ready."""

    def __init__(self, name: str, reason: str, log_path: Path, advice: str) -> None:
        self.name = name
        self.log_path = log_path
        end = last_lines(log_path) or "(the log is empty)"
        super().__init__(
            f"{name} did not start: {reason}.  {advice}\n"
            f"The last lines of its log, {log_path}:\n{end}"
        )
