"""Samples as files: what a foreign system would hand over, and what a second reader can check."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from premia_doubles.sample import billing, orders
from premia_doubles.sample.goals import KpiRecord
from premia_doubles.sample.plans import agency_plan, installer_plan
from premia_doubles.sample.rates import commission_rates
from premia_doubles.sample.tenant import Sample
from premia_doubles.sample.trees import TreeNode, categories, territories

KPI_FIELDS = ("measurement_id", "payee", "name", "month", "value")


def csv_text(fields: Sequence[str], rows: Sequence[Mapping[str, object]]) -> str:
    """Return the rows as CSV with a header; fields not named are left out."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fields, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def orders_csv(records: Sequence[orders.Record]) -> str:
    """Return order records as Salesforce exports them."""
    return csv_text(orders.FIELDS, records)


def bills_csv(signals: Sequence[orders.Record]) -> str:
    """Return billing signals as the billing system exports them."""
    return csv_text(billing.FIELDS, signals)


def kpis_csv(rows: Sequence[KpiRecord]) -> str:
    """Return quality figures as the quality system exports them."""
    return csv_text(KPI_FIELDS, rows)


def _tree(nodes: Sequence[TreeNode]) -> list[dict[str, str | None]]:
    return [asdict(node) for node in nodes]


def write(sample: Sample, folder: Path) -> None:
    """Write every raw row of a sample, and its plans, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "orders.csv": orders_csv([*sample.pushed, *sample.filed]),
        "orders_amended.csv": orders_csv(sample.amended),
        "orders_late.csv": orders_csv([sample.late_cancellation]),
        "bills.csv": bills_csv(sample.bills),
        "bills_later.csv": bills_csv(sample.later_bills),
        "kpis.csv": kpis_csv(sample.kpis),
        "targets.csv": csv_text(("payee", "name", "month", "amount"), sample.targets),
        "commission_rates.csv": csv_text(
            ("territory", "category", "from", "to", "gives"), commission_rates()
        ),
        "payees.json": json.dumps(sample.payees, indent=1),
        "territories.json": json.dumps(_tree(territories()), indent=1),
        "categories.json": json.dumps(_tree(categories()), indent=1),
        "agency-plan.yaml": agency_plan(),
        "installer-plan.yaml": installer_plan(),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
