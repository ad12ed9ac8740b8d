"""Payees of a worked example, who they report to, and the trees of codes."""

from datetime import date

from premia_plan.checking.clause import Clause
from premia_plan.checking.examples.reader import Reader
from premia_plan.checking.unknown import column_missing
from premia_plan.language import Words, suggested
from premia_plan.quantities import Unit
from premia_plan.relations import AssignmentRow, Attribute, EdgeRow, PayeeRow, PositionRow, TreeRow


def payees(reader: Reader) -> list[PayeeRow]:
    """Return the payees with their attributes; a row may say from and to when they hold."""
    return [
        PayeeRow(
            row.word("id"),
            _limit(reader, row.optional("from")),
            _limit(reader, row.optional("to")),
            {
                key: _attribute(reader, key, cell)
                for key, cell in row.parts().items()
                if key not in {"id", "from", "to", "known"}
            },
        )
        for row in reader.rows("payees")
    ]


def positions(reader: Reader) -> list[PositionRow]:
    """Return who holds which position, with its attributes; from and to say when.

    Raises:
        ClauseRefused: after noting a row that names no payee or position, or an unknown attribute.
    """
    return [_position(reader, row) for row in reader.rows("positions")]


def _position(reader: Reader, row: Clause) -> PositionRow:
    units = reader.names.words.position_attributes
    attributes: dict[str, Attribute] = {}
    for column in ("payee", "code"):
        if row.optional(column) is None:
            raise row.refuse("key.missing", *column_missing(column))
    for name, cell in row.parts().items():
        if name in {"payee", "code", "from", "to", "known"}:
            continue
        if name not in units:
            hint = suggested(name, units)
            raise cell.refuse(
                "name.unknown",
                Words(
                    f"{name!r} is not known of a position", f"{name!r} non è noto di una posizione"
                ),
                hint,
            )
        attributes[name] = reader.attribute(cell, units[name])
    return PositionRow(
        reader.payee(row.part("payee")),
        row.word("code"),
        _limit(reader, row.optional("from")),
        _limit(reader, row.optional("to")),
        attributes,
    )


def _attribute(reader: Reader, name: str, cell: Clause) -> Attribute:
    unit = reader.names.words.payee_attributes.get(name, Unit.TEXT)
    return reader.attribute(cell, unit)


def assignments(reader: Reader) -> list[AssignmentRow]:
    """Return the assignments to the plan.

    A payee of whom none is given is assigned without limit, under every principal of the facts.
    """
    given = [
        AssignmentRow(
            f"{row.word('payee')} {number}",
            row.word("payee"),
            reader.principal(row),
            reader.payee(row.part("payee")),
            _limit(reader, row.optional("from")),
            _limit(reader, row.optional("to")),
            accepted=row.word("accepted") != "false",
        )
        for number, row in enumerate(reader.rows("assignments"), start=1)
    ]
    others = sorted(reader.payees - {row.payee_id for row in given})
    principals = reader.principals()
    return [
        *given,
        *(
            AssignmentRow(
                payee if len(principals) == 1 else f"{payee} {principal}",
                payee,
                principal,
                payee,
                None,
                None,
            )
            for payee in others
            for principal in principals
        ),
    ]


def _limit(reader: Reader, clause: Clause | None) -> date | None:
    return None if clause is None else reader.day(clause)


def edges(reader: Reader) -> list[EdgeRow]:
    """Return who reports to whom."""
    return [
        EdgeRow(
            hierarchy,
            reader.payee(row.part("payee")),
            reader.payee(row.part("reports_to")),
            _limit(reader, row.optional("from")),
            _limit(reader, row.optional("to")),
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
