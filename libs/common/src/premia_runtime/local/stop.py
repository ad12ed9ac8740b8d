"""Stop the platform of a state folder: `python -m premia_runtime.local.stop [folder]`."""

import signal
import sys
from pathlib import Path

from premia_runtime.local.process_record import ProcessRecord
from premia_runtime.local.process_table import end

_GRACE_SECONDS = 60.0


def stop(state_dir: Path) -> list[str]:
    """End the supervisor of the folder in good order, then whatever else it left; return names."""
    record = ProcessRecord(state_dir / "processes.json")
    supervisor = record.read().get("supervisor")
    ended = []
    if supervisor is not None and supervisor.is_running():
        end([supervisor], signal.SIGTERM, _GRACE_SECONDS)
        ended.append("supervisor")
    return ended + record.end_leftovers()


def main() -> None:
    """Stop the platform of the folder in the first argument, and say what was stopped."""
    state_dir = Path(sys.argv[1] if len(sys.argv) > 1 else ".premia/demo")
    ended = stop(state_dir)
    print(f"stopped: {', '.join(ended)}" if ended else f"nothing runs in {state_dir}")


if __name__ == "__main__":
    main()
