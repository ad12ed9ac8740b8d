"""`premia plan`: plan documents checked and tried on this machine, without a service."""

from pathlib import Path
from typing import Annotated

import typer

from premia_cli.output import Format, console, errors, print_json
from premia_plan.checked import CheckedPlan
from premia_plan.checking import PlanCheck, check_plan
from premia_plan.document import PlanUnreadable, parse_plan
from premia_plan.examples import ExampleResult, run_examples
from premia_plan.finding import Finding

app = typer.Typer(
    no_args_is_help=True, help="Check plan documents and run their examples, offline."
)

PlanFile = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="Plan in YAML or JSON.")
]
Output = Annotated[Format, typer.Option("--output", help="table or json")]


@app.command("check")
def check(file: PlanFile, output: Output = Format.TABLE) -> None:
    """Say what is wrong with a plan, with line, column and what to do.

    Ends with 1 if the plan has an error.
    """
    found = _read(file)
    if output is Format.JSON:
        print_json({"ok": found.plan is not None, "findings": [_row(f) for f in found.findings]})
    else:
        for finding in found.findings:
            _tell(file, finding)
        verdict = "can be calculated" if found.plan is not None else "cannot be calculated"
        console.print(f"{file}: {len(found.findings)} findings, the plan {verdict}", soft_wrap=True)
    if found.plan is None:
        raise typer.Exit(1)


@app.command("test")
def run_examples_of(file: PlanFile, output: Output = Format.TABLE) -> None:
    """Run the examples of a plan and show where a result differs from what it expects.

    Ends with 1 if the plan has an error, no examples, or an example that fails.
    """
    found = _read(file)
    if found.plan is None:
        for finding in found.findings:
            _tell(file, finding)
        errors.print("the examples cannot run before these are mended")
        raise typer.Exit(1)
    results = run_examples(found.plan)
    if output is Format.JSON:
        print_json([_result(result) for result in results])
    else:
        _tell_results(found.plan, results)
    if not results or not all(result.passed for result in results):
        raise typer.Exit(1)


def _read(file: Path) -> PlanCheck:
    tables = {
        f"{table.parent.name}/{table.name}": table.read_bytes()
        for table in file.parent.glob("*/*.csv")
    }
    try:
        return check_plan(parse_plan(file.read_bytes(), tables=tables))
    except PlanUnreadable as error:
        return PlanCheck(error.findings, None)


def _tell(file: Path, finding: Finding) -> None:
    place = f"{file}:{finding.line or 1}:{finding.column or 1}"
    colour = "red" if finding.severity == "error" else "yellow"
    console.print(f"[{colour}]{finding.severity}[/] {place} {finding.code}", soft_wrap=True)
    console.print(f"  {finding.message}. {finding.hint}", markup=False, soft_wrap=True)
    if finding.counter_example:
        console.print(f"  for example: {finding.counter_example}", markup=False, soft_wrap=True)


def _row(finding: Finding) -> dict[str, str | int | None]:
    return {name: getattr(finding, name) for name in Finding.__dataclass_fields__}


def _tell_results(plan: CheckedPlan, results: tuple[ExampleResult, ...]) -> None:
    for result in results:
        mark = "[green]passed[/]" if result.passed else "[red]failed[/]"
        console.print(f"{mark} {result.name}")
        for difference in result.differences:
            console.print(
                f"  {difference.payee} {difference.month} {difference.component}: expected "
                f"{difference.expected} {plan.currency}, got {difference.got} {plan.currency}",
                soft_wrap=True,
            )
            if difference.explanation:
                console.print(f"    {difference.explanation}", markup=False, soft_wrap=True)
    passed = sum(result.passed for result in results)
    console.print(f"{plan.name}: {passed} of {len(results)} examples passed")


def _result(result: ExampleResult) -> dict[str, object]:
    return {
        "name": result.name,
        "passed": result.passed,
        "differences": [
            {
                name: str(getattr(difference, name))
                for name in ("payee", "month", "component", "expected", "got", "explanation")
            }
            for difference in result.differences
        ],
    }
