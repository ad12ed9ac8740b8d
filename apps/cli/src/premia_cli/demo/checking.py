"""A plan with a mistake: what the check says, where, and what to do about it."""

from premia_cli.demo.job import Job
from premia_cli.demo.publishing import agency_plan_of
from premia_cli.demo.step import Outcome, verify

RIGHT, WRONG = "commission_rate", "comission_rate"
FORMULA = f"credit.amount * {RIGHT}"


async def check_mistyped_plan(job: Job) -> Outcome:
    """Check a plan whose rate table is misspelt, and the formula alone as an editor would."""
    designer = await job.api("designer", "plans-api")
    right = agency_plan_of(job)
    mistyped = FORMULA.replace(RIGHT, WRONG)
    text = right.replace(FORMULA, mistyped, 1)
    check = await designer.post("/v1/plans:check", {"document": text})
    verify(not check["publishable"], "a plan that names no table of its own can be published")
    (finding,) = check["findings"]
    line = text.splitlines()[finding["line"] - 1]
    verify(mistyped in line, f"line {finding['line']} is not the one with the mistake: {line}")
    verify(RIGHT in finding["hint"], f"the hint suggests something else: {finding['hint']}")
    answer = await designer.post(
        "/v1/formulas:check", {"formula": mistyped, "scope": "credit", "document": right}
    )
    (remark,) = answer["errors"]
    marked = mistyped[remark["at"] : remark["until"]]
    verify(marked == WRONG, f"the error marks {marked!r}")
    verify(RIGHT in remark["hint"]["it"], f"no suggestion in Italian: {remark['hint']}")
    return Outcome(
        f"line {finding['line']}, column {finding['column']}: {finding['message']}. "
        f"{finding['hint']} In Italian: {remark['message']['it']}. {remark['hint']['it']}",
        designer.address("/v1/plans:check"),
    )
