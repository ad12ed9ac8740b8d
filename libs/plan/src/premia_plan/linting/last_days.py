"""Ends on the last day of a month, which is out: mostly the day after is meant."""

from collections.abc import Iterator
from datetime import date, timedelta

from premia_plan.checked import CheckedPlan
from premia_plan.language import Words
from premia_plan.linting.remark import Remark

_DAY = timedelta(days=1)


def last_days(plan: CheckedPlan) -> Iterator[Remark]:
    """Yield the ends of the plan and its campaigns that leave out the last day of a month.

    Rows of tables are not named: a day that no row fits is a gap.
    """
    if _is_last(plan.valid_to):
        yield _remark("/valid/to", plan.valid_to, plan.name)
    for campaign in plan.campaigns.values():
        if _is_last(campaign.ends):
            yield _remark(f"{campaign.path}/to", campaign.ends, campaign.name)


def _is_last(day: date) -> bool:
    return (day + _DAY).day == 1


def _remark(path: str, day: date, name: str) -> Remark:
    after = day + _DAY
    return Remark(
        "last_day",
        path,
        Words(
            f"the day of `to` is out: {name} ends before {day}",
            f"il giorno di `to` non è compreso: {name} finisce prima del {day}",
        ),
        Words(
            f"Write to: {after} if the last day of the month counts",
            f"Scrivi to: {after} se l'ultimo giorno del mese conta",
        ),
        Words(
            f"an order of {day} is under {name} no more",
            f"un ordine del {day} non rientra più in {name}",
        ),
    )
