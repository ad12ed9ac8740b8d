"""Whose figures credits count for: payees, their teams, territories, categories, or the plan."""

from calc_engine.engine.ir import (
    Column,
    Distinct,
    Filter,
    Join,
    Kind,
    Relation,
    Scan,
    Union,
    Window,
    column,
    columns_of,
    extended,
    only,
)
from calc_engine.engine.lowering.cells.people import with_attribute
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.ratio import Ratio
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.values import compare, every, is_known, text, whole
from premia_plan.checked import Per, SummedMeasure

PLAN_NO = 1
"""The number of the whole plan among the subjects of a measure per plan."""
OWN = frozenset({"payee", "team"})
"""The kinds of figures that each payee has one of, numbered as payees are."""


def is_own(per: Per) -> bool:
    """Say whether each payee has such a figure alone: an own one, or that of the own team."""
    return per.kind in OWN


def counted_for(context: Context, rule: SummedMeasure, rows: Relation) -> Relation:
    """Return counted credits once for each subject, whose number stands for the payee's.

    The rows have `measured_on` and what the order says.
    """
    match rule.per.kind:
        case "payee":
            return rows
        case "plan":
            return extended(rows, payee_no=whole(PLAN_NO))
        case "team":
            return _for_teams(context, rule, rows)
        case tree:
            return _for_codes(context, tree, rows)


def _for_teams(context: Context, rule: SummedMeasure, rows: Relation) -> Relation:
    along = text(rule.per.along or "")
    chains, unclear = context.scan("chains"), context.scan("unclear")
    on = column(rows, "measured_on")
    held = every(
        compare("<=", Column("c_from", Kind.DATE), on),
        compare("<", on, Column("c_until", Kind.DATE)),
    )
    span = {"c_from": "from_day", "c_until": "until_day"}
    asked = Join(
        rows,
        Filter(unclear, compare("=", column(unclear, "hierarchy"), along)),
        (("payee_no", "payee_no"),),
        span,
        test=held,
    )
    context.program.result(
        f"unclear_team_{rule.name}", Distinct(only(asked, "payee_no", roll_day="measured_on"))
    )
    above = Join(
        rows,
        Filter(chains, compare("=", column(chains, "hierarchy"), along)),
        (("payee_no", "payee_no"),),
        {"superior_no": "superior_no", **span},
        test=held,
    )
    names = columns_of(rows)
    led = extended(above, payee_no=Column("superior_no", Kind.WHOLE))
    return Union((only(rows, *names), only(led, *names)))


def _for_codes(context: Context, tree: str, rows: Relation) -> Relation:
    paths, numbers = context.scan("tree_paths"), subject_numbers(context, tree)
    names = columns_of(rows)
    own = extended(rows, counted_code=column(rows, tree))
    of_tree = Filter(paths, compare("=", column(paths, "tree"), text(tree)))
    above = Join(rows, of_tree, ((tree, "code"),), {"counted_code": "above"})
    wanted = (*names, "counted_code")
    both = Union((only(own, *wanted), only(above, *wanted)))
    found = Join(both, numbers, (("counted_code", "code"),), {"subject_no": "subject_no"})
    return only(extended(found, payee_no=Column("subject_no", Kind.WHOLE)), *names)


def subject_numbers(context: Context, tree: str) -> Scan:
    """Return the codes of a tree and of orders, numbered in their order."""
    name = f"subjects_{tree}"
    schema = {"code": Kind.TEXT, "subject_no": Kind.WHOLE}
    if name in {step.name for step in context.program.steps}:
        return Scan(name, schema)
    paths, orders = context.scan("tree_paths"), context.scan("orders")
    of_tree = Filter(paths, compare("=", column(paths, "tree"), text(tree)))
    codes = Union((only(of_tree, code="above"), only(orders, code=tree)))
    code = column(codes, "code")
    known = Distinct(Filter(codes, every(is_known(code), compare("!=", code, text("")))))
    alike = extended(known, plan_no=whole(0))
    numbered = Window(alike, "subject_no", "place", None, ("plan_no",), (("code", "rising"),))
    return context.program.name(name, only(numbered, *schema), kept=True)


def whose(kind: str) -> tuple[str, str]:
    """Return the columns of the number and the code of the subject that a payee's cell reads."""
    return f"whose_{kind}_no", f"whose_{kind}_code"


def with_own_subject(context: Context, relation: Relation, per: Per, on: str) -> Relation:
    """Add the number of the subject whose figure each payee's cell reads, and its code.

    Raises:
        NotLowered: if payees' codes are no texts.
    """
    number, code = whose(per.kind)
    if number in columns_of(relation):
        return relation
    if per.kind == "plan":
        return extended(relation, **{number: whole(PLAN_NO), code: text("")})
    name, day = f"payee.{per.kind}", Column(on, Kind.DATE)
    found, value = with_attribute(context, relation, name, code, day)
    if isinstance(value, Ratio) or value.kind is not Kind.TEXT:
        raise NotLowered(f"measures per {per.kind} of payees whose {per.kind} is no text")
    numbers = subject_numbers(context, per.kind)
    return Join(found, numbers, ((code, "code"),), {number: "subject_no"}, keeps_left=True)


def for_payees(context: Context, rule: SummedMeasure, rows: Relation, payees: Relation) -> Relation:
    """Return rows about subjects as rows about the payees who read them.

    `payees` are cells of payees with the last day of each period; of the rows every column but
    the subject is kept.
    """
    if is_own(rule.per):
        return rows
    number, _ = whose(rule.per.kind)
    readers = with_own_subject(context, payees, rule.per, "p_last_day")
    take = {name: name for name in columns_of(rows) if name not in ("plan_no", "payee_no", "month")}
    joined = Join(
        only(readers, "plan_no", "payee_no", "month", number),
        rows,
        (("plan_no", "plan_no"), ("month", "month"), (number, "payee_no")),
        take,
    )
    return only(joined, *columns_of(rows))
