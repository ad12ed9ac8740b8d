"""What a statement says beyond the portable subset, read from its tree."""

from collections.abc import Iterator

from sqlglot import exp

SHAPES = {
    "Alias", "Column", "DataType", "DataTypeParam", "Distinct", "From", "Group", "Identifier",
    "Join", "Order", "Ordered", "Paren", "Select", "Subquery", "Table", "TableAlias", "Union",
    "Var", "Where", "Window", "WindowSpec",
}  # fmt: skip
VALUES = {
    "Abs", "Add", "And", "Boolean", "Case", "Cast", "Coalesce", "Contains", "DateDiff",
    "EQ", "EndsWith", "GT", "GTE", "Greatest", "If", "In", "IntDiv", "Is", "LT", "LTE", "Least",
    "Literal", "Mod", "Month", "Mul", "NEQ", "Neg", "Not", "Null", "NullSafeEQ", "Or",
    "StartsWith", "Sub", "Year", "Day", "BitwiseXor",
}  # fmt: skip
TOTALS = {"Sum", "Min", "Max", "Count", "RowNumber", "Lag"}
PUT_TOGETHER = {"Concat", "DateAdd", "DateFromParts", "Div", "Nullif"}
"""How months, days and texts are put together, and quotients of decimals."""
TYPES = {"BIGINT", "DECIMAL(38, 0)", "TEXT", "DATE", "BOOLEAN", "INT"}


def departures(tree: exp.Expr) -> list[str]:
    """Return what a statement holds that other servers may read otherwise, or not at all."""
    return [*_unknown_nodes(tree), *_totals(tree), *_quotients(tree), *_windows(tree)]


def _unknown_nodes(tree: exp.Expr) -> Iterator[str]:
    known = SHAPES | VALUES | TOTALS | PUT_TOGETHER
    for node in tree.walk():
        kind = type(node).__name__
        if kind not in known:
            yield f"a {kind}: {node.sql('spark')[:80]}"
        if isinstance(node, exp.Cast) and node.to.sql() not in TYPES:
            yield f"a cast to {node.to.sql()}"


def _totals(tree: exp.Expr) -> Iterator[str]:
    """Each engine gives sums and counts a type of its own: they are cast where they arise."""
    for total in tree.find_all(exp.AggFunc, exp.RowNumber):
        around = total.parent
        if isinstance(around, exp.Window) and around.this is total:
            around = around.parent
        if not isinstance(around, exp.Cast):
            yield f"a total without a type: {total.sql()}"


def _quotients(tree: exp.Expr) -> Iterator[str]:
    """Fractions arise nowhere: only what divides evenly is divided, and is whole at once."""
    for quotient in tree.find_all(exp.Div):
        upper, lower = quotient.left.unnest(), quotient.right
        left = upper.right.unnest() if isinstance(upper, exp.Sub) else None
        is_even = isinstance(left, exp.Mod) and (left.left, left.right) == (upper.left, lower)
        if not is_even or not isinstance(quotient.parent, exp.Cast):
            yield f"a fraction: {quotient.sql()}"


def _windows(tree: exp.Expr) -> Iterator[str]:
    for window in tree.find_all(exp.Window):
        order, spec = window.args.get("order"), window.args.get("spec")
        is_ordered = isinstance(window.this, exp.RowNumber | exp.Lag) or spec is not None
        if is_ordered and order is None:
            yield f"a window without an order: {window.sql()}"
        if order is not None and isinstance(window.this, exp.Sum):
            frame = None if spec is None else (spec.args["kind"], spec.args["end"])
            if frame != ("ROWS", "CURRENT ROW"):
                yield f"a running total over rows that are not told: {window.sql()}"
