"""Named places where a crash test may kill the process; constant no-ops otherwise."""

import os
import signal
import sys
import threading
from pathlib import Path

import orjson


class _Armed:
    """The folder whose files arm fault points; None in production."""

    folder: Path | None = None
    lock = threading.Lock()


def arm_faults(folder: Path | None) -> None:
    """Let files in this folder arm fault points of the same name.  None disarms all."""
    _Armed.folder = folder


def fault_point(name: str) -> None:
    """Die here, by SIGKILL, if a crash test armed this point; else do nothing.

    Arming is a file named like the point.  It is renamed to `<name>.hit` and a line is
    written to standard error before the process dies, so a test can prove the point was hit.
    """
    if _Armed.folder is None:
        return
    armed = _Armed.folder / name
    try:
        armed.rename(armed.with_name(f"{name}.hit"))
    except OSError:
        return
    line = orjson.dumps({"event": "fault point hit", "point": name, "pid": os.getpid()})
    os.write(sys.stderr.fileno(), line + b"\n")
    os.kill(os.getpid(), signal.SIGKILL)
