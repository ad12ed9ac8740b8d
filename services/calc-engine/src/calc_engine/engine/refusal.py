"""What the set-based engine refuses, and what stops it."""

from calc_engine.application.not_calculable import NotCalculable, TooLargeToBeExact


class NotLowered(Exception):
    """Raised when a plan says something this engine cannot express; the reference engine can."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"{reason} are not lowered yet; calculate with the reference engine")


class FigureTooLarge(TooLargeToBeExact):
    """Raised when a figure leaves 127 bits, or a recorded number 63: the reference engine can."""

    def __init__(self, step: str, problem: str) -> None:
        self.step = step
        super().__init__(
            f"while working out {step} a figure became too large to be exact: {problem}. "
            "Correct the fact that holds such an amount; no line was written."
        )


class MemoryTooSmall(NotCalculable):
    """Raised when a calculation needs more memory, or more room on disk, than it may take."""

    def __init__(self, step: str, problem: str) -> None:
        self.step = step
        super().__init__(
            f"{step} needs more room than a calculation may take: {problem}. Raise "
            "PREMIA_CALCULATION_MEMORY_MB or give PREMIA_SPILL_DIR a larger disk; no line was "
            "written."
        )


class ClusterFailed(Exception):
    """Raised when the cluster does not answer, or cannot do what one machine can."""

    def __init__(self, step: str, problem: str) -> None:
        self.step = step
        super().__init__(
            f"the cluster of PREMIA_SPARK_CONNECT_URL could not work out {step}: {problem}. See "
            "whether it runs and sees PREMIA_SPARK_EXCHANGE_DIR; no line was written."
        )
