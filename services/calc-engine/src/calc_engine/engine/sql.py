"""Relations printed as SQL, of the portable subset only."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import singledispatchmethod

from sqlglot import exp

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
from calc_engine.engine.portable import TYPES, WIDE_OF, operations

Side = Callable[[str], exp.Column]


class Printer:
    """Prints relations for one dialect.

    The trees are built without sqlglot's copies: a tree is used once, and copying whole subtrees
    at every level took most of the time of a small calculation.
    """

    def __init__(self, dialect: str = "duckdb") -> None:
        self.dialect = dialect
        names = {**TYPES, Kind.WIDE: WIDE_OF.get(dialect, TYPES[Kind.WIDE])}
        self._types = {
            kind: exp.DataType.build(name, dialect=dialect) for kind, name in names.items()
        }
        self._operations = dict(operations(self._cast))
        if dialect == "duckdb":
            self._operations["common_divisor"] = lambda a, b: exp.func("gcd", a, b)
        self._has_wide_whole = dialect in WIDE_OF

    def text(self, relation: Relation) -> str:
        """Return a relation as one SELECT."""
        return self.tree(relation).sql(dialect=self.dialect, copy=False)

    @singledispatchmethod
    def tree(self, relation: Relation) -> exp.Query:
        """Return a relation as sqlglot's tree."""
        raise TypeError(f"{type(relation).__name__} is no relation")

    @tree.register
    def _(self, relation: Scan) -> exp.Query:
        return _select(map(_column, relation.columns), exp.to_table(relation.name))

    @tree.register
    def _(self, relation: Project) -> exp.Query:
        outputs = [self._as(name, value) for name, value in relation.outputs.items()]
        return _select(outputs, self._source(relation.source))

    @tree.register
    def _(self, relation: Filter) -> exp.Query:
        query = _select(map(_column, columns_of(relation)), self._source(relation.source))
        return query.where(self._value(relation.condition), copy=False)

    @tree.register
    def _(self, relation: Union) -> exp.Query:
        query = self.tree(relation.parts[0])
        for part in relation.parts[1:]:
            query = exp.Union(this=query, expression=self.tree(part), distinct=False)
        return query

    @tree.register
    def _(self, relation: Distinct) -> exp.Query:
        query = _select(map(_column, columns_of(relation)), self._source(relation.source))
        return query.distinct(copy=False)

    @tree.register
    def _(self, join: Join) -> exp.Query:
        right_of = dict(join.take)

        def side(name: str) -> exp.Column:
            if name in right_of:
                return exp.column(right_of[name], table="r", quoted=True)
            return exp.column(name, table="l", quoted=True)

        outputs: list[exp.Expr] = [
            exp.column(name, table="l", quoted=True) for name in columns_of(join.left)
        ]
        outputs += [_alias(side(name), name) for name in join.take]
        agree = exp.NullSafeEQ if join.unknown_fits else exp.EQ
        pairs: list[exp.Expr] = [
            agree(
                this=exp.column(left, table="l", quoted=True),
                expression=exp.column(right, table="r", quoted=True),
            )
            for left, right in join.on
        ]
        test = None if join.test is None else self._value(join.test, side)
        if join.keeps_left and test is not None:
            pairs.append(test)
        query = _select(outputs, self._source(join.left, "l")).join(
            self._source(join.right, "r"),
            on=exp.and_(*pairs, copy=False) if pairs else exp.true(),
            join_type="LEFT" if join.keeps_left else "INNER",
            copy=False,
        )
        if test is not None and not join.keeps_left:
            return query.where(test, copy=False)
        return query

    @tree.register
    def _(self, aggregate: Aggregate) -> exp.Query:
        functions: Mapping[str, type[exp.Func]] = {
            "sum": exp.Sum,
            "min": exp.Min,
            "max": exp.Max,
            "count": exp.Count,
        }
        outputs: list[exp.Expr] = [_column(key) for key in aggregate.keys]
        for name, (function, value) in aggregate.totals.items():
            summed = self._value(value)
            if function == "sum":
                summed = self._checked(summed)
            total = functions[function](this=summed)
            kind = Kind.WHOLE if function == "count" else value.kind
            outputs.append(_alias(self._cast(total, kind), name))
        query = _select(outputs, self._source(aggregate.source))
        if not aggregate.keys:
            return query
        return query.group_by(*map(_column, aggregate.keys), copy=False)

    @tree.register
    def _(self, window: Window) -> exp.Query:
        functions: Mapping[str, type[exp.Expr]] = {
            "running": exp.Sum,
            "total": exp.Sum,
            "before": exp.Lag,
        }
        made = functions.get(window.function)
        this: exp.Expr = exp.RowNumber()
        kind = Kind.WHOLE
        if made is not None and window.value is not None:
            this, kind = self._value(window.value), window.value.kind
            this = made(this=self._checked(this) if made is exp.Sum else this)
        over = exp.Window(this=this, partition_by=[_column(name) for name in window.partition])
        if window.order:
            ordered = [
                exp.Ordered(this=_column(name), desc=direction == "falling", nulls_first=False)
                for name, direction in window.order
            ]
            over.set("order", exp.Order(expressions=ordered))
        if window.function == "running":
            spec = exp.WindowSpec(
                kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW"
            )
            over.set("spec", spec)
        outputs: list[exp.Expr] = [*map(_column, columns_of(window.source))]
        outputs.append(_alias(self._cast(over, kind), window.output))
        return _select(outputs, self._source(window.source))

    def _source(self, relation: Relation, alias: str = "t") -> exp.Expr:
        named = exp.TableAlias(this=exp.to_identifier(alias))
        if isinstance(relation, Scan):
            table = exp.to_table(relation.name)
            table.set("alias", named)
            return table
        return exp.Subquery(this=self.tree(relation), alias=named)

    def _as(self, name: str, value: Expression) -> exp.Expr:
        if isinstance(value, Column) and value.name == name:
            return _column(name)
        return _alias(self._value(value), name)

    def _value(self, value: Expression, side: Side | None = None) -> exp.Expr:
        match value:
            case Column():
                return (side or _column)(value.name)
            case Constant():
                return self._constant(value)
            case Operation():
                arguments = [self._value(argument, side) for argument in value.arguments]
                if value.name in {"divide", "remainder"} and not self._has_wide_whole:
                    return self._divided(value, *arguments)
                return exp.Paren(this=self._operations[value.name](*arguments))

    def _checked(self, value: exp.Expr) -> exp.Expr:
        """Return what is summed so that a sum which leaves 63 bits is an error and does not wrap.

        Sums in DuckDB are as wide as they need to be; a server's may be as narrow as what it sums.
        """
        return value if self._has_wide_whole else self._cast(value, Kind.WIDE)

    def _divided(self, value: Operation, upper: exp.Expr, lower: exp.Expr) -> exp.Expr:
        """Return a whole quotient or remainder as DuckDB gives it: unknown where that is by zero.

        Whole division of decimals would give, and wrap to, 64 bits: what divides evenly is divided.
        """
        if not isinstance(value.arguments[1], Constant):
            lower = exp.Nullif(this=lower, expression=exp.Literal.number(0))
        if value.name == "remainder" or value.kind is not Kind.WIDE:
            return exp.Paren(this=self._operations[value.name](upper, lower))
        left = exp.Paren(this=exp.Mod(this=upper.copy(), expression=lower.copy()))
        exact = exp.Paren(this=exp.Sub(this=upper, expression=left))
        return self._cast(exp.Div(this=exact, expression=lower, typed=True), Kind.WIDE)

    def _constant(self, constant: Constant) -> exp.Expr:
        value = constant.value
        if isinstance(value, bool):
            return exp.Boolean(this=value)
        if value is None:
            return self._cast(exp.Null(), constant.kind)
        if isinstance(value, int):
            return self._cast(exp.Literal.number(value), constant.kind)
        if isinstance(value, date):
            return self._cast(exp.Literal.string(value.isoformat()), Kind.DATE)
        return exp.Literal.string(value)

    def _cast(self, value: exp.Expr, kind: Kind) -> exp.Expr:
        return exp.Cast(this=value, to=self._types[kind].copy())


def _select(outputs: Iterable[exp.Expr], source: exp.Expr) -> exp.Select:
    return exp.Select(expressions=list(outputs)).from_(source, copy=False)


def _alias(value: exp.Expr, name: str) -> exp.Expr:
    return exp.Alias(this=value, alias=exp.to_identifier(name, quoted=True))


def _column(name: str) -> exp.Column:
    return exp.column(name, quoted=True)
