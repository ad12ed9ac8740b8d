"""The portable subset of SQL: every operation and type that the engine may print.

Each is in DuckDB and in Spark with the same meaning, so that one program gives one result on
either. Whole division and remainders are only used on numbers that are not negative, where
dialects agree; there is no rounding function and no fractional type.
"""

from collections.abc import Callable, Mapping

from sqlglot import exp

from calc_engine.engine.ir import Kind

Build = Callable[..., exp.Expr]
Cast = Callable[[exp.Expr, Kind], exp.Expr]

TYPES: Mapping[Kind, str] = {
    Kind.WHOLE: "BIGINT",
    Kind.WIDE: "DECIMAL(38, 0)",
    Kind.TEXT: "TEXT",
    Kind.DATE: "DATE",
    Kind.BOOL: "BOOLEAN",
}
WIDE_OF: Mapping[str, str] = {"duckdb": "HUGEINT"}
"""The widest whole number of a dialect that has a better one than a decimal of 38 digits."""


def operations(cast: Cast) -> Mapping[str, Build]:
    """Return how each operation is written; `cast` gives a value a kind's type."""
    binary: Mapping[str, type[exp.Expr]] = {
        "add": exp.Add,
        "subtract": exp.Sub,
        "multiply": exp.Mul,
        "divide": exp.IntDiv,
        "remainder": exp.Mod,
        "exclusive_or": exp.BitwiseXor,
        "equal": exp.EQ,
        "unequal": exp.NEQ,
        "less": exp.LT,
        "at_most": exp.LTE,
        "more": exp.GT,
        "at_least": exp.GTE,
        "starts_with": exp.StartsWith,
        "ends_with": exp.EndsWith,
        "contains": exp.Contains,
    }
    return {
        **{name: _binary(made) for name, made in binary.items()},
        "negative": lambda a: exp.Neg(this=a),
        "absolute": lambda a: exp.Abs(this=a),
        "and": lambda *parts: _chain(exp.And, parts),
        "or": lambda *parts: _chain(exp.Or, parts),
        "not": lambda a: exp.Not(this=exp.Paren(this=a)),
        "is_unknown": lambda a: exp.Is(this=a, expression=exp.Null()),
        "coalesce": lambda a, b: exp.Coalesce(this=a, expressions=[b]),
        "least": lambda a, *rest: exp.Least(this=a, expressions=list(rest)),
        "greatest": lambda a, *rest: exp.Greatest(this=a, expressions=list(rest)),
        "in": lambda a, *choices: exp.In(this=a, expressions=list(choices)),
        "case": _case,
        "concat": lambda *parts: exp.Concat(
            expressions=[cast(part, Kind.TEXT) for part in parts], safe=False, coalesce=False
        ),
        "narrow": lambda a: cast(a, Kind.WHOLE),
        "wide": lambda a: cast(a, Kind.WIDE),
        # Any common divisor keeps a fraction what it is; one is all that every dialect knows.
        "common_divisor": lambda _a, _b: exp.Literal.number(1),
        "month_of": lambda a: cast(_month_of(a), Kind.WHOLE),
        "first_day": _first_day,
        "next_day": lambda a: cast(_later(a, "DAY"), Kind.DATE),
        "next_month": lambda a: cast(_later(a, "MONTH"), Kind.DATE),
        "add_days": lambda a, n: cast(
            exp.DateAdd(this=a, expression=_int(n), unit=exp.var("DAY")), Kind.DATE
        ),
        "day_of_month": lambda a: cast(exp.Day(this=a), Kind.WHOLE),
        "days_between": lambda a, b: exp.DateDiff(this=b, expression=a, unit=exp.var("DAY")),
    }


def _binary(made: type[exp.Expr]) -> Build:
    return lambda a, b: made(this=a, expression=b)


def _chain(made: type[exp.Expr], parts: tuple[exp.Expr, ...]) -> exp.Expr:
    chained = parts[0]
    for part in parts[1:]:
        chained = made(this=chained, expression=part)
    return chained


def _case(*parts: exp.Expr) -> exp.Expr:
    branches = [
        exp.If(this=condition, true=value)
        for condition, value in zip(parts[:-1:2], parts[1:-1:2], strict=True)
    ]
    return exp.Case(ifs=branches, default=parts[-1])


def _month_of(day: exp.Expr) -> exp.Expr:
    year = exp.Mul(this=exp.Year(this=day), expression=exp.Literal.number(100))
    return exp.Add(this=year, expression=exp.Month(this=day.copy()))


def _later(day: exp.Expr, unit: str) -> exp.Expr:
    return exp.DateAdd(this=day, expression=exp.Literal.number(1), unit=exp.var(unit))


def _first_day(month: exp.Expr) -> exp.Expr:
    return exp.DateFromParts(
        year=_int(exp.IntDiv(this=month, expression=exp.Literal.number(100))),
        month=_int(exp.Mod(this=month.copy(), expression=exp.Literal.number(100))),
        day=exp.Literal.number(1),
    )


def _int(value: exp.Expr) -> exp.Expr:
    return exp.Cast(this=value, to=exp.DataType.build("INT"))
