"""Credit rules that credit orders: direct ones, and overlays as the direct ones they are like."""

from functools import cache

from premia_plan.checked import CheckedPlan, CreditRule, DirectCredit, OverlayCredit, RollupCredit


def as_direct(plan: CheckedPlan, rule: CreditRule) -> DirectCredit | None:
    """Return the rule by which orders are credited; None if it credits superiors.

    An overlay is one share, rounded for itself, of the deals of the rule that it is of.
    """
    if isinstance(rule, OverlayCredit):
        base = plan.credits[rule.of]
        return _overlay(rule, base) if isinstance(base, DirectCredit) else None
    return rule if isinstance(rule, DirectCredit) else None


@cache
def _overlay(rule: OverlayCredit, base: DirectCredit) -> DirectCredit:
    return DirectCredit(
        rule.name,
        base.amount,
        (rule.share,),
        rule.path,
        where=base.where,
        divides="each",
        sums_to_all=False,
        cap=base.cap,
    )


def is_cut_plainly(rule: DirectCredit) -> bool:
    """Say whether shares that are written down, and one that takes the rest, divide the amount."""
    return (
        rule.is_plain
        and any(share.is_rest for share in rule.shares)
        and not any(share.weight is not None for share in rule.shares)
    )


def path_of(plan: CheckedPlan, name: str, place: int, level: int) -> str:
    """Return the id of a rule's credit without its order."""
    rule = plan.credits[name]
    match rule:
        case RollupCredit():
            return f"{path_of(plan, rule.of, place, 0)}/{name}.{level}"
        case OverlayCredit():
            return f"/{name}"
    return f"/{name}.{place}"
