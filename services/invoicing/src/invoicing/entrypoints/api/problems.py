"""How each error of invoicing is answered."""

from pydantic import BaseModel, Field

from invoicing.domain.fiscal_profile import (
    FiscalProfileAlreadyApproved,
    FiscalProfileChanged,
    FiscalProfileDatesReversed,
    FiscalProfileExists,
    FiscalProfileNotFound,
    NoProfileOnDate,
)
from invoicing.domain.four_eyes import ApproverIsMaker
from invoicing.domain.parameters import ParameterInOtherCurrency, ParameterNotSet
from invoicing.domain.party import PrincipalNotKnown
from invoicing.domain.posting_rules import PostingRuleMissing, PostingRulesChanged
from invoicing.domain.pro_forma import (
    DocumentChanged,
    DocumentNotFound,
    NotYetRendered,
    StepNotPossible,
)
from invoicing.domain.regime_choice import NoRegimeForProfile
from premia_common.money import AmountTooLarge, CurrencyMismatch
from premia_runtime.problems import Problem

PROBLEMS: dict[type[Exception], Problem] = {
    FiscalProfileNotFound: Problem(404, "fiscal-profile-not-found", "Fiscal profile not found"),
    FiscalProfileExists: Problem(409, "fiscal-profile-exists", "Another profile begins that day"),
    FiscalProfileAlreadyApproved: Problem(
        409, "fiscal-profile-already-approved", "Nothing waits for approval"
    ),
    FiscalProfileChanged: Problem(412, "fiscal-profile-changed", "It was changed meanwhile"),
    FiscalProfileDatesReversed: Problem(
        422, "fiscal-profile-dates-reversed", "It would end before it begins"
    ),
    NoProfileOnDate: Problem(422, "no-profile-on-date", "No fiscal profile holds on that day"),
    ApproverIsMaker: Problem(403, "approver-is-maker", "The maker cannot approve"),
    DocumentNotFound: Problem(404, "document-not-found", "Document not found"),
    DocumentChanged: Problem(412, "document-changed", "It was changed meanwhile"),
    StepNotPossible: Problem(409, "step-not-possible", "The document's status does not allow it"),
    NotYetRendered: Problem(409, "document-not-sent", "The document has no PDF yet"),
    PostingRuleMissing: Problem(409, "posting-rule-missing", "A posting rule is missing"),
    PostingRulesChanged: Problem(412, "posting-rules-changed", "They were changed meanwhile"),
    PrincipalNotKnown: Problem(404, "principal-not-known", "Principal not known"),
    CurrencyMismatch: Problem(422, "currency-mismatch", "The amounts are of several currencies"),
    AmountTooLarge: Problem(422, "amount-too-large", "The amounts are too large"),
    NoRegimeForProfile: Problem(422, "no-tax-regime", "No tax regime applies"),
    ParameterNotSet: Problem(422, "tax-parameter-not-set", "A tax parameter has no value"),
    ParameterInOtherCurrency: Problem(
        422, "tax-parameter-in-other-currency", "A tax parameter is in another currency"
    ),
}


class ItemProblemOut(BaseModel):
    """Why one item of a bulk request was refused."""

    code: str = Field(examples=["step-not-possible"])
    title: str = Field(examples=["The document's status does not allow it"])
    status: int = Field(examples=[409])
    detail: str

    @classmethod
    def of(cls, error: Exception) -> "ItemProblemOut":
        """Write an error of this service.

        Raises:
            Exception: the error itself, if it is none of this service's.
        """
        problem = PROBLEMS.get(type(error))
        if problem is None:
            raise error
        return cls(code=problem.slug, title=problem.title, status=problem.status, detail=str(error))
