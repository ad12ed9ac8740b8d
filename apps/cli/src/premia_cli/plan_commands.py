"""`premia plan`: plan documents checked and tried on this machine, without a service."""

from dataclasses import asdict
from importlib.resources import files
from typing import Annotated

import typer

from premia_cli.output import Format, console, errors, print_json
from premia_cli.plan_differences import diff
from premia_cli.plan_files import PlanFile, read_plan, tell_findings
from premia_cli.plan_simulation import simulate
from premia_plan.checked import CheckedPlan
from premia_plan.examples import ExampleResult, run_examples
from premia_plan.finding import Finding
from premia_plan.linting import lint, warning_name

app = typer.Typer(
    no_args_is_help=True, help="Check, test, compare and try plan documents, offline."
)

Output = Annotated[Format, typer.Option("--output", help="table or json")]
Json = Annotated[bool, typer.Option("--json", help="The same as --output json.")]


@app.command("check")
def check(file: PlanFile, output: Output = Format.TABLE, *, as_json: Json = False) -> None:
    """Say what is wrong with a plan: line, column, the place, and what to do.

    A plan without errors is looked through for what its author may regret; each such warning has
    a case and a name by which an approver accepts it. Ends with 1 if the plan has an error.
    """
    found = read_plan(file)
    findings = (*found.findings, *(lint(found.plan) if found.plan is not None else ()))
    if as_json or output is Format.JSON:
        print_json({"ok": found.plan is not None, "findings": [_row(item) for item in findings]})
    else:
        tell_findings(file, findings)
        verdict = "can be calculated" if found.plan is not None else "cannot be calculated"
        errors_found = sum(item.severity == "error" for item in findings)
        counts = f"{errors_found} errors, {len(findings) - errors_found} warnings"
        console.print(f"{file}: {counts}, the plan {verdict}", soft_wrap=True)
    if found.plan is None:
        raise typer.Exit(1)


@app.command("test")
def run_examples_of(
    file: PlanFile, output: Output = Format.TABLE, *, as_json: Json = False
) -> None:
    """Run the examples of a plan and show where a result differs from what it expects.

    Ends with 1 if the plan has an error, no examples, or an example that fails.
    """
    found = read_plan(file)
    if found.plan is None:
        tell_findings(file, found.findings)
        errors.print("the examples cannot run before these are mended")
        raise typer.Exit(1)
    results = run_examples(found.plan)
    if as_json or output is Format.JSON:
        print_json([_result(result) for result in results])
    else:
        _tell_results(found.plan, results)
    if not results or not all(result.passed for result in results):
        raise typer.Exit(1)


@app.command("schema")
def schema() -> None:
    """Write out the JSON Schema of a plan, for editors that complete and check while one writes."""
    text = (files("premia_plan") / "plan.schema.json").read_text(encoding="utf-8")
    typer.echo(text, nl=False)


app.command("simulate")(simulate)
app.command("diff")(diff)


def _row(finding: Finding) -> dict[str, object]:
    name = warning_name(finding) if finding.severity == "warning" else None
    return {**asdict(finding), "name": name}


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
            for line in difference.outline:
                console.print(f"    {line}", markup=False, soft_wrap=True)
        for sentence in result.exceptions:
            console.print(f"  {sentence}", markup=False, soft_wrap=True)
    passed = sum(result.passed for result in results)
    console.print(f"{plan.name}: {passed} of {len(results)} examples passed")


def _result(result: ExampleResult) -> dict[str, object]:
    return {
        "name": result.name,
        "passed": result.passed,
        "differences": [
            {
                **{
                    name: str(getattr(difference, name))
                    for name in ("payee", "month", "component", "expected", "got", "explanation")
                },
                "outline": list(difference.outline),
            }
            for difference in result.differences
        ],
        "exceptions": list(result.exceptions),
    }
