"""Relations written as DuckDB's SQL: a few flat SELECTs rather than one in another.

`sql.py` prints the same relations with sqlglot, for any dialect. This writes text directly, which
takes a tenth of the time, and for small calculations printing is most of what they cost. A test
holds both to the same results.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache, singledispatchmethod

from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Constant,
    Distinct,
    Expression,
    Filter,
    Join,
    Kind,
    Operation,
    Project,
    Relation,
    Scan,
    Union,
    Window,
    columns_of,
)

TYPES: Mapping[Kind, str] = {
    Kind.WHOLE: "BIGINT",
    Kind.WIDE: "HUGEINT",
    Kind.TEXT: "TEXT",
    Kind.DATE: "DATE",
    Kind.BOOL: "BOOLEAN",
}
_BETWEEN: Mapping[str, str] = {
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "divide": "//",
    "remainder": "%",
    "equal": "=",
    "unequal": "<>",
    "less": "<",
    "at_most": "<=",
    "more": ">",
    "at_least": ">=",
    "and": "AND",
    "or": "OR",
}
_AROUND: Mapping[str, str] = {
    "negative": "(-{})",
    "absolute": "abs({})",
    "exclusive_or": "xor({}, {})",
    "not": "(NOT {})",
    "is_unknown": "({} IS NULL)",
    "narrow": "CAST({} AS BIGINT)",
    "wide": "CAST({} AS HUGEINT)",
    "month_of": "CAST(year({0}) * 100 + month({0}) AS BIGINT)",
    "next_day": "CAST({} + 1 AS DATE)",
    "next_month": "CAST({} + INTERVAL 1 MONTH AS DATE)",
    "first_day": "make_date(CAST({0} // 100 AS INTEGER), CAST({0} % 100 AS INTEGER), 1)",
    "days_between": "({1} - {0})",
}
_WRITTEN_TWICE = frozenset({"month_of", "first_day", "least", "greatest"})


@dataclass(frozen=True, slots=True)
class _Select:
    """One SELECT in the making: what each output is, where rows come from, and which are left out.

    Outputs in `plain` are columns or constants, which may be written more than once.
    """

    outputs: Mapping[str, str]
    source: str
    where: tuple[str, ...] = ()
    plain: frozenset[str] = frozenset()

    def text(self) -> str:
        outputs = ", ".join(
            value if value.endswith(f'."{name}"') else f'{value} AS "{name}"'
            for name, value in self.outputs.items()
        )
        where = f" WHERE {' AND '.join(self.where)}" if self.where else ""
        return f"SELECT {outputs} FROM {self.source}{where}"  # noqa: S608 - names and values of ours


@dataclass(slots=True)
class Statement:
    """Writes one relation."""

    _aliases: Iterator[str] = field(default_factory=lambda: (f"t{n}" for n in range(1 << 30)))

    def text(self, relation: Relation) -> str:
        """Return a relation as one query."""
        match relation:
            case Union():
                return " UNION ALL ".join(map(self.text, relation.parts))
            case Distinct():
                return self._select(relation.source).text().replace("SELECT", "SELECT DISTINCT", 1)
        return self._select(relation).text()

    def _below(self, relation: Relation) -> _Select:
        """Return a relation as a subquery, or by its name."""
        alias = next(self._aliases)
        source = f'"{relation.name}"' if isinstance(relation, Scan) else f"({self.text(relation)})"
        names = columns_of(relation)
        outputs = {name: f'{alias}."{name}"' for name in names}
        return _Select(outputs, f"{source} AS {alias}", plain=frozenset(names))

    def _select(self, relation: Relation) -> _Select:
        """Return a relation as a SELECT that more can be put on top of."""
        if isinstance(relation, (Union, Distinct, Scan)):
            return self._below(relation)
        return self._made(relation)

    @singledispatchmethod
    def _made(self, relation: Relation) -> _Select:
        raise TypeError(f"{type(relation).__name__} is no relation")

    @_made.register
    def _(self, relation: Project) -> _Select:
        values = relation.outputs.values()
        source = self._for(relation.source, values)
        outputs = {name: _value(value, source.outputs) for name, value in relation.outputs.items()}
        plain = frozenset(
            name
            for name, value in relation.outputs.items()
            if isinstance(value, Constant)
            or (isinstance(value, Column) and value.name in source.plain)
        )
        return replace(source, outputs=outputs, plain=plain)

    @_made.register
    def _(self, relation: Filter) -> _Select:
        source = self._for(relation.source, [relation.condition])
        return replace(source, where=(*source.where, _value(relation.condition, source.outputs)))

    @_made.register
    def _(self, join: Join) -> _Select:
        left, right = self._select(join.left), self._below(join.right)
        if not left.plain.issuperset(left.outputs):
            left = self._wrapped(left.text(), columns_of(join.left))
        taken = {name: right.outputs[column] for name, column in join.take.items()}
        both = {**left.outputs, **taken}
        agree = "IS NOT DISTINCT FROM" if join.unknown_fits else "="
        pairs = [f"{left.outputs[one]} {agree} {right.outputs[other]}" for one, other in join.on]
        test = None if join.test is None else _value(join.test, both)
        if test is not None and join.keeps_left:
            pairs.append(test)
        kind = "LEFT JOIN" if join.keeps_left else "JOIN"
        source = f"{left.source} {kind} {right.source} ON {' AND '.join(pairs) or 'TRUE'}"
        where = left.where
        if test is not None and not join.keeps_left:
            where = (*where, test)
        return _Select(both, source, where, left.plain | taken.keys())

    @_made.register
    def _(self, aggregate: Aggregate) -> _Select:
        values = [value for _, value in aggregate.totals.values()]
        kinds = columns_of(aggregate.source)
        source = self._for(
            aggregate.source, [*values, *(Column(k, kinds[k]) for k in aggregate.keys)]
        )
        outputs = {key: source.outputs[key] for key in aggregate.keys}
        for name, (function, value) in aggregate.totals.items():
            total = f"{function}({_value(value, source.outputs)})"
            if function in ("sum", "count"):
                total = f"CAST({total} AS {TYPES[value.kind if function == 'sum' else Kind.WHOLE]})"
            outputs[name] = total
        text = replace(source, outputs=outputs).text()
        if aggregate.keys:
            text += f" GROUP BY {', '.join(outputs[key] for key in aggregate.keys)}"
        return self._wrapped(text, columns_of(aggregate))

    @_made.register
    def _(self, window: Window) -> _Select:
        beside = _beside(window)
        source = self._below(beside[0].source)
        made = {each.output: _over(each, source.outputs) for each in beside}
        text = replace(source, outputs={**source.outputs, **made}).text()
        return self._wrapped(text, columns_of(window))

    def _wrapped(self, text: str, names: Iterable[str]) -> _Select:
        alias = next(self._aliases)
        outputs = {name: f'{alias}."{name}"' for name in names}
        return _Select(outputs, f"({text}) AS {alias}", plain=frozenset(outputs))

    def _for(self, relation: Relation, values: Iterable[Expression]) -> _Select:
        """Return a SELECT whose outputs can be written into some values, each once at most."""
        found = self._select(relation)
        used = Counter(name for value in values for name in _names(value))
        if any(count > 1 and name not in found.plain for name, count in used.items()):
            # What was written is put in brackets: to write it again would double it at every level.
            return self._wrapped(found.text(), columns_of(relation))
        return found


def _beside(window: Window) -> list[Window]:
    """Return windows over the same groups of rows, none of which reads another, innermost first.

    In one SELECT the rows are put into their groups once.
    """
    found, read = [window], _read_by(window)
    below = window.source
    while (
        isinstance(below, Window)
        and below.partition == window.partition
        and below.output not in read
    ):
        found.append(below)
        read |= _read_by(below)
        below = below.source
    return found[::-1]


def _read_by(window: Window) -> set[str]:
    values = () if window.value is None else _names(window.value)
    return {*window.partition, *(name for name, _ in window.order), *values}


def _over(window: Window, columns: Mapping[str, str]) -> str:
    functions = {"running": "sum", "total": "sum", "before": "lag"}
    function, kind = "row_number()", Kind.WHOLE
    if window.value is not None:
        value = _value(window.value, columns)
        function, kind = f"{functions[window.function]}({value})", window.value.kind
    over = []
    if window.partition:
        over.append(f"PARTITION BY {', '.join(columns[name] for name in window.partition)}")
    if window.order:
        ordered = (
            f"{columns[name]} {'DESC' if way == 'falling' else 'ASC'} NULLS LAST"
            for name, way in window.order
        )
        over.append(f"ORDER BY {', '.join(ordered)}")
    if window.function == "running":
        over.append("ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW")
    return f"CAST({function} OVER ({' '.join(over)}) AS {TYPES[kind]})"


def _names(value: Expression) -> Iterator[str]:
    """Yield the columns that a value is written with, as often as they are written."""
    if isinstance(value, Column):
        yield value.name
    elif isinstance(value, Operation):
        for argument in value.arguments:
            yield from _names(argument)
        if value.name in _WRITTEN_TWICE:
            for argument in value.arguments:
                yield from _names(argument)


def _value(value: Expression, columns: Mapping[str, str]) -> str:
    match value:
        case Column():
            return columns[value.name]
        case Constant():
            return _constant(value)
        case Operation():
            return _operation(value.name, [_value(part, columns) for part in value.arguments])


def _constant(constant: Constant) -> str:
    value = constant.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if value is None:
        return f"CAST(NULL AS {TYPES[constant.kind]})"
    if isinstance(value, int):
        return f"CAST({value} AS {TYPES[constant.kind]})"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    escaped = value.replace("'", "''")
    return f"'{escaped}'"


def _operation(name: str, arguments: list[str]) -> str:  # noqa: PLR0911 - one per way of writing
    between = _BETWEEN.get(name)
    if between is not None:
        return f"({f' {between} '.join(arguments)})"
    around = _AROUND.get(name)
    if around is not None:
        return around.format(*arguments)
    if name == "coalesce":
        return f"coalesce({', '.join(arguments)})"
    if name in ("least", "greatest"):
        # Unknown where one of them is, as everywhere; DuckDB alone would pass over it.
        unknown = " OR ".join(f"{part} IS NULL" for part in arguments)
        return f"(CASE WHEN {unknown} THEN NULL ELSE {name}({', '.join(arguments)}) END)"
    if name == "in":
        return f"({arguments[0]} IN ({', '.join(arguments[1:])}))"
    if name == "concat":
        return f"({' || '.join(f'CAST({part} AS TEXT)' for part in arguments)})"
    if name == "case":
        pairs = zip(arguments[:-1:2], arguments[1:-1:2], strict=True)
        branches = " ".join(f"WHEN {condition} THEN {value}" for condition, value in pairs)
        return f"(CASE {branches} ELSE {arguments[-1]} END)"
    return _by_sqlglot(name)(*arguments)


@lru_cache(maxsize=64)
def _by_sqlglot(name: str) -> Callable[..., str]:
    """Return how a rarer operation is written: as the portable subset says."""
    from sqlglot import exp  # noqa: PLC0415 - takes a tenth of a second, and few plans need it

    from calc_engine.engine.portable import operations  # noqa: PLC0415

    def cast(value: exp.Expr, kind: Kind) -> exp.Expr:
        return exp.Cast(this=value, to=exp.DataType.build(TYPES[kind], dialect="duckdb"))

    made = operations(cast)[name]
    return lambda *arguments: f"({made(*map(exp.var, arguments)).sql(dialect='duckdb')})"
