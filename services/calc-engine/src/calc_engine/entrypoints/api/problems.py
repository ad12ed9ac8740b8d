"""How each error of calc-engine is answered."""

from calc_engine.domain.period import (
    PeriodAlreadyOpened,
    PeriodNotClosable,
    PeriodNotFound,
    PeriodNotOpen,
    RunStillRunning,
)
from calc_engine.domain.run import (
    RunInProgress,
    RunNotComplete,
    RunNotFound,
    RunNotLatest,
    RunOnlyLooks,
)
from calc_engine.domain.statement import (
    ApproverIsMaker,
    LineNotFound,
    StatementChanged,
    StatementNotApprovable,
    StatementNotFound,
    StatementNotSubmittable,
    TaxNotOk,
)
from calc_engine.domain.validation import ReportBlocks
from premia_runtime.problems import Problem

PROBLEMS: dict[type[Exception], Problem] = {
    PeriodNotFound: Problem(404, "period-not-found", "No such period"),
    PeriodNotOpen: Problem(409, "period-not-open", "The period is not open"),
    PeriodAlreadyOpened: Problem(409, "period-already-opened", "Another month was opened first"),
    PeriodNotClosable: Problem(409, "period-not-closable", "Statements wait for approval"),
    RunStillRunning: Problem(409, "run-still-running", "A run has not ended"),
    RunNotFound: Problem(404, "run-not-found", "No such run"),
    RunInProgress: Problem(409, "run-in-progress", "A run of the period has not ended"),
    RunNotComplete: Problem(409, "run-not-complete", "The run has no result"),
    RunNotLatest: Problem(409, "run-not-latest", "A later run has replaced this one"),
    RunOnlyLooks: Problem(409, "run-only-looks", "The run makes no statements"),
    ReportBlocks: Problem(409, "blocking-exceptions", "Blocking exceptions remain"),
    StatementNotFound: Problem(404, "statement-not-found", "No such statement"),
    LineNotFound: Problem(404, "line-not-found", "No such line"),
    StatementNotSubmittable: Problem(409, "statement-not-submittable", "Not a draft"),
    StatementNotApprovable: Problem(409, "statement-not-approvable", "Not in review"),
    StatementChanged: Problem(412, "changed-meanwhile", "It was changed meanwhile"),
    ApproverIsMaker: Problem(403, "approver-is-maker", "A second person is needed"),
    TaxNotOk: Problem(409, "tax-not-ok", "The tax is not ok"),
}
"""Status, slug and title by error; the detail is the error's own text."""
