"""What a plan's document must be before anybody else sees it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from plans_api.domain.plan import Revision
from plans_api.domain.window import Window
from premia_plan.checked import CheckedPlan
from premia_plan.checking import check_plan
from premia_plan.document import Content, PlanDocument, PlanUnreadable, parse_plan
from premia_plan.examples import ExampleResult, run_examples
from premia_plan.finding import Finding
from premia_plan.language import Words
from premia_plan.linting import lint, warning_name


class PlanNotAcceptable(Exception):
    """Raised when a document cannot become, or be published as, a plan.

    `errors` holds a mapping for each finding and each difference of a failing example.
    """

    def __init__(self, findings: Sequence[Finding], results: Sequence[ExampleResult] = ()) -> None:
        self.errors = [
            *(_told(finding) for finding in findings),
            *(line for result in results for line in _differences(result)),
        ]
        count = len(self.errors)
        super().__init__(
            f"The plan has {count} error{'s' if count != 1 else ''}.  Correct what errors names, "
            "and check again with POST /v1/plans:check."
        )


class PlanWarningsNotAccepted(Exception):
    """Raised when a plan has warnings that whoever would publish it did not accept by name.

    `errors` holds a mapping for each of them.
    """

    def __init__(self, warnings: Sequence[Finding]) -> None:
        self.errors = [
            {
                **_told(item),
                "warning": warning_name(item),
                "case": item.counter_example,
                "case_in_italian": item.in_italian.counter_example,
            }
            for item in warnings
        ]
        count = len(self.errors)
        super().__init__(
            f"The plan has {count} warning{'s' if count != 1 else ''} nobody accepted.  Have it "
            "corrected, or publish it with their names under accepted_warnings."
        )


@dataclass(frozen=True, slots=True)
class PlanReport:
    """All there is to say about a document."""

    findings: tuple[Finding, ...]
    results: tuple[ExampleResult, ...]
    plan: CheckedPlan | None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep it from being submitted."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that somebody must accept before it is published."""
        return tuple(finding for finding in self.findings if finding.severity == "warning")

    @property
    def failed(self) -> tuple[ExampleResult, ...]:
        """The examples that pay something else than they say."""
        return tuple(result for result in self.results if not result.passed)

    @property
    def is_publishable(self) -> bool:
        """Whether it has no error and at least one example, and all examples pass."""
        return self.plan is not None and not self.errors and bool(self.results) and not self.failed

    def checked(self) -> CheckedPlan:
        """Return the plan.

        Raises:
            PlanNotAcceptable: if the document has an error.
        """
        if self.plan is None or self.errors:
            raise PlanNotAcceptable(self.errors)
        return self.plan

    def publishable(self) -> CheckedPlan:
        """Return the plan, if nothing keeps it from being published.

        Raises:
            PlanNotAcceptable: if it has an error, no example, or one that fails.
        """
        plan = self.checked()
        if not self.results:
            raise PlanNotAcceptable((_NO_EXAMPLE,))
        if self.failed:
            raise PlanNotAcceptable((), self.failed)
        return plan

    def accept(self, names: Collection[str]) -> tuple[str, ...]:
        """Return the names of the warnings, each of which is among those accepted.

        Raises:
            PlanWarningsNotAccepted: if one is not.
        """
        left = [finding for finding in self.warnings if warning_name(finding) not in names]
        if left:
            raise PlanWarningsNotAccepted(left)
        return tuple(warning_name(finding) for finding in self.warnings)


_NO_EXAMPLE = Finding.said(
    "error",
    "examples.missing",
    "/examples",
    Words("the plan has no example", "il piano non ha esempi"),
    Words(
        "Write at least one worked example with what it must pay",
        "Scrivi almeno un esempio svolto con ciò che deve pagare",
    ),
    place=None,
)


def _told(finding: Finding) -> dict[str, str | int | None]:
    return {
        "pointer": finding.path,
        "message": f"{finding.message}. {finding.hint}",
        "in_italian": f"{finding.in_italian.message}. {finding.in_italian.hint}",
        "finding": finding.code,
        "line": finding.line,
        "column": finding.column,
    }


def _differences(result: ExampleResult) -> list[dict[str, str]]:
    pointer = f"/examples/{result.name}"
    return [
        *(
            {
                "pointer": pointer,
                "message": f"example {result.name!r}, payee {item.payee}, month {item.month}, "
                f"{item.component}: expected {item.expected}, got {item.got}",
            }
            for item in result.differences
        ),
        *(
            {"pointer": pointer, "message": f"example {result.name!r}: {sentence}"}
            for sentence in result.exceptions
        ),
    ]


def read_document(text: str) -> PlanDocument:
    """Read a document as far as a draft needs: a mapping that names its plan.

    Raises:
        PlanNotAcceptable: if the text cannot be read, or names no plan.
    """
    try:
        document = parse_plan(text)
    except PlanUnreadable as error:
        raise PlanNotAcceptable(error.findings) from None
    problems = [*_without_name(document), *_unstorable(dict(document.content), "")]
    if problems:
        raise PlanNotAcceptable(problems)
    return document


def name_of(document: PlanDocument) -> str:
    """Return the plan that a document which was read names."""
    return str(document.content["plan"])


def time_zone_of(revision: Revision) -> str:
    """Return the time zone that a checked document names."""
    return str(PlanDocument.from_canonical(revision.canonical).content["time_zone"])


def check_revision(revision: Revision) -> PlanReport:
    """Check a stored document without running its examples."""
    report = check_document(PlanDocument.from_canonical(revision.canonical))
    return check_document(_as_written(revision)) if report.errors else report


def examine_revision(revision: Revision) -> PlanReport:
    """Check a stored document and, if it has no error, run its examples.  Takes processor time."""
    return _with_examples(check_revision(revision))


def _as_written(revision: Revision) -> PlanDocument:
    """Return the document with lines and columns, which its canonical form has not."""
    content = PlanDocument.from_canonical(revision.canonical).content
    return PlanDocument(content, parse_plan(revision.text).places)


def examine_document(document: PlanDocument) -> PlanReport:
    """Check a document and, if it has no error, run its examples.  Takes processor time."""
    return _with_examples(check_document(document))


def check_document(document: PlanDocument) -> PlanReport:
    """Check a document without running its examples."""
    check = check_plan(document)
    return PlanReport(check.findings, (), check.plan)


def _with_examples(report: PlanReport) -> PlanReport:
    """Run the examples of a document without error, and ask the linter about it."""
    if report.plan is None or report.errors:
        return report
    findings = (*report.findings, *lint(report.plan))
    return PlanReport(findings, run_examples(report.plan), report.plan)


def window_of(plan: CheckedPlan) -> Window:
    """Return the days on which a plan is valid."""
    return Window(plan.valid_from, plan.valid_to)


def business_day(plan_time_zone: str, at: datetime) -> date:
    """Return the plan's local date of an instant.

    >>> from datetime import UTC
    >>> business_day("Europe/Rome", datetime(2026, 3, 31, 22, 30, tzinfo=UTC))
    datetime.date(2026, 4, 1)
    """
    return at.astimezone(ZoneInfo(plan_time_zone)).date()


def _without_name(document: PlanDocument) -> list[Finding]:
    name = document.content.get("plan")
    if isinstance(name, str) and 0 < len(name) <= 100:
        return []
    return [
        Finding.said(
            "error",
            "plan.name",
            "/plan",
            Words("the document names no plan", "il documento non nomina alcun piano"),
            Words(
                "Begin it with `plan: <name>`, at most 100 characters",
                "Comincialo con `plan: <nome>`, al massimo 100 caratteri",
            ),
            place=document.place_of("/plan") or (1, 1),
        )
    ]


def _unstorable(content: Content, path: str) -> list[Finding]:
    """Find characters that no database keeps and no reader sees."""
    found: list[Finding] = []
    waiting: list[tuple[str, object]] = [(path, content)]
    while waiting:
        where, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend((f"{where}/{key}", item) for key, item in value.items())
            waiting.extend((where, key) for key in value)
        elif isinstance(value, list):
            waiting.extend((f"{where}/{index}", item) for index, item in enumerate(value))
        elif isinstance(value, str) and not _is_storable(value):
            message = Words(
                "a text has an invisible control character",
                "un testo ha un carattere di controllo invisibile",
            )
            hint = Words("Remove it", "Toglilo")
            found.append(Finding.said("error", "text.control", where, message, hint, place=None))
    return found


def _is_storable(value: str) -> bool:
    return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
