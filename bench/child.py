"""Timing work in fresh processes, in turn, so that start-up counts and a drifting machine less."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Command = Sequence[str]
"""A module of this package and its arguments."""


class WorkFailed(Exception):
    """Raised when a timed process ends with an error."""

    def __init__(self, command: Command, status: int) -> None:
        super().__init__(f"{' '.join(command)} ended with status {status}; see its output above")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process took."""

    cpu_seconds: float
    wall_seconds: float
    peak_mib: float


def run(command: Command) -> Usage:
    """Run a module in a fresh process and return what it took.

    Raises:
        WorkFailed: if it ends with an error.
    """
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", *command])  # noqa: S603 - our own modules
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise WorkFailed(command, process.returncode)
    return Usage(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def answer(command: Command) -> str:
    """Run a module in a fresh process and return what it prints.

    The parent stays small: a child's peak memory starts from its parent's.
    """
    done = subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, "-m", *command], check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def least(commands: Mapping[str, Command], *, rounds: int) -> dict[str, Usage]:
    """Run every command once a round and return each one's least CPU, wall and memory."""
    taken: dict[str, list[Usage]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(run(command))
    return {
        name: Usage(
            min(each.cpu_seconds for each in usages),
            min(each.wall_seconds for each in usages),
            min(each.peak_mib for each in usages),
        )
        for name, usages in taken.items()
    }
