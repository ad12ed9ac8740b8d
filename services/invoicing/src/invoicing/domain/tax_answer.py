"""The answer to a statement revision: its tax items, or why there are none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from invoicing.domain.fiscal_profile import ApprovedProfile, profile_on
from invoicing.domain.parameters import ParameterInOtherCurrency, ParameterNotSet
from invoicing.domain.regime_choice import NoRegimeForProfile, regime_for
from invoicing.domain.statement import StatementRevision
from invoicing.domain.tax import TaxDates, TaxResult, calculate_tax
from invoicing.domain.tax_regime import TaxRegime
from premia_common.money import Money

NO_PROFILE = "no_approved_fiscal_profile"
NOT_VALID = "fiscal_profile_not_valid_on_date"
NO_REGIME = "no_tax_regime_for_profile"
NO_PARAMETER = "tax_parameter_not_set"
OTHER_CURRENCY = "tax_parameter_in_other_currency"


@dataclass(frozen=True, slots=True)
class TaxAnswer:
    """What invoicing says to one revision of a statement.

    A blocked answer has a reason of the form `code: sentence` and no items.
    """

    statement_id: UUID
    revision: int
    statement_digest: str
    status: Literal["ok", "blocked"]
    reasons: tuple[str, ...]
    result: TaxResult
    assumed_payment_on: date
    profile_id: UUID | None
    profile_revision: int | None
    regime: str | None


def answer_statement(
    statement: StatementRevision,
    profiles: Sequence[ApprovedProfile],
    regimes: Sequence[TaxRegime],
    dates: TaxDates,
) -> TaxAnswer:
    """Return the answer to a revision, under the profile of the document's day.

    A statement with nothing payable is answered `ok` without items, whoever the payee is.
    """
    if not statement.payable:
        return _answer(statement, dates, nothing(statement.currency))
    profile = profile_on(profiles, dates.invoice)
    if profile is None:
        return _blocked(statement, dates, _missing_profile(profiles, dates.invoice))
    try:
        regime = regime_for(profile.content, regimes)
        result = calculate_tax(
            regime,
            statement.amounts(),
            currency=statement.currency,
            dates=dates,
            employees_declared=profile.content.employees_declared,
        )
    except NoRegimeForProfile as error:
        return _blocked(statement, dates, f"{NO_REGIME}: {error}")
    except ParameterNotSet as error:
        return _blocked(statement, dates, f"{NO_PARAMETER}: {error}")
    except ParameterInOtherCurrency as error:
        return _blocked(statement, dates, f"{OTHER_CURRENCY}: {error}")
    return _answer(statement, dates, result, profile, regime)


def nothing(currency: str) -> TaxResult:
    """Return the result of a statement on which nothing is due."""
    zero = Money.zero(currency)
    return TaxResult((), zero, zero, zero, zero)


def _missing_profile(profiles: Sequence[ApprovedProfile], day: date) -> str:
    if not profiles:
        return (
            f"{NO_PROFILE}: the payee has no approved fiscal profile; "
            "record one and have a second person approve it"
        )
    return f"{NOT_VALID}: no approved fiscal profile of the payee is valid on {day}; add one"


def _blocked(statement: StatementRevision, dates: TaxDates, reason: str) -> TaxAnswer:
    return TaxAnswer(
        statement.statement_id,
        statement.revision,
        statement.digest,
        "blocked",
        (reason,),
        nothing(statement.currency),
        dates.payment,
        None,
        None,
        None,
    )


def _answer(
    statement: StatementRevision,
    dates: TaxDates,
    result: TaxResult,
    profile: ApprovedProfile | None = None,
    regime: TaxRegime | None = None,
) -> TaxAnswer:
    return TaxAnswer(
        statement.statement_id,
        statement.revision,
        statement.digest,
        "ok",
        (),
        result,
        dates.payment,
        profile.profile_id if profile else None,
        profile.revision if profile else None,
        f"{regime.id}@{regime.version}" if regime else None,
    )
