"""How to run a program that refuses root when this process is root.

Nothing outside the program's own data folder is changed: no user is added, no folder above it is
opened up.
"""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from premia_runtime.local.child import launch_command

_NOBODY = 65534


class NoUnprivilegedWay(Exception):
    """Raised when root finds no way to run a program as somebody else."""

    def __init__(self, program: Path, folder: Path, attempts: list[str]) -> None:
        super().__init__(
            f"{program.name} refuses to run as root, and neither way around it works here "
            f"({'; '.join(attempts)}).  Run the command as an ordinary user, or allow user "
            f"namespaces, or move the checkout to where user {_NOBODY} can reach {folder} "
            f"and {program}."
        )


@dataclass(frozen=True, slots=True)
class Way:
    """A way to run a program: the launch options, and who must own the files it writes."""

    launch_options: tuple[str, ...]
    owner: int

    def give(self, folder: Path) -> None:
        """Make the program the owner of a folder and everything in it."""
        if os.geteuid() != 0 or folder.stat().st_uid == self.owner:
            return
        for parent, folders, files in os.walk(folder):
            for name in (*folders, *files):
                os.chown(Path(parent) / name, self.owner, self.owner, follow_symlinks=False)
        # The top folder comes last: it is what says that the work is complete.
        os.chown(folder, self.owner, self.owner)


def find_way(program: Path, folder: Path) -> Way:
    """Return a way to run `program` on files under the existing `folder`.

    Raises:
        NoUnprivilegedWay: if this process is root and no way works.
    """
    user = os.geteuid()
    if user != 0:
        return Way((), user)
    ways = [Way(("--namespace",), user), Way(("--user", str(_NOBODY)), _NOBODY)]
    attempts = []
    for way in ways:
        refusal = _refusal(way, program, folder)
        if refusal is None:
            return way
        attempts.append(f"{' '.join(way.launch_options)[2:]}: {refusal}")
    raise NoUnprivilegedWay(program, folder, attempts)


def _refusal(way: Way, program: Path, folder: Path) -> str | None:
    """Return why the program cannot be run or reach the folder that way, None if it can."""
    commands: list[list[str | Path]] = [[program, "--version"], ["ls", "-d", f"{folder}/."]]
    for command in commands:
        tried = subprocess.run(  # noqa: S603 - the commands are this function's own
            launch_command(command, options=way.launch_options),
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        if tried.returncode != 0:
            lines = tried.stderr.strip().splitlines() or [f"exit code {tried.returncode}"]
            return str(lines[-1])
    return None
