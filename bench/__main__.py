"""`make bench`: print each measurement as a ratio to its baseline of the same run."""

import platform
import sys

from bench import engine


def main() -> None:
    """Print every ratio."""
    sys.stdout.write(f"CPU time, paired runs, median; Python {platform.python_version()}\n")
    for ratio in engine.measure():
        sys.stdout.write(f"{ratio}\n")


if __name__ == "__main__":
    main()
