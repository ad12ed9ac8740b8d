"""The tables an offline calculation reads: the one declaration of their columns.

Reader, JSON Schemas and the manual's page are all made from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from premia_cli.offline.cells import (
    COUNT,
    DAY,
    FLAG,
    INSTANT,
    MONTH,
    NUMBER,
    PERIOD,
    RATIO,
    TEXT,
    CellKind,
)

Further: TypeAlias = Literal["none", "text", "of the plan", "of the plan or text"]
"""Columns beyond the declared ones: refused, kept as text, or as the plan declares them."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; an empty cell means that nothing is known, unless the column is required."""

    name: str
    kind: CellKind
    about: str
    required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `key` says what a row is about, and is what its source is called."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    further: Further = "none"

    @property
    def by_name(self) -> Mapping[str, Column]:
        """The declared columns by name."""
        return {column.name: column for column in self.columns}


def _valid(what: str) -> tuple[Column, Column]:
    return (
        Column("valid_from", DAY, f"first day on which {what}; empty: always", required=False),
        Column("valid_to", DAY, "the day after the last one; empty: without end", required=False),
    )


PAYEES = Table(
    "payees",
    "Who can be paid, with attributes while they are valid. Several rows of one payee follow each "
    "other in time.",
    (
        Column("payee_id", TEXT, "the payee's id, as orders and targets name it"),
        *_valid("the attributes hold"),
    ),
    ("payee_id", "valid_from"),
    further="of the plan or text",
)
ASSIGNMENTS = Table(
    "assignments",
    "Who takes part in the plan, for which principal, and whether the plan was accepted.",
    (
        Column("payee_id", TEXT, "who"),
        Column("principal", TEXT, "who owes the pay; orders name the same"),
        *_valid("the payee takes part"),
        Column("accepted", FLAG, "whether the payee accepted the plan; empty: true", False),
        Column("assignment_id", TEXT, "its id; empty: made of payee and first day", False),
        Column("mandate_id", TEXT, "the mandate it belongs to; empty: the assignment's id", False),
    ),
    ("payee_id", "principal", "valid_from"),
)
ORDERS = Table(
    "orders",
    "What was sold. Of several versions of an order the highest counts.",
    (
        Column("order_id", TEXT, "the order's id"),
        Column("version", COUNT, "which version of the order this is; empty: 1", False),
        Column("record_id", TEXT, "the id in the source; empty: the order's id", False),
        Column("principal", TEXT, "who owes the pay"),
        Column("signed_on", DAY, "the business day it was signed"),
        Column("seller", TEXT, "payee who sold it", False),
        Column("partner", TEXT, "payee who helped", False),
        Column("category", TEXT, "product category"),
        Column("territory", TEXT, "territory"),
        Column("amount", NUMBER, "its value in `currency`"),
        Column("currency", TEXT, "three letters, like EUR"),
    ),
    ("order_id", "version"),
    further="of the plan",
)
ORDER_STATES = Table(
    "order_states",
    "The states an order, or one of its lines, reached. They belong to every version of the "
    "order; the first arrival counts.",
    (
        Column("order_id", TEXT, "the order's id"),
        Column("line_id", TEXT, "the line that reached it; empty: the order itself", False),
        Column("state", TEXT, "a state of the plan's state model"),
        Column("day", DAY, "the business day it was reached"),
        Column("at", INSTANT, "the instant; the plan's time zone makes it the day", False),
    ),
    ("order_id", "line_id", "state", "day"),
)
ORDER_LINES = Table(
    "order_lines",
    "The lines of an order; they belong to every version of it.",
    (
        Column("order_id", TEXT, "the order's id"),
        Column("line_id", TEXT, "the line's id, unique in the order"),
        Column("category", TEXT, "product category"),
        Column("amount", NUMBER, "its value in the order's currency"),
        Column("quantity", NUMBER, "how many; empty: 1", False),
        Column("quantity_unit", TEXT, "of what, such as kWh", False),
        Column("day", DAY, "the line's own day; empty: the order's", False),
    ),
    ("order_id", "line_id"),
    further="text",
)
REVERSALS = Table(
    "reversals",
    "Why an order was reversed. A row without a day tells the cause of the reversal that one of "
    "the order's states is; there is one such row at most. A row with a day is a reversal of its "
    "own, such as a refund, of the amount or share it names, or of the whole order.",
    (
        Column("order_id", TEXT, "the order's id"),
        Column("day", DAY, "the business day of a reversal of its own", False),
        Column("amount", NUMBER, "how much of the order's amount; only with a day", False),
        Column("share", RATIO, "which share of the order; only with a day", False),
        Column(
            "imputable_to",
            TEXT,
            "on whose side the cause lies",
            False,
            ("payee", "customer", "principal"),
        ),
        Column("cause", TEXT, "the cause in words", False),
        Column("reversal_id", TEXT, "its id; empty: made of order and day", False),
    ),
    ("order_id", "day", "reversal_id"),
)
EDGES = Table(
    "edges",
    "Who reports to whom in a hierarchy, while it is so.",
    (
        Column("hierarchy", TEXT, "the hierarchy's name, as the plan's `along` says it"),
        Column("payee_id", TEXT, "who"),
        Column("reports_to", TEXT, "to whom"),
        *_valid("it is so"),
    ),
    ("hierarchy", "payee_id", "reports_to", "valid_from"),
)
TREES = Table(
    "trees",
    "The trees of territories and categories; a rate of a parent fits its children.",
    (
        Column("tree", TEXT, "which tree", choices=("territory", "category")),
        Column("code", TEXT, "a territory or category"),
        Column("parent", TEXT, "the one above it; empty: it is a root", False),
    ),
    ("tree", "code"),
)
_SUBJECT = Column(
    "payee_id",
    TEXT,
    "whose: a payee, or `territory:nord`, `category:gas`, `team:sales:M1`, `plan`",
)
TARGETS = Table(
    "targets",
    "The last accepted targets, in the plan's currency where they are money.",
    (
        _SUBJECT,
        Column("name", TEXT, "the target's name in the plan"),
        Column("month", PERIOD, "of which month or other period"),
        Column("amount", NUMBER, "how much"),
        Column("valid_from", DAY, "from when, if it changed within the period", False),
    ),
    ("payee_id", "name", "month", "valid_from"),
)
MEASUREMENTS = Table(
    "measurements",
    "Values that are measured elsewhere, such as a KPI.",
    (
        _SUBJECT,
        Column("name", TEXT, "the measure's name in the plan"),
        Column("month", PERIOD, "of which month or other period"),
        Column("value", RATIO, "the value; a percentage is its ratio"),
        Column("provisional", FLAG, "whether it may still change; empty: false", False),
    ),
    ("payee_id", "name", "month"),
)
OPENINGS = Table(
    "openings",
    "Balances carried over from before the first facts.",
    (
        Column(
            "kind",
            TEXT,
            "what stands open",
            True,
            ("measure", "paid", "draw", "reserve", "balance"),
        ),
        Column("payee_id", TEXT, "whose"),
        Column("name", TEXT, "the measure, component, draw or reserve; empty for a balance", False),
        Column("period", PERIOD, "the period it counts in"),
        Column("amount", NUMBER, "how much; of a balance a debt is negative"),
        Column("day", DAY, "the day on which it stood"),
    ),
    ("kind", "payee_id", "name", "period"),
)
FACTS = Table(
    "facts",
    "What was done, billed or paid besides orders. Of several versions the highest counts.",
    (
        Column("kind", TEXT, "what it is", True, ("activity", "bill", "payment", "credit note")),
        Column("fact_id", TEXT, "its id"),
        Column("version", COUNT, "which version this is; empty: 1", False),
        Column("order_id", TEXT, "the order it belongs to; empty: to none", False),
        Column("principal", TEXT, "who owes the pay"),
        Column("day", DAY, "its business day"),
        Column("category", TEXT, "product category", False),
        Column("territory", TEXT, "territory", False),
        Column("amount", NUMBER, "without tax, a credit note's too above zero; empty: 0", False),
        Column("tax", NUMBER, "its tax; empty: 0", False),
        Column("currency", TEXT, "three letters, like EUR"),
        Column("quantity", NUMBER, "how many; empty: 0", False),
        Column("quantity_unit", TEXT, "of what, such as kWh", False),
    ),
    ("kind", "fact_id", "version"),
    further="text",
)
FACT_STATES = Table(
    "fact_states",
    "The states that activities, bills, payments and credit notes reached.",
    (
        Column("kind", TEXT, "what it is", True, ("activity", "bill", "payment", "credit note")),
        Column("fact_id", TEXT, "its id"),
        Column("state", TEXT, "a state of the plan's state model"),
        Column("day", DAY, "the business day it was reached"),
        Column("at", INSTANT, "the instant; the plan's time zone makes it the day", False),
    ),
    ("kind", "fact_id", "state", "day"),
)
ROLES = Table(
    "roles",
    "Who had a part in an order, a line or a fact besides seller and partner of an order.",
    (
        Column(
            "of",
            TEXT,
            "in what",
            True,
            ("order", "line", "activity", "bill", "payment", "credit note"),
        ),
        Column("id", TEXT, "the order's or the fact's id"),
        Column("line_id", TEXT, "of a line: its id", False),
        Column("role", TEXT, "as which the plan knows the payee"),
        Column("payee", TEXT, "who"),
    ),
    ("of", "id", "line_id", "role"),
)
LEAVES = Table(
    "leaves",
    "Days on which a payee was on leave.",
    (
        Column("payee_id", TEXT, "who"),
        Column("valid_from", DAY, "the first day"),
        Column("valid_to", DAY, "the day after the last one; empty: without end", False),
    ),
    ("payee_id", "valid_from"),
)
HOLIDAYS = Table(
    "holidays",
    "Days of the week on which nobody works.",
    (Column("day", DAY, "the day"),),
    ("day",),
)
EXCHANGE_RATES = Table(
    "exchange_rates",
    "How much of one currency a unit of another is.",
    (
        Column(
            "rate_type",
            TEXT,
            "which rate",
            True,
            ("daily", "period average", "plan rate"),
        ),
        Column("from_currency", TEXT, "three letters, like USD"),
        Column("to_currency", TEXT, "the plan's currency"),
        Column("period", PERIOD, "the month of an average, the year of a plan rate", False),
        Column("day", DAY, "the day of a daily rate", False),
        Column("rate", NUMBER, "how much a unit is"),
    ),
    ("rate_type", "from_currency", "to_currency", "period", "day"),
)
ADJUSTMENTS = Table(
    "adjustments",
    "Amounts paid or taken by hand. One counts only if another person approved it in time.",
    (
        Column("adjustment_id", TEXT, "its id"),
        Column("payee_id", TEXT, "whose"),
        Column("principal", TEXT, "who owes the pay"),
        Column("month", MONTH, "the month it counts in"),
        Column("amount", NUMBER, "how much; what is taken is negative"),
        Column("reason", TEXT, "why"),
        Column("made_by", TEXT, "who proposed it"),
        Column("approved_by", TEXT, "who approved it; empty: nobody", False),
        Column("approved_on", DAY, "when", False),
        Column("expires_on", DAY, "the last day on which it may be approved", False),
    ),
    ("adjustment_id",),
)
LOANS = Table(
    "loans",
    "Loans paid with a month's pay, and taken back in instalments.",
    (
        Column("loan_id", TEXT, "its id"),
        Column("payee_id", TEXT, "whose"),
        Column("principal", TEXT, "who lends"),
        Column("month", MONTH, "the month it is paid in"),
        Column("amount", NUMBER, "how much"),
        Column("instalment", NUMBER, "how much is taken back in a month"),
        Column("recovered_from", MONTH, "the first month of an instalment"),
    ),
    ("loan_id",),
)
TABLES = (
    PAYEES,
    ASSIGNMENTS,
    ORDERS,
    ORDER_STATES,
    ORDER_LINES,
    REVERSALS,
    EDGES,
    TREES,
    TARGETS,
    MEASUREMENTS,
    OPENINGS,
    FACTS,
    FACT_STATES,
    ROLES,
    LEAVES,
    HOLIDAYS,
    EXCHANGE_RATES,
    ADJUSTMENTS,
    LOANS,
)
