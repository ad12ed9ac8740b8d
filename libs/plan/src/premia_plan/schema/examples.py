"""The worked examples."""

from premia_plan.schema.shapes import (
    DAY,
    MONEY,
    MONTH,
    QUANTITY,
    RATE,
    Schema,
    list_of,
    mapping,
    object_of,
    one_of,
    shared,
    text,
)


def _example() -> Schema:
    given = object_of(
        {},
        {
            "like": text(),
            "payees": list_of(mapping(text())),
            "known_on": text(DAY),
            "positions": list_of(mapping(text())),
            "hierarchy": mapping(
                list_of(
                    object_of(
                        {"payee": text(), "reports_to": text()},
                        {"from": text(DAY), "to": text(DAY)},
                    )
                )
            ),
            "trees": mapping(list_of(object_of({"code": text()}, {"parent": text()}))),
            "targets": list_of(mapping(text())),
            "kpis": list_of(mapping(text())),
            "openings": list_of(_opening()),
            "orders": list_of(_example_order(), least=0),
            **_payment_rows(),
            "activities": list_of(shared("example_fact")),
            "bills": list_of(shared("example_fact")),
            "payments": list_of(shared("example_fact")),
            "credit_notes": list_of(shared("example_fact")),
            "reversals": list_of(_reversal()),
        },
    )
    amounts = mapping(mapping(text(MONEY)), MONTH)
    return object_of(
        {"name": text(), "given": given, "expect": mapping(amounts)},
        {
            "exceptions": list_of(text()),
            "pays": mapping(mapping(text(MONEY), MONTH)),
            "statements": mapping(mapping(text(MONEY), MONTH)),
            "balances": mapping(amounts),
            "rates": mapping(mapping(mapping(text(QUANTITY)))),
            "bands": mapping(mapping(mapping(list_of(_expected_part(), least=0)))),
            "held": list_of(_expected_line("reason"), least=0),
            "lines": list_of(_expected_line("what", "month", "competence", "share", "reason")),
        },
    )


def _opening() -> Schema:
    """Return the shape of what stood before the first month."""
    return object_of(
        {"payee": text(), "month": text(), "amount": text(QUANTITY), "day": text(DAY)},
        {
            "measure": text(),
            "paid": text(),
            "draw": text(),
            "reserve": text(),
            "balance": one_of("carried"),
        },
    )


def _reversal() -> Schema:
    """Return the shape of a recorded reversal, of an order or of another fact."""
    return object_of(
        {},
        {
            "order": text(),
            "fact": text(r"^(line|activity|bill|payment|credit note) \S+$"),
            "day": text(DAY),
            "amount": text(MONEY),
            "share": text(RATE),
            "imputable_to": text(),
            "cause": text(),
            "known": text(DAY),
        },
    )


def _expected_part() -> Schema:
    """Return the shape of what a band must give: where it starts, and its part."""
    return object_of({"from": text(QUANTITY), "part": text(MONEY)})


def _expected_line(*told_by: str) -> Schema:
    """Return the shape of a line that must be there: its amount, and what tells it from others."""
    columns = {
        "what": text(),
        "month": text(MONTH),
        "competence": text(MONTH),
        "share": text(r"^\d+$"),
        "reason": text(),
    }
    return object_of(
        {"payee": text(), "component": text(), "amount": text(MONEY)},
        {"order": text(), "principal": text(), **{name: columns[name] for name in told_by}},
    )


def _payment_rows() -> dict[str, Schema]:
    """Return the shapes of what is given about payment and about days in the plan."""
    counted: dict[str, Schema] = {"payee": text(), "month": text(MONTH), "amount": text(MONEY)}
    return {
        "payee_caps": list_of(
            object_of(
                {"payee": text(), "amount": text(MONEY)},
                {
                    "from": text(DAY),
                    "to": text(DAY),
                    "principal": text(),
                    "priority": list_of(text()),
                },
            )
        ),
        "paid_before": list_of(
            object_of(
                {
                    "payee": text(),
                    "month": text(),
                    "component": text(),
                    "amount": text(MONEY),
                }
            )
        ),
        "assignments": list_of(
            object_of(
                {"payee": text()},
                {
                    "from": text(DAY),
                    "to": text(DAY),
                    "accepted": one_of("true", "false"),
                    "principal": text(),
                },
            )
        ),
        "leave": list_of(object_of({"payee": text(), "from": text(DAY)}, {"to": text(DAY)})),
        "holidays": list_of(text(DAY)),
        "exchange_rates": list_of(
            object_of(
                {
                    "type": one_of("daily", "period average", "plan rate"),
                    "from": text(r"^[A-Z]{3}$"),
                    "rate": text(),
                },
                {"day": text(DAY), "period": text(), "to": text(r"^[A-Z]{3}$")},
            )
        ),
        "adjustments": list_of(
            object_of(
                {**counted, "reason": text()},
                {
                    "id": text(),
                    "made_by": text(),
                    "approved_by": text(),
                    "approved_on": text(DAY),
                    "expires_on": text(DAY),
                },
            )
        ),
        "loans": list_of(
            object_of(
                {**counted, "instalment": text(MONEY), "recovered_from": text(MONTH)},
                {"id": text()},
            )
        ),
    }


def _example_order() -> Schema:
    order = object_of(
        {"id": text(), "signed_on": text(DAY), "amount": text(MONEY)},
        {
            "seller": text(),
            "partner": text(),
            "category": text(),
            "territory": text(),
            "principal": text(),
            "known": text(DAY),
            "states": mapping(text(DAY)),
            "lines": list_of(_example_line()),
        },
    )
    order["additionalProperties"] = text()
    return order


def _example_line() -> Schema:
    line = object_of(
        {"id": text(), "amount": text(MONEY)},
        {"category": text(), "quantity": text(), "day": text(DAY), "states": mapping(text(DAY))},
    )
    line["additionalProperties"] = text()
    return line


def _example_fact() -> Schema:
    fact = object_of(
        {"id": text(), "day": text(DAY)},
        {
            "order": text(),
            "principal": text(),
            "known": text(DAY),
            "category": text(),
            "territory": text(),
            "amount": text(MONEY),
            "tax": text(MONEY),
            "quantity": text(),
            "states": mapping(text(DAY)),
        },
    )
    fact["additionalProperties"] = text()
    return fact


DEFINITIONS: dict[str, Schema] = {"example_fact": _example_fact()}


def examples() -> Schema:
    """Return the shape of the worked examples."""
    return list_of(_example(), least=0)
