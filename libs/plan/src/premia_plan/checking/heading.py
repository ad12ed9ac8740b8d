"""What a plan says of itself: its time zone, its currency, and when it is valid."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from premia_common.money import UnknownCurrency, minor_digits
from premia_plan.checking.clause import Clause
from premia_plan.checking.miswritten import END_IS_OUT
from premia_plan.checking.tables import Validity
from premia_plan.language import Words, suggested


def check_zone(clause: Clause) -> None:
    """Note a time zone that is not known."""
    if clause.text not in _time_zones():
        hint = suggested(clause.text, _time_zones())
        clause.error(
            "time_zone.unknown",
            Words(
                f"the time zone {clause.text} is not known",
                f"il fuso orario {clause.text} non è noto",
            ),
            Words(hint.en[:200], hint.it[:200]),
        )
        return
    ZoneInfo(clause.text)


@cache
def _time_zones() -> frozenset[str]:
    """Return the names of all time zones, looked up once: it takes longer than to check a plan."""
    return frozenset(available_timezones())


def check_currency(clause: Clause) -> None:
    """Note a currency whose minor unit is not known.

    Raises:
        ClauseRefused: after noting it.
    """
    try:
        minor_digits(clause.text)
    except UnknownCurrency as error:
        raise clause.refuse(
            "currency.unknown",
            Words(str(error), f"la valuta {clause.text} non è nota"),
            Words("Use one of ISO 4217, such as EUR", "Usane una dell'ISO 4217, come EUR"),
        ) from None


def read_validity(clause: Clause) -> Validity:
    """Read from which day to which a plan is valid.

    Raises:
        ClauseRefused: after noting that these are no days, or none in between.
    """
    validity = Validity(clause.part("from").day(), clause.part("to").day())
    if validity.end <= validity.start:
        message = Words("the plan ends before it starts", "il piano finisce prima di cominciare")
        raise clause.refuse("valid.empty", message, END_IS_OUT)
    return validity
