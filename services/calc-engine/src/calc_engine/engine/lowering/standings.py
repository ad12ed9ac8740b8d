"""Who takes part in the plan, is assigned to it and has accepted it, on every day."""

from calc_engine.engine.codes import Standing
from calc_engine.engine.ir import (
    Column,
    Expression,
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
from calc_engine.engine.layout import NOBODY
from calc_engine.engine.lowering.context import Context
from calc_engine.engine.lowering.facts import payee_halves
from calc_engine.engine.lowering.formulas import lower
from calc_engine.engine.lowering.scopes import PayeeScope
from calc_engine.engine.values import (
    TRUE,
    case,
    compare,
    day,
    every,
    greatest,
    is_unknown,
    known_or,
    least,
    negated,
    whole,
)


def standings(context: Context) -> Scan:
    """Return one row per payee, principal and piece of time, covering all time."""
    halves = payee_halves(context)
    pieces, assigned = context.scan("payee_pieces"), context.scan("standings")
    payees = Join(
        pieces,
        context.scan("payees"),
        (("payee_no", "payee_no"),),
        {"payee_id": "payee_id", **halves},
        keeps_left=True,
    )
    takes_part = lower(
        context.plan.participants.expression, PayeeScope(context.plan, columns_of(payees))
    )
    who = extended(payees, takes_part=takes_part.condition)
    both = Join(
        assigned,
        who,
        (("payee_no", "payee_no"),),
        {
            "takes_part": "takes_part",
            "other_from": "from_day",
            "other_until": "until_day",
            **{name: name for name in halves},
        },
        test=every(
            compare("<", Column("from_day", Kind.DATE), Column("other_until", Kind.DATE)),
            compare("<", Column("other_from", Kind.DATE), Column("until_day", Kind.DATE)),
        ),
    )
    accepted: Expression = column(both, "is_accepted")
    if not context.plan.acceptance_required:
        accepted = TRUE
    cut = extended(
        both,
        from_day=greatest(column(both, "from_day"), column(both, "other_from")),
        until_day=least(column(both, "until_day"), column(both, "other_until")),
        standing=case(
            [
                (negated(column(both, "takes_part")), whole(Standing.NOT_PARTICIPATING)),
                (negated(column(both, "is_assigned")), whole(Standing.NOT_ASSIGNED)),
                (negated(column(both, "is_own")), whole(Standing.OTHER_PRINCIPAL)),
            ],
            whole(Standing.PAID),
        ),
        is_accepted=accepted,
    )
    narrow = only(
        cut,
        "plan_no",
        "payee_no",
        "principal_no",
        "from_day",
        "until_day",
        "standing",
        "is_accepted",
        *halves,
    )
    return context.program.name("payee_standings", in_force(context, narrow), kept=True)


def in_force(context: Context, dated: Relation) -> Relation:
    """Leave out the pieces of time in which no order can come under the plan."""
    plan = context.plan
    return Filter(
        dated,
        every(
            compare(">", column(dated, "until_day"), day(plan.valid_from)),
            compare("<", column(dated, "from_day"), day(plan.valid_to)),
        ),
    )


def with_standing(context: Context, credits: Relation, standing: Scan) -> Relation:
    """Add how the payee of each credit stands on the day that puts the order under the plan.

    A payee who is nobody, or whom nobody knows, stands as such.
    """
    by_day, payee = column(credits, "by_day"), column(credits, "payee_no")
    halves = payee_halves(context)
    found = Join(
        credits,
        standing,
        (("plan_no", "plan_no"), ("payee_no", "payee_no"), ("principal_no", "principal_no")),
        {
            "found_standing": "standing",
            "found_accepted": "is_accepted",
            "s_from": "from_day",
            "s_until": "until_day",
            **{name: name for name in halves},
        },
        test=every(
            compare("<=", Column("s_from", Kind.DATE), by_day),
            compare("<", by_day, Column("s_until", Kind.DATE)),
        ),
        keeps_left=True,
    )
    told = extended(
        found,
        standing=case(
            [
                (is_unknown(payee), whole(Standing.MISSING)),
                (compare("=", payee, whole(NOBODY)), whole(Standing.UNKNOWN)),
            ],
            Column("found_standing", Kind.WHOLE),
        ),
        accepted=known_or(Column("found_accepted", Kind.BOOL), TRUE),
    )
    return only(told, *columns_of(credits), "standing", "accepted", *halves)
