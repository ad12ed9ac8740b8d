"""What is due, offline: terms of payment, and the tables that they and other facts are read from."""

import csv
import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from premia_cli.main import app
from premia_cli.offline.building import Attributes, read_folder
from premia_cli.offline.rejects import RejectedRow
from premia_plan.library import library_plan
from premia_plan.quantities import Unit
from premia_plan.relations import Relations
from premia_verifier.run import Run, problems

NO_ATTRIBUTES = Attributes({}, {})
TABLES = {
    "payees": "payee_id,kind\nN1,agency\n",
    "assignments": "payee_id,principal,valid_from\nN1,P,2026-02-01\n",
    "orders": "order_id,principal,signed_on,seller,category,territory,amount,currency\n"
    "O1,P,2026-02-02,N1,gas,nord,10000,EUR\n"
    "O2,P,2026-02-02,N1,gas,nord,50000,EUR\n"
    "O3,P,2026-02-02,N1,gas,nord,35000,EUR\n",
    "order_states": "order_id,state,day\n"
    "O1,activated,2026-02-20\nO2,activated,2026-03-20\nO3,activated,2026-04-20\n",
}


class Rejected(list[RejectedRow]):
    """Keeps rejected rows in memory."""

    def add(self, rejected: RejectedRow) -> None:
        self.append(rejected)


def written(folder: Path, **more: str) -> Path:
    folder.mkdir(parents=True)
    for name, text in {**TABLES, **more}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def calculated(
    tmp_path: Path, data: Path, first: str = "2026-01", plan: tuple[str, str] = ("", "")
) -> Path:
    path, out = tmp_path / "plan.yaml", tmp_path / f"out-{first}"
    path.write_text(library_plan("newcomer-draw").replace(*plan, 1), encoding="utf-8")
    options = ["--from", first, "--to", "2026-04", "--out", str(out)]
    done = CliRunner().invoke(
        app, ["calc", "run", "--plan", str(path), "--data", str(data), *options]
    )
    assert done.exit_code == 0, done.output
    return out


def rows(out: Path, table: str) -> list[dict[str, str]]:
    with (out / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def balances(out: Path) -> dict[tuple[str, str], str]:
    return {(row["month"], row["account"]): row["amount"] for row in rows(out, "balances")}


def test_what_is_due_and_owed_is_written_month_by_month(tmp_path: Path) -> None:
    out = calculated(tmp_path, written(tmp_path / "data"))

    found = balances(out)
    assert [found[month, "due"] for month in ("2026-02", "2026-03", "2026-04")] == [
        "1200.00",
        "1600.00",
        "1300.00",
    ]
    assert found["2026-04", "newcomer"] == "300.00"
    assert [(row["what"], row["amount"]) for row in rows(out, "payments")].count(
        ("draw", "800.00")
    ) == 1


def test_statements_in_another_currency_are_written_and_add_up(tmp_path: Path) -> None:
    rates = "rate_type,from_currency,to_currency,period,rate\nplan rate,EUR,JPY,2026,160.5\n"
    data = written(tmp_path / "data", exchange_rates=rates)
    stated = "currencies: {statement: {in: '\"JPY\"', rate: plan rate}}\npayment:\n"
    whole = calculated(tmp_path, data, plan=("payment:\n", stated))
    later = calculated(tmp_path, data, first="2026-03", plan=("payment:\n", stated))

    totals: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows(whole, "statements"):
        totals[row["month"], row["currency"]] += int(row["amount"])
    # 1 200.00, 1 600.00 and 1 300.00 EUR are due, each line of them rounded to whole yen.
    assert totals == {
        ("2026-02", "JPY"): 192_600,
        ("2026-03", "JPY"): 256_800,
        ("2026-04", "JPY"): 208_650,
    }
    assert rows(later, "statements") == [
        row for row in rows(whole, "statements") if row["month"] >= "2026-03"
    ]
    for out in (whole, later):
        assert list(problems(Run.read(out))) == []


def test_a_later_first_month_goes_on_from_the_balance_before_and_still_adds_up(
    tmp_path: Path,
) -> None:
    data = written(tmp_path / "data")
    whole, later = calculated(tmp_path, data), calculated(tmp_path, data, first="2026-03")

    assert {row["month"] for row in rows(later, "payments")} == {"2026-03", "2026-04"}
    assert balances(later).items() <= balances(whole).items()
    for out in (whole, later):
        assert list(problems(Run.read(out))) == []


def test_rows_of_payment_count_and_are_explained_by_their_row(tmp_path: Path) -> None:
    data = written(
        tmp_path / "data",
        openings="kind,payee_id,name,period,amount,day\ndraw,N1,newcomer,2026-01,100,2026-01-31\n",
        adjustments="adjustment_id,payee_id,principal,month,amount,reason,made_by,approved_by\n"
        "M1,N1,P,2026-03,50.00,a mistake,ada,bruno\n",
        loans="loan_id,payee_id,principal,month,amount,instalment,recovered_from\n"
        "L1,N1,P,2026-03,300,100,2026-04\n",
        leaves="payee_id,valid_from,valid_to\nN1,2026-02-15,2026-03-01\n",
    )

    out = calculated(tmp_path, data)

    # February: 14 of 28 days, so the level is 600.00: 200.00 drawn, 300.00 owed with the opening.
    # March: 2 050.00 with the adjustment; 300.00 of the 425.00 that may be taken back; 300.00 lent.
    found = balances(out)
    assert found["2026-02", "due"] == "600.00"
    assert found["2026-03", "due"] == "2050.00"
    assert found["2026-04", "due"] == "1300.00"
    assert found["2026-04", "loan L1"] == "200.00"
    sources = {row["source_id"] for row in rows(out, "nodes")}
    assert {"adjustments/M1", "loans/L1", "openings/draw N1 newcomer 2026-01"} <= sources


OPENED = """
plan: opened
language: 1
title: {it: Prova, en: Trial}
currency: EUR
time_zone: Europe/Rome
pay_period: month
valid: {from: 2026-01-01, to: 2027-01-01, by: order.signed_on}
participants: payee.kind = "agency"
credits:
  sale: {amount: order.amount, divides: base, shares: [{to: order.seller, share: rest}]}
measures:
  sold: {sum: credit.amount, of: sale, dated_by: order.signed_on, over: year, per: payee}
components:
  base: {per: credit of sale, amount: credit.amount * 1 %, steps: [{round: cent, mode: half_up, each: line}]}
  year: {per: payee and year, amount: sold * 1 %, steps: [{round: cent, mode: half_up, each: sum}], lands_in: the measured month}
settlement:
  states: {model: energy_order, of: order}
  release: {base: [{share: rest, at: activated}], year: [{share: rest, at: close of the measured month}]}
payment:
  draws: {advance: {preset: recoverable draw, amount: 0 EUR, recovery_share: 50 %, recovered: {to: 2026-03}}}
  reserves: {safety: {of: all, withholds: [{from: 0 EUR, share: 0 %}], released: {date: 2026-04-30}}}
examples:
  - name: none
    given: {payees: [{id: N1, kind: agency}]}
    expect: {}
"""


def test_every_opening_balance_counts_with_its_date_and_source(tmp_path: Path) -> None:
    data = written(
        tmp_path / "data",
        openings="kind,payee_id,name,period,amount,day\n"
        "measure,N1,sold,2026-01,20000,2026-01-31\npaid,N1,base,2026-02,40,2026-02-28\n"
        "draw,N1,advance,2025-12,20,2025-12-31\ndraw,N1,advance,2026-01,100,2026-01-31\n"
        "reserve,N1,safety,2026-01,30,2026-01-31\nbalance,N1,,2026-01,-7,2026-01-31\n",
    )
    path, out = tmp_path / "opened.yaml", tmp_path / "out"
    path.write_text(OPENED, encoding="utf-8")
    options = ["--from", "2026-02", "--to", "2026-12", "--out", str(out)]
    done = CliRunner().invoke(
        app, ["calc", "run", "--plan", str(path), "--data", str(data), *options]
    )
    assert done.exit_code == 0, done.output

    # February: 100.00 less 40.00 paid before, half of that for the draws of 120.00, and 7.00 owed.
    # March: 500.00 less the other 90.00. April: 350.00 and the reserve. A year's 115 000.00 at 1 %.
    found = balances(out)
    assert [found[month, "due"] for month in ("2026-02", "2026-03", "2026-04", "2026-12")] == [
        "23.00",
        "410.00",
        "380.00",
        "1150.00",
    ]
    sources = {row["source_id"] for row in rows(out, "nodes")}
    assert {
        "openings/measure N1 sold 2026-01",
        "openings/paid N1 base 2026-02",
        "openings/draw N1 advance 2025-12",
        "openings/draw N1 advance 2026-01",
        "openings/reserve N1 safety 2026-01",
        "openings/balance N1 2026-01",
    } <= sources
    assert list(problems(Run.read(out))) == []


def read(tmp_path: Path, rejected: Rejected, **more: str) -> Relations:
    return read_folder(written(tmp_path / "data", **more), NO_ATTRIBUTES, rejected).relations


def test_facts_have_their_states_payees_and_attributes(tmp_path: Path) -> None:
    rejected = Rejected()
    relations = read(
        tmp_path,
        rejected,
        facts="kind,fact_id,principal,day,currency,quantity,quantity_unit,site\n"
        "activity,V1,P,2026-02-05,EUR,2,h,Roma\n",
        fact_states="kind,fact_id,state,day\nactivity,V1,done,2026-02-06\n",
        roles="of,id,line_id,role,payee\nactivity,V1,,technician,N1\norder,O1,,closer,N1\n",
    )

    [fact] = relations.facts
    assert rejected == []
    assert (fact.quantity, fact.quantity_unit, fact.attributes["site"]) == (2, "h", "Roma")
    assert [state.state for state in fact.states] == ["done"]
    assert fact.payees["technician"].payee_id == "N1"
    assert relations.orders[0].payees["closer"].payee_id == "N1"


def test_lines_have_days_states_and_payees_of_their_own(tmp_path: Path) -> None:
    relations = read(
        tmp_path,
        Rejected(),
        order_lines="order_id,line_id,category,amount,quantity_unit,day\nO1,1,gas,5,kWh,2026-02-03\n",
        order_states="order_id,line_id,state,day\nO1,1,activated,2026-02-07\nO1,,activated,2026-02-20\n",
        roles="of,id,line_id,role,payee\nline,O1,1,installer,N1\n",
    )

    order = relations.orders[0]
    [line] = order.lines
    assert (str(line.on), line.quantity_unit) == ("2026-02-03", "kWh")
    assert [str(state.on) for state in line.states] == ["2026-02-07"]
    assert [str(state.on) for state in order.states] == ["2026-02-20"]
    assert line.payees["installer"].payee_id == "N1"


def test_rates_and_holidays_are_read(tmp_path: Path) -> None:
    relations = read(
        tmp_path,
        Rejected(),
        exchange_rates="rate_type,from_currency,to_currency,period,day,rate\n"
        "daily,USD,EUR,,2026-02-02,0.9\nplan rate,CHF,EUR,2026,,1.05\n",
        holidays="day\n2026-04-06\n",
    )

    assert [(row.rate_type, str(row.rate)) for row in relations.exchange_rates] == [
        ("daily", "0.9"),
        ("plan rate", "1.05"),
    ]
    assert [str(row.on) for row in relations.holidays] == ["2026-04-06"]


@pytest.mark.parametrize(
    ("table", "text", "problem"),
    [
        (
            "order_states",
            "order_id,line_id,state,day\nO1,9,activated,2026-02-07\n",
            "order 'O1' has no line '9'",
        ),
        (
            "fact_states",
            "kind,fact_id,state,day\nbill,B9,paid,2026-02-06\n",
            "there is no bill 'B9'",
        ),
        (
            "roles",
            "of,id,line_id,role,payee\nline,O1,,installer,N1\n",
            "it is of line and says line_id ''",
        ),
        (
            "loans",
            (
                "loan_id,payee_id,principal,month,amount,instalment,recovered_from\n"
                "L1,N1,P,2026-Q1,300,100,2026-04\n"
            ),
            "'2026-Q1' is not a month",
        ),
    ],
)
def test_what_belongs_to_nothing_is_left_out_and_told(
    tmp_path: Path, table: str, text: str, problem: str
) -> None:
    rejected = Rejected()

    read(tmp_path, rejected, **{table: text})

    assert [row.problem for row in rejected] == [problem]


def test_a_statement_with_payment_lines_is_compared_with_them(tmp_path: Path) -> None:
    out = calculated(tmp_path, written(tmp_path / "data"))
    february = [row for row in rows(out, "payments") if row["month"] == "2026-02"]
    earned = [row for row in rows(out, "lines") if row["month"] == "2026-02"]
    page = tmp_path / "page.json"
    items = [
        {
            "origin_line_id": row["line_id"],
            "component": row.get("component") or row.get("name"),
            "what": row["what"],
            "order_id": row.get("order_id"),
            "amount": {"amount": row["amount"], "currency": "EUR"},
        }
        for row in (*earned, *february)
    ]
    page.write_text(json.dumps({"items": items}), encoding="utf-8")

    done = CliRunner().invoke(
        app,
        [
            "calc",
            "compare",
            "--statement",
            str(page),
            "--out",
            str(out),
            "--payee",
            "N1",
            "--month",
            "2026-02",
        ],
    )

    assert done.exit_code == 0, done.output
    assert "2 of 2 lines are the same" in done.output


def test_positions_caps_and_what_was_paid_before_are_read(tmp_path: Path) -> None:
    data = written(
        tmp_path / "data",
        positions="payee_id,position,valid_from,valid_to,weight\nN1,P7,2026-02-01,2026-07-01,8 %\n",
        payee_caps="payee_id,principal,amount,valid_from,priority\nN1,P,1500.00,2026-03-01,base token\n",
        paid_before="payee_id,component,period,amount\nN1,base,2026-Q1,80.00\n",
    )
    rejected = Rejected()

    found = read_folder(data, Attributes({}, {}, {"weight": Unit.RATE}), rejected).relations

    assert rejected == []
    [position] = found.positions
    assert (position.position, position.attributes) == ("P7", {"weight": Decimal("0.08")})
    assert (position.valid_from, position.valid_to) == (date(2026, 2, 1), date(2026, 7, 1))
    [cap] = found.payee_caps
    assert (cap.amount, cap.valid_from, cap.priority) == (
        Decimal("1500.00"),
        date(2026, 3, 1),
        ("base", "token"),
    )
    [paid] = found.paid_before
    assert (paid.component, paid.period, paid.amount) == ("base", "2026-Q1", Decimal("80.00"))
