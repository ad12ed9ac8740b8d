"""What the operating system says about processes: who they are, and which folder they work in."""

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it ships no type information

_START_TIME_TOLERANCE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class ProcessMark:
    """A process id with the time it started, so that a recycled id is never taken for it."""

    pid: int
    started_at: float

    @classmethod
    def of(cls, pid: int) -> "ProcessMark | None":
        """Return the mark of a running process, None if there is none."""
        try:
            return cls(pid, float(psutil.Process(pid).create_time()))
        except psutil.Error:
            return None

    def is_running(self) -> bool:
        """Tell whether this very process, and no successor with its id, still runs."""
        try:
            process = psutil.Process(self.pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            started_at = float(process.create_time())
        except psutil.Error:
            return False
        return abs(started_at - self.started_at) <= _START_TIME_TOLERANCE_SECONDS

    def send(self, number: signal.Signals) -> None:
        """Send a signal, unless the process is gone."""
        if self.is_running():
            try:
                os.kill(self.pid, number)
            except ProcessLookupError:
                return


def processes_working_in(folder: Path) -> list[ProcessMark]:
    """Return the running processes whose working folder is this one, as PostgreSQL's all are."""
    wanted = str(folder.resolve())
    marks = []
    for process in psutil.process_iter():
        try:
            if process.cwd() == wanted and process.status() != psutil.STATUS_ZOMBIE:
                marks.append(ProcessMark(process.pid, float(process.create_time())))
        except psutil.Error:
            continue
    return marks


def end(marks: Iterable[ProcessMark], first: signal.Signals, grace_seconds: float) -> None:
    """Ask processes to go with one signal, kill those that stay, return when all are gone."""
    remaining = [mark for mark in marks if mark.is_running()]
    for mark in remaining:
        mark.send(first)
    if not wait_until_gone(remaining, grace_seconds):
        for mark in remaining:
            mark.send(signal.SIGKILL)
        wait_until_gone(remaining, grace_seconds)


def wait_until_gone(marks: Iterable[ProcessMark], timeout_seconds: float) -> bool:
    """Tell whether all of them went within the time."""
    remaining = list(marks)
    deadline = time.monotonic() + timeout_seconds
    while remaining := [mark for mark in remaining if mark.is_running()]:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
