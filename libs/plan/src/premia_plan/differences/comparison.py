"""Two plan documents compared: rates day by day, everything else part by part."""

from collections.abc import Iterator, Mapping

from premia_plan.differences.change import Change, Difference
from premia_plan.differences.parts import part_differences
from premia_plan.differences.rates import rate_differences
from premia_plan.differences.wording import direction_of, sentence_of
from premia_plan.document import Content

_ROWS = "rows"


def compare_plans(
    before: Mapping[str, Content], after: Mapping[str, Content]
) -> tuple[Change, ...]:
    """Return what changed from one canonical document to another, in the order of the document.

    Rates are compared for the days on which they count: a row that is split in two, both giving
    what it gave, is no change.  If the two plans share no day, the earlier one's rates are taken
    as many months later as its first day lies before the other's.

    >>> [change.sentence.en for change in compare_plans({"currency": "EUR"}, {"currency": "CHF"})]
    ['The currency changes from EUR to CHF.']
    """
    return tuple(
        Change(
            difference.kind,
            difference.path,
            difference.before,
            difference.after,
            direction_of(difference),
            difference.keys,
            difference.valid_from,
            difference.valid_to,
            sentence_of(difference),
        )
        for difference in _differences(before, after)
    )


def _differences(
    before: Mapping[str, Content], after: Mapping[str, Content]
) -> Iterator[Difference]:
    both = _rate_tables(before).keys() & _rate_tables(after).keys()
    yield from part_differences(
        _without_rows(before, both), _without_rows(after, both), path="", steps=()
    )
    yield from rate_differences(before, after, sorted(both))


def _rate_tables(plan: Mapping[str, Content]) -> Mapping[str, Content]:
    tables = plan.get("tables")
    if not isinstance(tables, dict):
        return {}
    return {
        name: table
        for name, table in tables.items()
        if isinstance(table, dict) and isinstance(table.get(_ROWS), list)
    }


def _without_rows(plan: Mapping[str, Content], names: set[str]) -> dict[str, Content]:
    tables = plan.get("tables")
    if not isinstance(tables, dict):
        return dict(plan)
    kept: dict[str, Content] = {
        name: {key: value for key, value in table.items() if key != _ROWS}
        if name in names and isinstance(table, dict)
        else table
        for name, table in tables.items()
    }
    return {**plan, "tables": kept}
