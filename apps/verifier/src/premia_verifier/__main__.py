"""`premia-verify [FOLDER]`: re-add a stored run; ends with 1 if anything does not add up."""

import sys
from pathlib import Path

from premia_verifier.run import Run, problems


def main() -> None:
    """Verify the folder named on the command line, or this one, and tell what is wrong with it."""
    found = list(problems(Run.read(Path(*sys.argv[1:]))))
    sys.stdout.writelines(f"{sentence}\n" for sentence in found or ["everything adds up"])
    sys.exit(f"{len(found)} problems" if found else 0)


if __name__ == "__main__":
    main()
