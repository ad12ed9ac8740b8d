"""Become another program, tied to the life of the one that started it.

Run by path with a bare interpreter: `python -I -S launch.py [options] -- program arguments…`.
It prepares its own process and then replaces itself, so the process id stays the same.  Doing this
here and not between fork and exec of a threaded parent keeps that parent free of deadlocks.
"""

import argparse
import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000
_UNPRIVILEGED = 1000


def main(arguments: list[str]) -> None:
    """Prepare this process as asked and replace it by the program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--parent", type=int, help="die when this process, the parent, dies")
    parser.add_argument("--death-signal", type=int, default=int(signal.SIGKILL))
    parser.add_argument("--namespace", action="store_true", help="leave root in a user namespace")
    parser.add_argument("--user", type=int, help="leave root for this user and group id")
    parser.add_argument("program", nargs="+")
    options = parser.parse_args(arguments)
    if options.namespace:
        _enter_user_namespace()
    if options.user is not None:
        os.setgroups([])
        os.setgid(options.user)
        os.setuid(options.user)
    if options.parent is not None:
        _die_with(options.parent, options.death_signal)
    os.execvp(options.program[0], options.program)  # noqa: S606 - becoming the program is the point


def _enter_user_namespace() -> None:
    """Show this process to itself as an ordinary user; its files keep their owner outside."""
    user, group = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"cannot make a user namespace: {os.strerror(number)}")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{_UNPRIVILEGED} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{_UNPRIVILEGED} {group} 1")


def _die_with(parent: int, death_signal: int) -> None:
    """Ask the kernel for a signal when the parent dies; elsewhere than Linux nothing happens."""
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, death_signal)
    if os.getppid() != parent:  # it died before the request was in force
        sys.exit(f"the parent {parent} is gone")


if __name__ == "__main__":
    main(sys.argv[1:])
