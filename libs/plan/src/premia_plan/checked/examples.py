"""Worked examples: what is given, and what it must come to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from premia_plan.relations import Relations


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """A line that must be there: what must be as written, and its amount.

    `columns` are of a result's line: `payee_id`, `component`, `order_id`, `what`, `month` …
    """

    columns: Mapping[str, str]
    amount: Decimal
    path: str


@dataclass(frozen=True, slots=True)
class ExpectedRate:
    """An effective rate, times `scale`: 100 for a percentage.

    It is compared to as many decimals as it was written with.
    """

    value: Decimal
    scale: int


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: what is given, and everything it must pay."""

    name: str
    relations: Relations
    expected: Mapping[tuple[str, str, str], Decimal]
    exceptions: frozenset[str]
    until: str
    path: str
    pays: Mapping[tuple[str, str], Decimal] | None = None
    """What is due by payee and month, all of it; None where the example does not say."""
    statements: Mapping[tuple[str, str], tuple[Decimal, str]] | None = None
    """What statements come to by payee and month, with its currency; None where nothing is said."""
    balances: Mapping[tuple[str, str, str], Decimal] = field(default_factory=dict)
    """What some accounts stand at, by payee, month and account."""
    rates: Mapping[tuple[str, str, str], ExpectedRate] = field(default_factory=dict)
    """Some effective rates, by payee, period or credit, and component."""
    bands: Mapping[tuple[str, str, str], Mapping[Fraction, Decimal]] = field(default_factory=dict)
    """What the bands of some tiers give, by where they start; each other band gives nothing."""
    held: tuple[ExpectedLine, ...] | None = None
    """Everything that waits for something at the end; None where the example does not say."""
    lines: tuple[ExpectedLine, ...] = ()
    """Single lines that must be there."""
