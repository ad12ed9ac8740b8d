"""Which processes a supervisor started, in a file that its successor reads."""

import json
import signal
from pathlib import Path

from premia_runtime.local.credentials import write_private
from premia_runtime.local.process_table import ProcessMark, end

_GRACE_SECONDS = 10.0


class ProcessRecord:
    """Process ids with their start times, by name, in the order in which they were started."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, ProcessMark]:
        """Return what was recorded, nothing if there is no file."""
        try:
            content = json.loads(self._path.read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return {
            name: ProcessMark(int(entry["pid"]), float(entry["started_at"]))
            for name, entry in content.items()
        }

    def note(self, name: str, mark: ProcessMark | None) -> None:
        """Record a started process under its name; None if it is gone again already."""
        known = self.read()
        known.pop(name, None)
        if mark is not None:
            known[name] = mark
        content = {n: {"pid": m.pid, "started_at": m.started_at} for n, m in known.items()}
        write_private(self._path, json.dumps(content, indent=2))

    def end_leftovers(self, *, spare: tuple[int, ...] = ()) -> list[str]:
        """End what still runs, last started first, and forget it; return the names.

        `spare` are ids of processes to leave alone, such as the caller's own.
        """
        ended = []
        for name, mark in reversed(self.read().items()):
            if mark.pid not in spare and mark.is_running():
                gentle = signal.SIGINT if name == "postgres" else signal.SIGTERM
                end([mark], gentle, _GRACE_SECONDS)
                ended.append(name)
        self._path.unlink(missing_ok=True)
        return ended
