"""What may hang on exceptions that are about nobody in particular."""

from dataclasses import asdict
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from calc_engine.domain.exception_desk import stakes
from calc_engine.domain.statement_line import ResultLine
from premia_common.money import Money
from premia_plan.reference.subject import territory_subject
from premia_plan.results import Cell, Exception_

NODE = UUID(int=0)


def unpaid(number: int, payee: str, month: str, code: str) -> ResultLine:
    return ResultLine(
        line_id=UUID(int=number),
        payee_id=payee,
        principal_id="P1",
        plan="agency",
        currency="EUR",
        component="bonus",
        kind="bonus",
        what="not_paid",
        month=None,
        competence=month,
        amount=Decimal(0),
        order_id=None,
        credit_id=None,
        share=None,
        reason=None,
        reason_code=code,
        node_id=NODE,
    )


def told(message: str, month: str, code: str = "target_missing") -> Exception_:
    return Exception_(code, message, "Set one", None, None, month, blocks=True)


def test_what_hangs_on_a_territory_is_what_its_payees_miss_in_the_month() -> None:
    lines = [
        unpaid(1, "A1", "2026-03", "target_missing"),
        unpaid(2, "A2", "2026-03", "target_missing"),
        unpaid(3, "A3", "2026-03", "no_rate"),
        unpaid(4, "A4", "2026-02", "target_missing"),
    ]
    north = territory_subject("nord, east")
    cells = [
        Cell(north, "sales", "2026-03", "800.00", None, None, NODE),
        Cell(north, "orders", "2026-03", "3", None, None, NODE),
        Cell(north, "sales", "2026-02", "9000.00", None, None, NODE),
        Cell(territory_subject("nord"), "sales", "2026-03", "7000.00", None, None, NODE),
    ]

    [found] = stakes(
        [told("the territory nord, east, bonus of 2026-03: not paid", "2026-03")],
        lines,
        {},
        cells,
        {},
    )

    assert found.payees == ("A1", "A2")
    # "the territory nord" and "the territory nord, east" both begin the message: the larger counts.
    assert (found.amount, found.estimate) == (Money("7000.00", "EUR"), "measured")


class LookedAt(ResultLine):
    """A line that counts how often somebody reads a month."""

    times: ClassVar[int] = 0

    def __getattribute__(self, name: str) -> object:
        LookedAt.times += name == "competence"
        return super().__getattribute__(name)


def test_lines_are_read_once_however_many_exceptions_there_are() -> None:
    lines = [LookedAt(**asdict(unpaid(n, "A1", "2026-03", "no_rate"))) for n in range(20)]
    waiting = [
        told(f"The reversal R{n} waits: there is no payment", "2026-03", "reversal-of-unknown")
        for n in range(50)
    ]

    found = stakes(waiting, lines, {}, [], {})

    assert [item.payees for item in found] == [()] * 50
    assert LookedAt.times <= 2 * len(lines)
