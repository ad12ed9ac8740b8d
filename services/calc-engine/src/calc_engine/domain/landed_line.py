"""A line of a result as paying and stating read it."""

from calc_engine.domain.statement_line import ResultLine
from premia_plan.results import Line


def landed_line(line: ResultLine) -> Line:
    """Return a plan's line again from the result that has it."""
    return Line(
        line.line_id,
        line.payee_id,
        line.principal_id,
        line.component,
        line.kind,  # type: ignore[arg-type]  # it came from the engine
        line.what,  # type: ignore[arg-type]  # the same
        line.month,
        line.competence,
        line.amount,
        line.order_id,
        line.credit_id,
        line.share,
        line.reason,
        line.reason_code,
        line.node_id,
    )
