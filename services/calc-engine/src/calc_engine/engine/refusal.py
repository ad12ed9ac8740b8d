"""What the set-based engine refuses."""


class NotLowered(Exception):
    """Raised when a plan says something this engine cannot express; the reference engine can."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"{reason} are not lowered yet; calculate with the reference engine")


class FigureTooLarge(Exception):
    """Raised when a figure leaves 127 bits: the facts hold an amount that cannot be meant."""

    def __init__(self, step: str, problem: str) -> None:
        self.step = step
        super().__init__(
            f"while working out {step} a figure became too large to be exact: {problem}. "
            "Correct the fact that holds such an amount; no line was written."
        )
