"""What changed between two plans, in words."""

from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from premia_plan.differences import Change, compare_plans
from premia_plan.document import parse_plan
from premia_plan.rewriting import shift_dates

AGENCY = (resources.files("premia_plan") / "library" / "plans" / "agency-energy.yaml").read_text()
NORTH_GAS = "      - {territory: nord, category: gas, from: 2026-01-01, to: 2027-01-01, gives: 3 %}"


def changes(before: str, after: str, text: str = AGENCY) -> tuple[Change, ...]:
    assert before in text
    new = parse_plan(text.replace(before, after, 1))
    return compare_plans(parse_plan(text).content, new.content)


def sentences(before: str, after: str) -> list[tuple[str, str]]:
    return [(change.sentence.en, change.sentence.it) for change in changes(before, after)]


def test_a_plan_and_itself_have_no_difference() -> None:
    plan = parse_plan(AGENCY).content

    assert compare_plans(plan, plan) == ()


def test_a_rate_that_rises_within_the_year_is_told_with_the_day() -> None:
    april = (
        f"{NORTH_GAS.replace('2027-01-01', '2026-04-01')}\n"
        f"{NORTH_GAS.replace('2026-01-01', '2026-04-01').replace('3 %', '3.5 %')}"
    )

    (change,) = changes(NORTH_GAS, april)

    assert change.sentence.en == (
        "The rate for gas in nord (commission_rate) rises from 3 % to 3.5 % from 2026-04-01."
    )
    assert change.sentence.it == (
        "L'aliquota per gas in nord (commission_rate) sale da 3 % a 3,5 % dal 2026-04-01."
    )
    assert (change.kind, change.direction, change.path) == (
        "changed",
        "rises",
        "/tables/commission_rate/rows/1",
    )
    assert change.keys == {"territory": "nord", "category": "gas"}


def test_a_row_cut_in_two_that_gives_the_same_is_no_difference() -> None:
    halves = (
        f"{NORTH_GAS.replace('2027-01-01', '2026-07-01')}\n"
        f"{NORTH_GAS.replace('2026-01-01', '2026-07-01')}"
    )

    assert changes(NORTH_GAS, halves) == ()


def test_a_rate_for_some_weeks_is_told_with_both_days() -> None:
    weeks = NORTH_GAS.replace("2026-01-01", "2026-05-01").replace("2027-01-01", "2026-06-15")
    row = f"{NORTH_GAS}\n{weeks.replace('nord', 'sud').replace('3 %', '4 %')}"

    assert sentences(NORTH_GAS, row) == [
        (
            (
                "The rate for gas in sud (commission_rate) was added: 4 % from 2026-05-01 "
                "until 2026-06-15 (excluded)."
            ),
            (
                "Si aggiunge l'aliquota per gas in sud (commission_rate): 4 % dal 2026-05-01 "
                "fino al 2026-06-15 escluso."
            ),
        )
    ]


def test_a_removed_row_is_told_with_what_it_gave() -> None:
    assert sentences(f"{NORTH_GAS}\n", "") == [
        (
            "The rate for gas in nord (commission_rate) was removed (it was 3 %).",
            "Si toglie l'aliquota per gas in nord (commission_rate) (era 3 %).",
        )
    ]


@pytest.mark.parametrize(
    ("before", "after", "en", "it"),
    [
        (
            "cap: 2 500 EUR",
            "cap: 3 000 EUR",
            "The cap of accelerator rises from 2 500 EUR to 3 000 EUR.",
            "Il tetto di accelerator sale da 2 500 EUR a 3 000 EUR.",
        ),
        (
            "\n      - {cap: 2 500 EUR, over: payee and month, surplus: lost}",
            "",
            "The cap of accelerator was removed (it was 2 500 EUR).",
            "Si toglie il tetto di accelerator (era 2 500 EUR).",
        ),
        (
            "gate: first_time_right >= 92 %",
            "gate: first_time_right >= 90 %",
            (
                "The gate of accelerator changes from `first_time_right >= 92 %` to "
                "`first_time_right >= 90 %`."
            ),
            (
                "La soglia di accesso di accelerator cambia da `first_time_right >= 92 %` a "
                "`first_time_right >= 90 %`."
            ),
        ),
        (
            "{from: 115 %, gives: 3 %}",
            "{from: 115 %, gives: 2.5 %}",
            "The rate in the band from 115 % of accelerator falls from 3 % to 2.5 %.",
            "Il valore nella fascia da 115 % di accelerator scende da 3 % a 2,5 %.",
        ),
        (
            "{from: 115 %, gives: 3 %}]",
            "{from: 115 %, gives: 3 %}, {from: 130 %, gives: 4 %}]",
            "The band from 130 % of accelerator was added: 4 %.",
            "Si aggiunge la fascia da 130 % di accelerator: 4 %.",
        ),
        (
            "mode: marginal",
            "mode: whole",
            "The mode of the bands of accelerator changes from marginal to whole.",
            "La modalità delle fasce di accelerator cambia da marginal a whole.",
        ),
        (
            "share: 25 %",
            "share: 30 %",
            ("The share for order.partner of the credit sale rises from 25 % to 30 %."),
            ("La quota di order.partner del credito sale sale da 25 % a 30 %."),
        ),
        (
            "{share: 65 %, at: activated}",
            "{share: 60 %, at: activated}",
            "The share at activated of the release of base falls from 65 % to 60 %.",
            "La quota a activated della liquidazione di base scende da 65 % a 60 %.",
        ),
        (
            "days: 180",
            "days: 90",
            "The number of days of the storno falls from 180 to 90.",
            "Il numero di giorni dello storno scende da 180 a 90.",
        ),
        (
            'participants: payee.kind = "agency" and payee.channel = "field"',
            'participants: payee.kind = "agency"',
            (
                'The condition on participants changes from `payee.kind = "agency" and payee.channel '
                '= "field"` to `payee.kind = "agency"`.'
            ),
            (
                'La condizione sui partecipanti cambia da `payee.kind = "agency" and payee.channel '
                '= "field"` a `payee.kind = "agency"`.'
            ),
        ),
        (
            "payment: {negative_balance: carried, minimum: 0 EUR}",
            "payment: {negative_balance: carried, minimum: 25 EUR}",
            "The minimum of the payment rises from 0 EUR to 25 EUR.",
            "Il minimo del pagamento sale da 0 EUR a 25 EUR.",
        ),
        (
            "2026-03: {base: 23.40 EUR}",
            "2026-03: {base: 23.41 EUR}",
            "The example 'one order, paid in two parts' changes.",
            "Cambia l'esempio 'one order, paid in two parts'.",
        ),
        (
            "to: 2027-01-01, by",
            "to: 2026-07-01, by",
            "The end day (excluded) of the validity changes from 2027-01-01 to 2026-07-01.",
            "Il giorno finale (escluso) della validità cambia da 2027-01-01 a 2026-07-01.",
        ),
    ],
)
def test_a_change_is_told_in_business_words(before: str, after: str, en: str, it: str) -> None:
    assert (en, it) in sentences(before, after)


def test_an_added_parameter_is_told_with_its_value() -> None:
    added = "parameters: {most: {value: 3 000 EUR}}\ntables:\n"

    assert sentences("tables:\n", added) == [
        ("The parameter most was added: 3 000 EUR.", "Si aggiunge il parametro most: 3 000 EUR.")
    ]


def test_a_step_of_a_storno_by_time_is_told_by_its_place() -> None:
    whole = "base: {takes: 100 %, out_of: released"
    stepped = (
        "base: {{takes: {{elapsed: completed months, since: activated, steps: "
        "[{{within: 3, takes: 100 %}}, {{within: {0}, takes: {1}}}]}}, out_of: released"
    )
    before = AGENCY.replace(whole, stepped.format(6, "50 %"))
    after = AGENCY.replace(whole, stepped.format(9, "40 %"))

    found = compare_plans(parse_plan(before).content, parse_plan(after).content)

    assert [(change.sentence.en, change.sentence.it) for change in found] == [
        (
            "The time limit in step 2 of the storno of base rises from 6 to 9.",
            "Il termine nello scaglione 2 dello storno di base sale da 6 a 9.",
        ),
        (
            "The part taken back in step 2 of the storno of base falls from 50 % to 40 %.",
            "La parte stornata nello scaglione 2 dello storno di base scende da 50 % a 40 %.",
        ),
    ]


def test_a_cap_of_the_whole_plan_is_told_as_such() -> None:
    steps = "steps: [{{cap: {0}, over: payee and month, surplus: lost}}]\nsettlement:\n"
    before = AGENCY.replace("settlement:\n", steps.format("1 500 EUR"))
    after = AGENCY.replace("settlement:\n", steps.format("1 200 EUR"))

    (change,) = compare_plans(parse_plan(before).content, parse_plan(after).content)

    assert change.sentence.en == "The cap of the whole plan falls from 1 500 EUR to 1 200 EUR."
    assert change.sentence.it == "Il tetto dell'intero piano scende da 1 500 EUR a 1 200 EUR."


def test_an_added_component_is_told_once_and_whole() -> None:
    fee = "  fee:\n    per: credit of sale\n    amount: credit.amount * 1 %\n"
    steps = "    steps: [{round: cent, mode: half_up, each: line}]\n"

    (change,) = changes("components:\n", f"components:\n{fee}{steps}")

    assert change.sentence.en == "The component fee was added."
    assert change.sentence.it == "Si aggiunge la componente fee."
    assert change.path == "/components/fee"


def test_steps_in_another_order_are_a_difference() -> None:
    text = AGENCY.replace("      - {round: cent, mode: half_up, each: sum}\n", "", 1)
    cap = "      - {cap: 2 500 EUR, over: payee and month, surplus: lost}\n"
    last = f"{cap}      - {{round: cent, mode: half_up, each: sum}}\n"

    (change,) = compare_plans(
        parse_plan(AGENCY).content, parse_plan(text.replace(cap, last)).content
    )

    assert change.kind == "reordered"
    assert change.sentence.en == (
        "The steps of accelerator now come in this order: gate, cap, round."
    )


def test_a_copy_for_the_next_year_differs_in_its_validity_alone() -> None:
    copy, _ = shift_dates(AGENCY, 12, under=["/valid", "/tables"])

    found = compare_plans(parse_plan(AGENCY).content, parse_plan(copy).content)

    assert [change.path for change in found] == ["/valid/from", "/valid/to"]


RATES = st.lists(st.sampled_from(["1 %", "2 %", "3 %"]), min_size=12, max_size=12)


def _year(rates: list[str]) -> dict[str, object]:
    rows = [
        {
            "zone": "x",
            "from": f"2026-{month:02d}-01",
            "to": f"2026-{month + 1:02d}-01",
            "gives": rate,
        }
        for month, rate in enumerate(rates[:11], start=1)
    ]
    return {"tables": {"t": {"gives": "percent", "rows": rows}}}


@given(before=RATES, after=RATES)
def test_the_changes_of_a_rate_are_exactly_the_months_that_differ(
    before: list[str], after: list[str]
) -> None:
    found = compare_plans(_year(before), _year(after))  # type: ignore[arg-type]

    told: dict[int, tuple[object, object]] = {}
    for change in found:
        assert change.valid_from is not None
        assert change.valid_to is not None
        for month in range(change.valid_from.month, change.valid_to.month):
            told[month] = (change.before, change.after)
    expected = {
        month: (old, new)
        for month, (old, new) in enumerate(zip(before[:11], after[:11], strict=True), start=1)
        if old != new
    }
    assert told == expected


INSTALLER = (
    resources.files("premia_plan") / "library" / "plans" / "installer-fee.yaml"
).read_text()
CONTENTS = st.recursive(
    st.sampled_from(["x", "3 %", "2026-01-01", "2 500 EUR", ""]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["from", "to", "gives", "rows", "t", "cap", "steps", "at", "a/b"]),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=12,
)
PLANS = st.dictionaries(
    st.sampled_from(["tables", "components", "settlement", "valid", "examples", "unknown"]),
    CONTENTS,
    max_size=4,
)


@given(before=PLANS, after=PLANS)
def test_whatever_two_documents_hold_they_are_compared(
    before: dict[str, object], after: dict[str, object]
) -> None:
    found = compare_plans(before, after)  # type: ignore[arg-type]

    assert all(change.sentence.it and change.sentence.en for change in found)
    if before == after:
        assert found == ()


def test_two_different_plans_are_told_apart_part_by_part() -> None:
    agency, installer = parse_plan(AGENCY).content, parse_plan(INSTALLER).content

    there = compare_plans(agency, installer)
    back = compare_plans(installer, agency)

    added = {change.path for change in there if change.kind == "added"}
    removed = {change.path for change in back if change.kind == "removed"}
    assert added == removed
    assert added


def test_the_second_cap_of_a_component_is_told_from_the_first() -> None:
    first, second = {"cap": "10 EUR"}, {"cap": "20 EUR", "over": "plan"}
    before = {"components": {"bonus": {"steps": [first, second]}}}
    after = {"components": {"bonus": {"steps": [first, second | {"cap": "25 EUR"}]}}}

    (change,) = compare_plans(before, after)  # type: ignore[arg-type]

    assert change.sentence.en == "The cap (2) of bonus rises from 20 EUR to 25 EUR."


def test_a_state_that_is_added_to_a_model_is_told_by_name() -> None:
    before = {"states": {"models": {"energy": {"states": ["signed"]}}}}
    after = {"states": {"models": {"energy": {"states": ["signed", "churned"]}}}}

    (change,) = compare_plans(before, after)  # type: ignore[arg-type]

    assert change.sentence == (
        "Si aggiunge lo stato churned del modello di stati energy.",
        "The state churned of the state model energy was added.",
    )
