"""What part of a deal each share takes."""

from collections.abc import Sequence
from fractions import Fraction

from premia_plan.checked import Share
from premia_plan.quantities import percent_text
from premia_plan.reasons import because
from premia_plan.reference.deals import DealScope
from premia_plan.reference.figure import number_from
from premia_plan.reference.refusal import NotCalculated

WHOLE, NOTHING = Fraction(1), Fraction(0)


def ratios_of(
    shares: Sequence[Share], scope: DealScope, *, sums_to_all: bool, rule: str
) -> list[Fraction]:
    """Return the part that each of the shares takes that apply.

    Raises:
        NotCalculated: if a share is unknown or negative, or they do not add up as they must.
    """
    known = [_known(share, scope) for share in shares]
    left = WHOLE - sum((ratio for ratio in known if ratio is not None), NOTHING)
    weights = sum((_weight(share) for share in shares), NOTHING)
    ratios = [
        left * _weight(share) / weights if ratio is None else ratio
        for share, ratio in zip(shares, known, strict=True)
    ]
    total = sum(ratios, NOTHING)
    if any(ratio < 0 for ratio in ratios) or (sums_to_all and total != WHOLE):
        listed = ", ".join(percent_text(ratio) for ratio in ratios) or percent_text(NOTHING)
        reason = because("shares_do_not_add_up", credit=rule, shares=listed)
        raise NotCalculated(reason, "Correct the shares at their source; the next run credits it")
    return ratios


def _known(share: Share, scope: DealScope) -> Fraction | None:
    return share.ratio if share.value is None else number_from(share.value, scope)


def _weight(share: Share) -> Fraction:
    """Return the weight by which a share divides what is left; the rest is one of weight 1."""
    if share.weight is not None:
        return share.weight
    return WHOLE if share.is_rest else NOTHING
