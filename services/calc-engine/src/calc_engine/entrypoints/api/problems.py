"""How each error of calc-engine is answered."""

from calc_engine.application.explain_node import NodeNotFound
from calc_engine.application.load_records import UnknownTable
from calc_engine.application.make_example import ExampleNotMade, OrderNotFound
from calc_engine.application.not_calculable import NotCalculable
from calc_engine.application.read_draft import DraftNotUsable
from calc_engine.application.read_draft_statements import DraftStatementsNotFound
from calc_engine.domain.adjustment import (
    AdjustmentDecided,
    AdjustmentExpired,
    AdjustmentNotFound,
    AdjustmentOfNothing,
)
from calc_engine.domain.exception_desk import ExceptionNotFound
from calc_engine.domain.period import (
    EarlierMonthOpen,
    PeriodAlreadyOpened,
    PeriodNotClosable,
    PeriodNotClosed,
    PeriodNotFound,
    PeriodNotOpen,
    PeriodNotReopenable,
    RunOutdated,
    RunStillRunning,
)
from calc_engine.domain.proposed_load import LoadDecided, LoadNotFound, LoadOutdated
from calc_engine.domain.record import (
    RejectedNotFound,
    RejectedSettled,
    RowsRefused,
    VersionTaken,
)
from calc_engine.domain.run import (
    RunInProgress,
    RunNotCancellable,
    RunNotComplete,
    RunNotFound,
    RunNotLatest,
    RunOnlyLooks,
)
from calc_engine.domain.simulation import (
    SimulationExpired,
    SimulationNotCancellable,
    SimulationNotComplete,
    SimulationNotFound,
)
from calc_engine.domain.statement import (
    AccountNotMoved,
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
    PeriodNotClosed: Problem(409, "period-not-closed", "The period is not closed"),
    PeriodNotReopenable: Problem(409, "period-not-reopenable", "Later statements rest on it"),
    EarlierMonthOpen: Problem(409, "earlier-month-open", "The month before is open again"),
    RunOutdated: Problem(409, "run-outdated", "The month before was closed again since"),
    RunStillRunning: Problem(409, "run-still-running", "A run has not ended"),
    RunNotFound: Problem(404, "run-not-found", "No such run"),
    RunInProgress: Problem(409, "run-in-progress", "A run of the period has not ended"),
    RunNotCancellable: Problem(409, "run-not-cancellable", "The run has ended"),
    RunNotComplete: Problem(409, "run-not-complete", "The run has no result"),
    RunNotLatest: Problem(409, "run-not-latest", "A later run has replaced this one"),
    RunOnlyLooks: Problem(409, "run-only-looks", "The run makes no statements"),
    ExceptionNotFound: Problem(404, "exception-not-found", "No such exception"),
    ReportBlocks: Problem(409, "blocking-exceptions", "Blocking exceptions remain"),
    SimulationNotFound: Problem(404, "simulation-not-found", "No such simulation"),
    SimulationExpired: Problem(404, "simulation-expired", "The answer is kept no longer"),
    SimulationNotComplete: Problem(409, "simulation-not-complete", "There is no answer"),
    SimulationNotCancellable: Problem(409, "simulation-not-cancellable", "It has ended"),
    NodeNotFound: Problem(404, "node-not-found", "Nothing to explain there"),
    OrderNotFound: Problem(404, "order-not-found", "No such order"),
    ExampleNotMade: Problem(409, "example-not-made", "The order cannot be an example"),
    DraftNotUsable: Problem(422, "draft-not-usable", "The draft cannot be calculated"),
    NotCalculable: Problem(422, "not-calculable", "The calculation cannot end"),
    DraftStatementsNotFound: Problem(404, "draft-statements-not-found", "No run to go on from"),
    StatementNotFound: Problem(404, "statement-not-found", "No such statement"),
    LineNotFound: Problem(404, "line-not-found", "No such line"),
    UnknownTable: Problem(404, "table-not-found", "No such table"),
    RejectedNotFound: Problem(404, "rejected-row-not-found", "No such row"),
    RejectedSettled: Problem(409, "rejected-row-settled", "The row was settled already"),
    RowsRefused: Problem(422, "row-refused", "The row does not fit its table"),
    VersionTaken: Problem(409, "version-taken", "The version is known with another content"),
    LoadNotFound: Problem(404, "load-not-found", "No such load"),
    LoadDecided: Problem(409, "load-decided", "It was decided already"),
    LoadOutdated: Problem(409, "load-outdated", "Changed since; decline it"),
    AdjustmentNotFound: Problem(404, "adjustment-not-found", "No such adjustment"),
    AdjustmentDecided: Problem(409, "adjustment-decided", "It was decided already"),
    AdjustmentExpired: Problem(409, "adjustment-expired", "Its last day is over"),
    AdjustmentOfNothing: Problem(422, "adjustment-of-nothing", "It changes nothing"),
    AccountNotMoved: Problem(404, "account-not-moved", "Nothing moved the account"),
    StatementNotSubmittable: Problem(409, "statement-not-submittable", "Not a draft"),
    StatementNotApprovable: Problem(409, "statement-not-approvable", "Not in review"),
    StatementChanged: Problem(412, "changed-meanwhile", "It was changed meanwhile"),
    ApproverIsMaker: Problem(403, "approver-is-maker", "A second person is needed"),
    TaxNotOk: Problem(409, "tax-not-ok", "The tax is not ok"),
}
"""Status, slug and title by error; the detail is the error's own text."""
