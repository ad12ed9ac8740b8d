"""Bands over what was reached, and what each of them pays."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from premia_plan.checked.targets import AttainmentRule
from premia_plan.language import Formula
from premia_plan.quantities import Unit

Mode: TypeAlias = Literal[
    "marginal", "whole", "interpolated between points", "interpolated by part covered"
]
"""How a band pays: its own slice at its rate with the lower bands kept; all of it at its rate; all
of it at a rate between its own and the next band's; or a part of its amount, as far as it is
covered, with the lower bands kept."""


@dataclass(frozen=True, slots=True)
class Band:
    """From where a band starts and what it gives; it ends where the next one starts.

    `pays` says what `gives` is: a rate or amount per unit of what is paid on, a fixed amount, an
    amount per point of attainment, or how many times the rate of `table` counts. `mode` is None
    where the band follows the one of all bands.
    """

    starts: Fraction
    gives: Fraction
    path: str
    mode: Mode | None = None
    pays: Literal["rate", "fixed", "per point", "multiplies"] = "rate"
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Tiers:
    """Bands over a figure of a subject's period.

    `looked_up_by` and `pays_on` are the texts of the formulas `looked_up` and `base`. `attainment`
    is the rule looked up by; None where the edges are in the unit of what is looked up. A result
    on an edge belongs to the band that `edge` says. `least` and `most` limit the effective rate.
    """

    mode: Mode
    looked_up_by: str
    attainment: AttainmentRule | None
    pays_on: str
    bands: tuple[Band, ...]
    gives: Unit
    path: str
    looked_up: Formula
    base: Formula
    edge: Literal["starts", "ends"] = "starts"
    below_first: Literal["nothing", "as the first band", "exception"] = "nothing"
    above_last: Literal["open", "flat", "nothing"] = "open"
    least: Fraction | None = None
    most: Fraction | None = None

    @property
    def is_plain(self) -> bool:
        """Say whether all bands are marginal or all whole, at rates, from zero, without limits."""
        return (
            self.mode in {"marginal", "whole"}
            and all(band.mode is None and band.pays == "rate" for band in self.bands)
            and self.bands[0].starts == 0
            and self.edge == "starts"
            and self.above_last == "open"
            and self.least is None
            and self.most is None
        )

    @property
    def is_paid_on_what_it_measures(self) -> bool:
        """Say whether the edges of the bands cut the figure that is paid on."""
        rule = self.attainment
        return (self.looked_up_by if rule is None else rule.of) == self.pays_on

    @property
    def pays_on_nothing(self) -> bool:
        """Say whether some band gives an amount even where there is nothing to pay on."""
        return any(band.pays in {"fixed", "per point"} for band in self.bands)

    def mode_of(self, band: Band) -> Mode:
        """Return how a band pays."""
        return band.mode or self.mode
