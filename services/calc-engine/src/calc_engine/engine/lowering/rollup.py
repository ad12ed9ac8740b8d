"""Roll-ups: superiors credited with what those below them were credited with."""

from calc_engine.engine.ir import (
    Column,
    Filter,
    Join,
    Kind,
    Relation,
    Scan,
    column,
    columns_of,
    extended,
    only,
)
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.scopes import OrderScope
from calc_engine.engine.lowering.standings import with_standing
from calc_engine.engine.values import compare, every, is_known, text, whole
from premia_plan.checked import RollupCredit


def rolled_up(
    context: Context, rule: RollupCredit, below: Relation, standing: Scan, *, kept: bool
) -> Scan:
    """Return one row per credit below and superior, up to the rule's levels."""
    chains = context.scan("chains")
    scope = OrderScope(context.plan, context.arranged)
    day = lower(rule.dated_by.expression, scope).plain
    of_hierarchy = Filter(
        chains,
        every(
            compare("=", column(chains, "hierarchy"), text(rule.hierarchy)),
            compare("<=", column(chains, "level"), whole(rule.levels)),
        ),
    )
    dated = extended(below, roll_day=day)
    payee = column(dated, "payee_no")
    resolved = Filter(dated, every(is_known(payee), compare(">", payee, whole(0))))
    on = Column("roll_day", Kind.DATE)
    found = Join(
        resolved,
        of_hierarchy,
        (("payee_no", "payee_no"),),
        {
            "superior_no": "superior_no",
            "above": "level",
            "c_from": "from_day",
            "c_until": "until_day",
        },
        test=every(
            compare("<=", Column("c_from", Kind.DATE), on),
            compare("<", on, Column("c_until", Kind.DATE)),
        ),
    )
    dropped = {
        "standing",
        "accepted",
        "payee_no",
        "level",
        "below_no",
        "base_numerator",
        "base_denominator",
    }
    passed_on = [name for name in columns_of(below) if name not in dropped]
    superiors = only(found, *passed_on, payee_no="superior_no", level="above", below_no="payee_no")
    credits = with_standing(superiors, standing)
    _ask_unclear(context, rule, resolved)
    return context.program.name(f"credits_{rule.name}", credits, kept=kept)


def _ask_unclear(context: Context, rule: RollupCredit, resolved: Relation) -> None:
    """Ask which payees' chains are unclear on a day on which something is to be rolled up."""
    unclear = context.scan("unclear")
    of_hierarchy = Filter(unclear, compare("=", column(unclear, "hierarchy"), text(rule.hierarchy)))
    on = Column("roll_day", Kind.DATE)
    found = Join(
        resolved,
        of_hierarchy,
        (("payee_no", "payee_no"),),
        {"c_from": "from_day", "c_until": "until_day"},
        test=every(
            compare("<=", Column("c_from", Kind.DATE), on),
            compare("<", on, Column("c_until", Kind.DATE)),
        ),
    )
    context.program.result(f"unclear_{rule.name}", only(found, "payee_no", "roll_day"))
