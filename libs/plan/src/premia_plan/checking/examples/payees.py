"""Payees of a worked example, who they report to, and the trees of codes."""

from premia_plan.checking.clause import Clause
from premia_plan.checking.examples.reader import PRINCIPAL, Reader
from premia_plan.quantities import Unit
from premia_plan.relations import AssignmentRow, Attribute, EdgeRow, PayeeRow, TreeRow


def payees(reader: Reader) -> list[PayeeRow]:
    """Return the payees with their attributes, valid without limit."""
    return [
        PayeeRow(
            row.word("id"),
            None,
            None,
            {
                key: _attribute(reader, key, cell)
                for key, cell in row.parts().items()
                if key != "id"
            },
        )
        for row in reader.rows("payees")
    ]


def _attribute(reader: Reader, name: str, cell: Clause) -> Attribute:
    unit = reader.names.words.payee_attributes.get(name, Unit.TEXT)
    return reader.decimal(cell, unit) if unit.is_number else cell.text


def assignments(reader: Reader) -> list[AssignmentRow]:
    """Return an assignment of every payee to the plan, without limit."""
    return [
        AssignmentRow(payee, payee, PRINCIPAL, payee, None, None) for payee in sorted(reader.payees)
    ]


def edges(reader: Reader) -> list[EdgeRow]:
    """Return who reports to whom."""
    return [
        EdgeRow(
            hierarchy,
            reader.payee(row.part("payee")),
            reader.payee(row.part("reports_to")),
            None,
            None,
        )
        for hierarchy, rows in (
            reader.given["hierarchy"].parts() if "hierarchy" in reader.given else {}
        ).items()
        for row in rows.entries()
    ]


def trees(reader: Reader) -> list[TreeRow]:
    """Return the nodes of the trees."""
    return [
        TreeRow(tree, row.word("code"), row.word("parent") or None)
        for tree, rows in (reader.given["trees"].parts() if "trees" in reader.given else {}).items()
        for row in rows.entries()
    ]
