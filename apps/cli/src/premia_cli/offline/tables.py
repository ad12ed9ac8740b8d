"""The tables an offline calculation reads: the one declaration of their columns.

Reader, JSON Schemas and the manual's page are all made from it.
"""

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
)
from premia_cli.offline.columns import Column, Table, payee, perhaps, valid

_PRINCIPAL = Column("principal", TEXT, "who owes the pay")
_CATEGORY = Column("category", TEXT, "product category")
_ORDER_ID = Column("order_id", TEXT, "the order's id")
_QUANTITY_UNIT = perhaps("quantity_unit", TEXT, "of what, such as kWh")
_CURRENCY = Column("currency", TEXT, "three letters, like EUR")
_FACT_KINDS = ("activity", "bill", "payment", "credit note")
_FACT = (Column("kind", TEXT, "what it is", True, _FACT_KINDS), Column("fact_id", TEXT, "its id"))
_REACHED = (
    Column("state", TEXT, "a state of the plan's state model"),
    Column("day", DAY, "the business day it was reached"),
    perhaps("at", INSTANT, "the instant; the plan's time zone makes it the day"),
)
PAYEES = Table(
    "payees",
    "Who can be paid, with attributes while they are valid. Several rows of one payee follow each "
    "other in time.",
    (
        Column("payee_id", TEXT, "the payee's id, as orders and targets name it"),
        *valid("the attributes hold"),
    ),
    ("payee_id", "valid_from"),
    further="of the plan or text",
)
POSITIONS = Table(
    "positions",
    "Which positions payees hold, with attributes while they are valid.",
    (
        payee(),
        Column("position", TEXT, "the position's code"),
        *valid("it is held, and its attributes hold"),
    ),
    ("payee_id", "position", "valid_from"),
    further="of the plan or text",
)
ASSIGNMENTS = Table(
    "assignments",
    "Who takes part in the plan, for which principal, and whether the plan was accepted.",
    (
        payee(),
        Column("principal", TEXT, "who owes the pay; orders name the same"),
        *valid("the payee takes part"),
        perhaps("accepted", FLAG, "whether the payee accepted the plan; empty: true"),
        perhaps("assignment_id", TEXT, "its id; empty: made of payee and first day"),
        perhaps("mandate_id", TEXT, "the mandate it belongs to; empty: the assignment's id"),
    ),
    ("payee_id", "principal", "valid_from"),
)
ORDERS = Table(
    "orders",
    "What was sold. Of several versions of an order the highest counts.",
    (
        _ORDER_ID,
        perhaps("version", COUNT, "which version of the order this is; empty: 1"),
        perhaps("record_id", TEXT, "the id in the source; empty: the order's id"),
        _PRINCIPAL,
        Column("signed_on", DAY, "the business day it was signed"),
        perhaps("seller", TEXT, "payee who sold it"),
        perhaps("partner", TEXT, "payee who helped"),
        _CATEGORY,
        Column("territory", TEXT, "territory"),
        Column("amount", NUMBER, "its value in `currency`"),
        _CURRENCY,
    ),
    ("order_id", "version"),
    further="of the plan",
)
ORDER_STATES = Table(
    "order_states",
    "The states an order, or one of its lines, reached. They belong to every version of the "
    "order; the first arrival counts.",
    (
        _ORDER_ID,
        perhaps("line_id", TEXT, "the line that reached it; empty: the order itself"),
        *_REACHED,
    ),
    ("order_id", "line_id", "state", "day"),
)
ORDER_LINES = Table(
    "order_lines",
    "The lines of an order; they belong to every version of it.",
    (
        _ORDER_ID,
        Column("line_id", TEXT, "the line's id, unique in the order"),
        _CATEGORY,
        Column("amount", NUMBER, "its value in the order's currency"),
        perhaps("quantity", NUMBER, "how many; empty: 1"),
        _QUANTITY_UNIT,
        perhaps("day", DAY, "the line's own day; empty: the order's"),
    ),
    ("order_id", "line_id"),
    further="text",
)
REVERSALS = Table(
    "reversals",
    "Why an order, or another fact, was reversed. A row without a day tells the cause of the "
    "reversal that one of the order's states is; there is one such row at most. A row with a day "
    "is a reversal of its own, such as a refund, of the amount or share it names, or of all. It "
    "may name a line of the order, or an activity, bill, payment or credit note.",
    (
        perhaps("order_id", TEXT, "the order's id; may be empty where `of` is no order or line"),
        perhaps("of", TEXT, "what was reversed; empty: the order", ("order", "line", *_FACT_KINDS)),
        perhaps("fact_id", TEXT, "the id of the line or other fact that was reversed"),
        perhaps("day", DAY, "the business day of a reversal of its own"),
        perhaps("amount", NUMBER, "how much of the fact's amount; only with a day"),
        perhaps("share", RATIO, "which share of the fact; only with a day"),
        perhaps(
            "imputable_to",
            TEXT,
            "on whose side the cause lies",
            ("payee", "customer", "principal"),
        ),
        perhaps("cause", TEXT, "the cause in words"),
        perhaps(
            "reversal_id",
            TEXT,
            "its id, where one day has several; empty: made of what was reversed and the day",
        ),
    ),
    ("order_id", "of", "fact_id", "day", "reversal_id"),
)
EDGES = Table(
    "edges",
    "Who reports to whom in a hierarchy, while it is so.",
    (
        Column("hierarchy", TEXT, "the hierarchy's name, as the plan's `along` says it"),
        payee(),
        Column("reports_to", TEXT, "to whom"),
        *valid("it is so"),
    ),
    ("hierarchy", "payee_id", "reports_to", "valid_from"),
)
TREES = Table(
    "trees",
    "The trees of territories and categories; a rate of a parent fits its children.",
    (
        Column("tree", TEXT, "which tree", choices=("territory", "category")),
        Column("code", TEXT, "a territory or category"),
        perhaps("parent", TEXT, "the one above it; empty: it is a root"),
    ),
    ("tree", "code"),
)
_SUBJECT = payee("whose: a payee, or `territory:nord`, `category:gas`, `team:sales:M1`, `plan`")
TARGETS = Table(
    "targets",
    "The last accepted targets, in the plan's currency where they are money.",
    (
        _SUBJECT,
        Column("name", TEXT, "the target's name in the plan"),
        Column("month", PERIOD, "of which month or other period"),
        Column("amount", NUMBER, "how much"),
        perhaps("valid_from", DAY, "from when, if it changed within the period"),
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
        perhaps("provisional", FLAG, "whether it may still change; empty: false"),
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
        payee("whose"),
        perhaps("name", TEXT, "the measure, component, draw or reserve; empty for a balance"),
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
        *_FACT,
        perhaps("version", COUNT, "which version this is; empty: 1"),
        perhaps("order_id", TEXT, "the order it belongs to; empty: to none"),
        _PRINCIPAL,
        Column("day", DAY, "its business day"),
        perhaps("category", TEXT, "product category"),
        perhaps("territory", TEXT, "territory"),
        perhaps("amount", NUMBER, "all of it, a credit note's too above zero; empty: 0"),
        perhaps("tax", NUMBER, "the tax in it; empty: 0"),
        _CURRENCY,
        perhaps("quantity", NUMBER, "how many; empty: 0"),
        _QUANTITY_UNIT,
    ),
    ("kind", "fact_id", "version"),
    further="text",
)
FACT_STATES = Table(
    "fact_states",
    "The states that activities, bills, payments and credit notes reached.",
    (
        *_FACT,
        *_REACHED,
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
            ("order", "line", *_FACT_KINDS),
        ),
        Column("id", TEXT, "the order's or the fact's id"),
        perhaps("line_id", TEXT, "of a line: its id"),
        Column("role", TEXT, "as which the plan knows the payee"),
        Column("payee", TEXT, "who"),
    ),
    ("of", "id", "line_id", "role"),
)
LEAVES = Table(
    "leaves",
    "Days on which a payee was on leave.",
    (
        payee(),
        Column("valid_from", DAY, "the first day"),
        perhaps("valid_to", DAY, "the day after the last one; empty: without end"),
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
        Column("to_currency", TEXT, "the plan's currency, or that of a statement"),
        perhaps("period", PERIOD, "the month of an average, the year of a plan rate"),
        perhaps("day", DAY, "the day of a daily rate"),
        Column("rate", NUMBER, "how much a unit is"),
    ),
    ("rate_type", "from_currency", "to_currency", "period", "day"),
)
ADJUSTMENTS = Table(
    "adjustments",
    "Amounts paid or taken by hand. One counts only if another person approved it in time.",
    (
        Column("adjustment_id", TEXT, "its id"),
        payee("whose"),
        _PRINCIPAL,
        Column("month", MONTH, "the month it counts in"),
        Column("amount", NUMBER, "how much; what is taken is negative"),
        Column("reason", TEXT, "why"),
        Column("made_by", TEXT, "who proposed it"),
        perhaps("approved_by", TEXT, "who approved it; empty: nobody"),
        perhaps("approved_on", DAY, "when"),
        perhaps("expires_on", DAY, "the last day on which it may be approved"),
    ),
    ("adjustment_id",),
)
LOANS = Table(
    "loans",
    "Loans paid with a month's pay, and taken back in instalments.",
    (
        Column("loan_id", TEXT, "its id"),
        payee("whose"),
        Column("principal", TEXT, "who lends"),
        Column("month", MONTH, "the month it is paid in"),
        Column("amount", NUMBER, "how much"),
        Column("instalment", NUMBER, "how much is taken back in a month"),
        Column("recovered_from", MONTH, "the first month of an instalment"),
    ),
    ("loan_id",),
)
PAYEE_CAPS = Table(
    "payee_caps",
    "The most that all plans of a principal together may pay a payee in a month, as the payee's "
    "agreement says; the cap that holds on the month's last day counts.",
    (
        payee("whose"),
        _PRINCIPAL,
        Column("amount", NUMBER, "the most, in the plan's currency"),
        *valid("it holds"),
        perhaps(
            "priority",
            TEXT,
            "components, with a blank between: those named later lose first; empty: every one "
            "loses by what it paid",
        ),
    ),
    ("payee_id", "principal", "valid_from"),
)
PAID_BEFORE = Table(
    "paid_before",
    "What the version before the plan paid for the period in which the plan begins, where its "
    "`change` rates that period again.",
    (
        payee(),
        Column("component", TEXT, "a component of the plan"),
        Column("period", PERIOD, "the period in which the plan begins"),
        Column("amount", NUMBER, "how much"),
    ),
    ("payee_id", "component", "period"),
)
TABLES = (
    PAYEES,
    POSITIONS,
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
    PAYEE_CAPS,
    PAID_BEFORE,
)
