"""Columns that nobody reads are left out of every relation, and relations that nobody reads too.

The lowering lets each noun pass on what it was given. What is kept must be narrow, so this goes
through a program from its results backwards.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import singledispatch

from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Distinct,
    Expression,
    Filter,
    Join,
    Operation,
    Project,
    Relation,
    Scan,
    Union,
    Window,
    columns_of,
    only,
)
from calc_engine.engine.program import Program, Step

Names = frozenset[str]


def pruned(program: Program) -> Program:
    """Return the program that gives the same results of no more than they need."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for scan in program.results.values():
        wanted[scan.name].update(scan.columns)
    steps: list[Step] = []
    for step in reversed(program.steps):
        names = wanted.get(step.name)
        if names is None:
            continue
        relation = _exactly(step.relation, frozenset(names))
        for scan in scans_of(relation):
            wanted[scan.name].update(scan.columns)
        steps.append(Step(step.name, relation, step.is_kept))
    return replace(program, steps=_kept_if_read_again(program, steps[::-1]))


def _kept_if_read_again(program: Program, steps: list[Step]) -> list[Step]:
    """Keep only what would be worked out more than once, and results that were to be kept."""
    times: dict[str, int] = defaultdict(int)
    asked = {scan.name for scan in program.results.values()}
    found: list[Step] = []
    for step in reversed(steps):
        is_kept = step.is_kept and (times[step.name] > 1 or step.name in asked)
        read = 1 if is_kept else max(times[step.name], 1)
        for scan in scans_of(step.relation):
            times[scan.name] += read
        found.append(Step(step.name, step.relation, is_kept))
    return found[::-1]


def last_reads(program: Program) -> dict[int, list[str]]:
    """Return after which step which kept relations are read no more, results apart."""
    kept = {step.name for step in program.steps if step.is_kept}
    below: dict[str, frozenset[str]] = {}
    last: dict[str, int] = {}
    for place, step in enumerate(program.steps):
        reads = frozenset(
            name
            for scan in scans_of(step.relation)
            for name in below.get(scan.name, frozenset({scan.name} & kept))
        )
        if step.is_kept:
            last.update(dict.fromkeys(reads, place))
        else:
            below[step.name] = reads
    wanted = {
        name
        for scan in program.results.values()
        for name in below.get(scan.name, frozenset({scan.name}))
    }
    found: dict[int, list[str]] = defaultdict(list)
    for name, place in last.items():
        if name not in wanted:
            found[place].append(name)
    return found


def _exactly(relation: Relation, wanted: Names) -> Relation:
    """Return a relation with exactly some of its columns, in their order."""
    found = narrowed(relation, wanted)
    names = [name for name in columns_of(relation) if name in wanted]
    return found if list(columns_of(found)) == names else only(found, *names)


@singledispatch
def narrowed(relation: Relation, wanted: Names) -> Relation:
    """Return a relation with at least some of its columns, and few others."""
    raise TypeError(f"{type(relation).__name__} is no relation that gives {sorted(wanted)}")


@narrowed.register
def _(relation: Scan, wanted: Names) -> Relation:
    kept = {name: kind for name, kind in relation.columns.items() if name in wanted}
    # Rows are counted even where none of their columns is read.
    return Scan(relation.name, kept or dict([next(iter(relation.columns.items()))]))


@narrowed.register
def _(relation: Project, wanted: Names) -> Relation:
    outputs = {name: value for name, value in relation.outputs.items() if name in wanted}
    return Project(narrowed(relation.source, _read(outputs.values())), outputs)


@narrowed.register
def _(relation: Filter, wanted: Names) -> Relation:
    source = narrowed(relation.source, wanted | _read([relation.condition]))
    return Filter(source, relation.condition)


@narrowed.register
def _(relation: Join, wanted: Names) -> Relation:
    tested = frozenset() if relation.test is None else _read([relation.test])
    take = {n: column for n, column in relation.take.items() if n in wanted or n in tested}
    if not take and _adds_no_row(relation):
        return narrowed(relation.left, wanted)
    left = ((wanted | tested) - frozenset(relation.take)) | {name for name, _ in relation.on}
    right = frozenset(take.values()) | {name for _, name in relation.on}
    return Join(
        narrowed(relation.left, frozenset(left)),
        narrowed(relation.right, right),
        relation.on,
        take,
        relation.test,
        relation.keeps_left,
        relation.unknown_fits,
    )


def _adds_no_row(join: Join) -> bool:
    """Say whether each left row stays one row: it finds one of a group at most, or stays alone."""
    right = join.right
    return (
        join.keeps_left
        and isinstance(right, Aggregate)
        and set(right.keys) <= {name for _, name in join.on}
    )


@narrowed.register
def _(relation: Aggregate, wanted: Names) -> Relation:
    totals = {name: total for name, total in relation.totals.items() if name in wanted}
    read = _read(value for _, value in totals.values()) | frozenset(relation.keys)
    return Aggregate(narrowed(relation.source, read), relation.keys, totals)


@narrowed.register
def _(relation: Window, wanted: Names) -> Relation:
    if relation.output not in wanted:
        return narrowed(relation.source, wanted)
    read = set(wanted - {relation.output}) | set(relation.partition)
    read.update(name for name, _ in relation.order)
    if relation.value is not None:
        read |= _read([relation.value])
    return Window(
        narrowed(relation.source, frozenset(read)),
        relation.output,
        relation.function,
        relation.value,
        relation.partition,
        relation.order,
    )


@narrowed.register
def _(relation: Union, wanted: Names) -> Relation:
    order = [name for name in columns_of(relation) if name in wanted]
    return Union(tuple(only(narrowed(part, wanted), *order) for part in relation.parts))


@narrowed.register
def _(relation: Distinct, wanted: Names) -> Relation:  # noqa: ARG001 - each column tells rows apart
    return Distinct(_exactly(relation.source, frozenset(columns_of(relation.source))))


def _read(values: Iterable[Expression]) -> Names:
    """Return the columns that some expressions read."""
    return frozenset(name for value in values for name in _columns(value))


def _columns(value: Expression) -> Iterator[str]:
    if isinstance(value, Column):
        yield value.name
    elif isinstance(value, Operation):
        for argument in value.arguments:
            yield from _columns(argument)


def scans_of(relation: Relation) -> Iterator[Scan]:
    """Yield the named relations that a relation reads."""
    match relation:
        case Scan():
            yield relation
        case Join():
            yield from scans_of(relation.left)
            yield from scans_of(relation.right)
        case Union():
            for part in relation.parts:
                yield from scans_of(part)
        case _:
            yield from scans_of(relation.source)
