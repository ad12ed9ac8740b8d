"""How each error of this service is answered."""

from plans_api.domain.acceptance import AcceptedContentDiffers, NotAPayee
from plans_api.domain.assignment import (
    AssignmentOutsideMandate,
    AssignmentOverlaps,
    PlanNotPublished,
    PlanOfAnotherPrincipal,
)
from plans_api.domain.formula_check import SampleValueUnreadable, ScopeUnknown
from plans_api.domain.mandate import MandateInUse, MandateOverlaps
from plans_api.domain.payee import ExternalIdTaken
from plans_api.domain.plan import (
    ApproverIsMaker,
    DraftExists,
    OrdersClaimedTwice,
    PlanExists,
    PlanNameDiffers,
    PlanNotFound,
    PlanNotInStatus,
    PlanVersionNotFound,
    PlanWindowOverlaps,
    RetirementNotPossible,
)
from plans_api.domain.plan_copy import DatesNotShiftable, ValidityUnknown
from plans_api.domain.plan_document import PlanNotAcceptable, PlanWarningsNotAccepted
from plans_api.domain.position import HierarchyHasCycle, SuperiorUnknown
from plans_api.domain.rate_sheet import TableNotASheet, TableNotFound
from plans_api.domain.record import (
    KeyIsFixed,
    KeyRepeated,
    RecordChanged,
    RecordExists,
    RecordNotFound,
    ReferenceUnknown,
)
from plans_api.domain.sheet import FileNotASheet, SheetNotReadable
from plans_api.domain.tree import ParentUnknown, TreeHasCycle
from premia_plan.library import MetricNotFound, ParameterNotAcceptable, TemplateNotFound
from premia_plan.rewriting import EntryTaken, TextNotRewritable
from premia_runtime.problems import Problem, ProblemTable

PROBLEMS: ProblemTable = {
    RecordNotFound: Problem(404, "not-found", "Not found"),
    PlanNotFound: Problem(404, "plan-not-found", "There is no such plan"),
    PlanVersionNotFound: Problem(404, "plan-version-not-found", "There is no such plan version"),
    RecordExists: Problem(409, "exists-with-other-content", "It exists with other content"),
    KeyRepeated: Problem(409, "key-repeated", "The batch has this key twice"),
    RecordChanged: Problem(412, "changed-meanwhile", "It was changed meanwhile"),
    KeyIsFixed: Problem(409, "key-is-fixed", "The key never changes"),
    ReferenceUnknown: Problem(422, "reference-unknown", "It refers to something unknown"),
    ExternalIdTaken: Problem(409, "external-id-taken", "Another payee has this code"),
    MandateOverlaps: Problem(409, "mandate-overlaps", "There is a mandate on these days"),
    MandateInUse: Problem(409, "mandate-in-use", "An assignment needs the mandate"),
    AssignmentOverlaps: Problem(409, "assignment-overlaps", "There is an assignment already"),
    AssignmentOutsideMandate: Problem(
        422, "assignment-outside-mandate", "The mandate does not cover the assignment"
    ),
    PlanOfAnotherPrincipal: Problem(
        422, "plan-of-another-principal", "The plan is another principal's"
    ),
    PlanNotPublished: Problem(409, "plan-not-published", "The plan is not published"),
    HierarchyHasCycle: Problem(422, "hierarchy-has-cycle", "The hierarchy would have a cycle"),
    SuperiorUnknown: Problem(422, "superior-unknown", "The superior position is unknown"),
    TreeHasCycle: Problem(422, "tree-has-cycle", "The tree would have a cycle"),
    ParentUnknown: Problem(422, "parent-unknown", "The parent is unknown"),
    PlanExists: Problem(409, "plan-exists", "A plan has this name"),
    DraftExists: Problem(409, "draft-exists", "A version is not published yet"),
    PlanNameDiffers: Problem(422, "plan-name-differs", "The document names another plan"),
    PlanNotInStatus: Problem(409, "plan-not-in-status", "The plan version is in another status"),
    PlanWindowOverlaps: Problem(
        409, "plan-window-overlaps", "Another version is valid on these days"
    ),
    OrdersClaimedTwice: Problem(409, "orders-claimed-twice", "Another plan claims these orders"),
    RetirementNotPossible: Problem(
        422, "retirement-not-possible", "The version is not valid on this day"
    ),
    ApproverIsMaker: Problem(403, "approver-is-maker", "The maker cannot approve"),
    PlanNotAcceptable: Problem(422, "plan-not-acceptable", "The plan has errors"),
    PlanWarningsNotAccepted: Problem(
        409, "plan-warnings-not-accepted", "The plan has warnings nobody accepted"
    ),
    DatesNotShiftable: Problem(422, "dates-not-shiftable", "Dates move by whole months only"),
    ValidityUnknown: Problem(409, "validity-unknown", "The document names no days"),
    TableNotFound: Problem(404, "table-not-found", "The plan has no such table"),
    TableNotASheet: Problem(409, "table-not-a-sheet", "A sheet cannot show this table"),
    FileNotASheet: Problem(422, "file-not-a-sheet", "The file is no sheet"),
    SheetNotReadable: Problem(422, "sheet-not-readable", "Cells of the sheet cannot be taken"),
    TextNotRewritable: Problem(409, "text-not-rewritable", "The document takes no such change"),
    EntryTaken: Problem(409, "name-taken", "The plan has this name already"),
    TemplateNotFound: Problem(404, "template-not-found", "There is no such template"),
    MetricNotFound: Problem(404, "metric-not-found", "There is no such metric"),
    ParameterNotAcceptable: Problem(
        422, "parameter-not-acceptable", "A parameter is outside its range"
    ),
    AcceptedContentDiffers: Problem(
        409, "accepted-content-differs", "The published document is another"
    ),
    ScopeUnknown: Problem(422, "scope-unknown", "No formula stands there"),
    SampleValueUnreadable: Problem(422, "value-unreadable", "A value does not fit its name"),
    NotAPayee: Problem(403, "not-a-payee", "Only a payee may do this"),
}


def problem_of(error: Exception) -> Problem:
    """Return how an error of this service is answered.

    Raises:
        Exception: the error itself, if it is none of this service's.
    """
    for kind in type(error).__mro__:
        if kind in PROBLEMS:
            return PROBLEMS[kind]
    raise error
