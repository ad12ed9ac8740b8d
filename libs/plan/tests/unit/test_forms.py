"""What is said of a value that is not written as it must be: samples, never a pattern."""

from collections.abc import Callable, Iterator

import pytest

from premia_plan.checking import Finding
from premia_plan.checking.forms import written_like
from premia_plan.document import PlanUnreadable, parse_plan
from premia_plan.library import library_plan
from premia_plan.schema import schema_of_values

Findings = Callable[[str, str, str], tuple[Finding, ...]]
AGENCY = library_plan("agency-energy")
SIGNS_OF_PATTERNS = set("\\[]^$*+{}()|")


def patterns(place: object) -> Iterator[str]:
    if isinstance(place, dict):
        if isinstance(place.get("pattern"), str):
            yield place["pattern"]
        for part in place.values():
            yield from patterns(part)
    elif isinstance(place, list):
        for part in place:
            yield from patterns(part)


def test_every_pattern_of_the_schema_is_told_by_samples_in_both_languages() -> None:
    found = set(patterns(schema_of_values()))

    told = {pattern: written_like(pattern) for pattern in found}

    assert len(found) > 40
    assert {
        pattern: words
        for pattern, words in told.items()
        if SIGNS_OF_PATTERNS & set(words.en + words.it)
    } == {}


def test_a_share_that_is_no_share_is_told_what_a_share_looks_like(findings: Findings) -> None:
    [found] = findings(AGENCY, "share: 25 %", "share: a quarter")

    assert (found.code, found.message) == (
        "value.pattern",
        "'a quarter' is not written as it must be",
    )
    assert found.hint.startswith("Write it like 25 %, 1/3, rest, weight 3")
    assert found.in_italian is not None
    assert found.in_italian.hint.startswith("Scrivi per esempio 25 %, 1/3, rest, weight 3")


@pytest.mark.parametrize(
    "per",
    ["team sales and month", "team along sales", "territory and week", "credit of A B", "plan"],
)
def test_what_a_component_is_for_is_told_once_with_all_its_forms(
    findings: Findings, per: str
) -> None:
    old = "per: payee and month"

    [found] = findings(AGENCY, old, f"per: {per}")

    assert (found.code, found.path.rpartition("/")[2]) == ("value.pattern", "per")
    assert found.hint.startswith("Write credit of sale; or payee, team along sales, territory,")
    assert found.in_italian is not None
    assert found.in_italian.hint.startswith("Scrivi credit of sale; oppure payee, team along sales")


def test_a_step_nobody_knows_is_told_the_nearest_one(findings: Findings) -> None:
    [found] = findings(
        AGENCY, "{round: cent, mode: half_up, each: line}", "{rounding: cent, mode: half_up}"
    )

    assert (found.code, found.hint) == ("key.unknown", "Did you mean round?")


def test_a_list_without_entries_is_told_in_both_languages(findings: Findings) -> None:
    [found] = findings(AGENCY, "[{round: cent, mode: half_up, each: line}]", "[]")

    assert found.message == "something must stand here"
    assert found.in_italian is not None
    assert found.in_italian.message == "qui deve esserci qualcosa"


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        (
            "{from: 100 %, gives: 1.5 %}",
            "{from: 100 %, to: 115 %, gives: 1.5 %}",
            "Una fascia arriva dove comincia la successiva: togli `to`",
        ),
        (
            "title: {it: Provvigioni agenzie energia 2026, en: Energy agencies 2026}",
            "title: Energy agencies 2026",
            "Scrivi {it: …, en: …}",
        ),
        (
            "{round: cent, mode: half_up, each: line}",
            "{round: cents, mode: half_up, each: line}",
            "Scrivi cent, o ciò di cui l'importo sarà un multiplo, come 0.1 o 5",
        ),
    ],
)
def test_a_slip_is_told_with_what_to_write_instead(
    findings: Findings, old: str, new: str, hint: str
) -> None:
    told = {found.in_italian.hint for found in findings(AGENCY, old, new)}

    assert told == {hint}


@pytest.mark.parametrize(
    ("written", "message", "in_italian"),
    [
        (
            "'25,5 %'",
            "'25,5 %' has a comma; decimals stand after a point",
            "'25,5 %' ha una virgola; i decimali vanno dopo un punto",
        ),
        (
            "25\u00a0%",
            "'25 %' has blanks of another kind, as pasted text may; type them again",
            "'25 %' ha spazi di un altro tipo, come in un testo incollato; scrivili di nuovo",
        ),
        (
            "25 €",
            "'25 €' has the sign €; write EUR",
            "'25 €' ha il simbolo €; scrivi EUR",
        ),
    ],
)
def test_a_number_as_people_paste_it_is_told_why_it_cannot_be_read(
    findings: Findings, written: str, message: str, in_italian: str
) -> None:
    [found] = findings(AGENCY, "share: 25 %", f"share: {written}")

    assert (found.code, found.message) == ("value.pattern", message)
    assert found.in_italian.message == in_italian


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        (
            "a: {amount: max(b, 5 EUR) * 2}",
            "yaml.comma",
            "Inside braces a comma starts a new entry; put the formula in single quotes",
        ),
        (
            "a: {gives: 3,5 %}",
            "number.comma",
            "Inside braces a comma starts a new entry; write 3.5, and thousands like 1 200",
        ),
        ("a:\n\tb: c", "yaml.invalid", "Indent with blanks, not with tabs"),
    ],
)
def test_a_text_that_is_no_yaml_is_told_why(text: str, code: str, hint: str) -> None:
    with pytest.raises(PlanUnreadable) as raised:
        parse_plan(text)

    [found] = raised.value.findings
    assert (found.code, found.hint) == (code, hint)
    assert found.in_italian is not None
