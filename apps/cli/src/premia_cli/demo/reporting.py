"""The demo's steps on a terminal."""

from rich.console import Console
from rich.markup import escape

from premia_cli.demo.step import Outcome


class ConsoleReporter:
    """Prints each step with its figures, its time and an address to look at."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._numbers: dict[str, int] = {}
        self._last = ""
        self._running = ""

    def begins(self, title: str) -> None:
        """Print which step begins."""
        number = self._numbers.setdefault(title, len(self._numbers) + 1)
        self._running = title
        self._console.print(f"[bold]{number:2}. {title}[/]", soft_wrap=True)

    def progress(self, text: str) -> None:
        """Print how far the running step is, once for each new text."""
        if text != self._last:
            self._last = text
            self._console.print(f"[dim]      {escape(text)}[/]", soft_wrap=True)

    def ended(self, title: str, outcome: Outcome, seconds: float) -> None:
        """Print what a step gave, under its number and name if another began meanwhile."""
        name = "" if title == self._running else f"[bold]{self._numbers[title]}. {title}:[/] "
        self._running = ""
        self._console.print(
            f"    [green]✓[/] {name}{escape(outcome.figures)} [dim]({seconds:.1f} s)[/]",
            soft_wrap=True,
        )
        if outcome.address:
            self._console.print(f"      [dim]{outcome.address}[/]", soft_wrap=True)
