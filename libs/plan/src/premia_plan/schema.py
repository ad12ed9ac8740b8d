"""The JSON Schema of a plan document: its shape, before names and units are looked at."""

from typing import TypeAlias

from premia_plan.quantities import NUMBER_PATTERN

Schema: TypeAlias = "dict[str, Schema | list[Schema] | list[str] | str | bool | int]"

NAME = "^[a-z][a-z0-9_]*$"
MONEY = rf"^-?{NUMBER_PATTERN} ?[A-Z]{{3}}$"
RATE = rf"^{NUMBER_PATTERN} ?%$"
QUANTITY = rf"^-?{NUMBER_PATTERN}( ?%| ?[A-Z]{{3}})?$"
DAY = r"^\d{4}-\d{2}-\d{2}$"
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


def _text(pattern: str | None = None, description: str = "") -> Schema:
    schema: Schema = {"type": "string", "minLength": 1}
    if pattern is not None:
        schema["pattern"] = pattern
    if description:
        schema["description"] = description
    return schema


def _one_of(*words: str) -> Schema:
    return {"enum": list(words)}


def _map(values: Schema, keys: str | None = None, least: int = 0) -> Schema:
    schema: Schema = {"type": "object", "additionalProperties": values}
    if keys is not None:
        schema["propertyNames"] = {"pattern": keys}
    if least:
        schema["minProperties"] = least
    return schema


def _list(items: Schema, least: int = 1) -> Schema:
    return {"type": "array", "items": items, "minItems": least}


def _object(required: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def _by_key(key: str, *choices: Schema) -> Schema:
    """Return a schema of several shapes, told apart by whether they have a key."""
    having, without = choices
    return {"if": {"type": "object", "required": [key]}, "then": having, "else": without}


def plan_schema() -> Schema:
    """Return the JSON Schema (2020-12) of a plan document in language 1."""
    root = _object(
        {
            "plan": _text("^[a-z0-9][a-z0-9-]{1,62}$", "the plan's name, part of every line's id"),
            "language": {"const": "1"},
            "title": _map(_text(), "^[a-z]{2}$", least=1),
            "currency": _text("^[A-Z]{3}$"),
            "time_zone": _text(),
            "pay_period": _one_of("month"),
            "valid": _object({"from": _text(DAY), "to": _text(DAY), "by": _text()}),
            "participants": _text(description="a condition on the payee"),
            "credits": _map(_credit(), NAME, least=1),
            "components": _map(_component(), NAME, least=1),
            "settlement": _settlement(),
        },
        {
            "acceptance": _object(
                {"required": _one_of("true", "false")}, {"until_accepted": _one_of("hold")}
            ),
            "covers": _text(
                description="a condition on the order; others are no matter of the plan"
            ),
            "attributes": _attributes(),
            "tables": _map(_table(), NAME),
            "measures": _map(_measure(), NAME),
            "targets": _map(_target(), NAME),
            "attainments": _map(
                _object(
                    {"of": _text(), "against": _one_of("target")},
                    {"target_zero": _one_of("exception")},
                ),
                NAME,
            ),
            "payment": _object(
                {"negative_balance": _one_of("carried"), "minimum": _text(MONEY)},
            ),
            "examples": _list(_example(), least=0),
        },
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://premia.example/schemas/plan.schema.json",
        "title": "Plan document, language 1",
        **root,
    }


def _attributes() -> Schema:
    kinds = _one_of("money", "count", "text")
    return _object({}, {"order": _map(kinds, NAME), "payee": _map(_one_of("text"), NAME)})


def _table() -> Schema:
    key = _object({"value": _text(), "match": _one_of("tree", "exact", "band")})
    return _object(
        {
            "gives": _one_of("percent", "money"),
            "keys": _list({**_map(key, NAME, least=1), "maxProperties": 1}),
            "rows": _list(_map(_text())),
        },
        {"dated_by": _text(), "missing": _one_of("exception", "zero")},
    )


def _credit() -> Schema:
    share = _object(
        {
            "to": _one_of("order.seller", "order.partner"),
            "share": _text(rf"^({NUMBER_PATTERN} ?%|rest)$"),
        },
        {"when": _text()},
    )
    uses = _list(_one_of("money", "target"))
    rollup = _object(
        {"of": _text(), "along": _text(), "levels": _text(r"^[1-9]\d?$"), "dated_by": _text()}
    )
    direct = _object(
        {"amount": _text(), "divides": _one_of("base"), "shares": _list(share)},
        {"counts_for": uses},
    )
    return _by_key("rollup", _object({"rollup": rollup}, {"counts_for": uses}), direct)


def _measure() -> Schema:
    period = {"over": _one_of("month"), "per": _one_of("payee")}
    loaded = _object(
        {
            "loaded": _one_of("kpi"),
            "gives": _one_of("percent", "count"),
            **period,
            "missing": _one_of("exception"),
        }
    )
    summed = _object(
        {"sum": _text(), "of": _text(), "dated_by": _text(), **period},
        {"when": _text(), "reversed_order": _one_of("leaves", "stays")},
    )
    return _by_key("loaded", loaded, summed)


def _target() -> Schema:
    return _object(
        {"gives": _one_of("money", "count"), "over": _one_of("month"), "per": _one_of("payee")},
        {"joiner": _one_of("by calendar days"), "missing": _one_of("exception")},
    )


def _component() -> Schema:
    rounding = {"round": _one_of("cent"), "mode": _one_of("half_up")}
    line = _object({**rounding, "each": _one_of("line")})
    per_credit = _object(
        {"per": _text(r"^credit of [a-z][a-z0-9_]*$"), "amount": _text(), "steps": _list(line)}
    )
    tiers = _object(
        {
            "mode": _one_of("marginal", "whole"),
            "looked_up_by": _text(),
            "pays_on": _text(),
            "edge": _one_of("to the band that starts there"),
            "below_first": _one_of("nothing"),
            "above_last": _one_of("open"),
            "bands": _list(_object({"from": _text(QUANTITY), "gives": _text(QUANTITY)})),
        }
    )
    step = _by_key(
        "round",
        _object({**rounding, "each": _one_of("sum")}),
        _by_key(
            "gate",
            _object({"gate": _text(), "otherwise": _text(MONEY)}),
            _object(
                {
                    "cap": _text(MONEY),
                    "over": _one_of("payee and month"),
                    "surplus": _one_of("lost"),
                }
            ),
        ),
    )
    per_cell = _object(
        {
            "per": _one_of("payee and month"),
            "tiers": tiers,
            "steps": _list(step),
            "spread": _one_of("by credit.amount"),
            "lands_in": _one_of("the measured month"),
        }
    )
    return _by_key("tiers", per_cell, per_credit)


def _settlement() -> Schema:
    share = _object(
        {"share": _text(rf"^({NUMBER_PATTERN} ?%|rest)$"), "at": _text()},
    )
    release: Schema = {
        "if": {"type": "array"},
        "then": _list(share),
        "else": _object({"like": _text()}),
    }
    effect = _by_key(
        "recount",
        _object({"recount": _one_of("the measured month")}),
        _object(
            {
                "takes": _text(RATE),
                "out_of": _one_of("released"),
                "unreleased": _one_of("dropped"),
            }
        ),
    )
    storno = _object(
        {
            "when": _text(),
            "lands_in": _one_of("month of the event"),
            "effect": _map(effect),
        },
        {
            "within": _object({"days": _text(r"^\d{1,4}$"), "after": _text()}),
            "void_when": _text(),
            "if_void": _map(_one_of("release the rest", "keep")),
        },
    )
    states = _object({"model": _text(NAME), "of": _one_of("order")}, {"names": _list(_text(NAME))})
    return _object({"states": states, "release": _map(release)}, {"storno": storno})


def _example() -> Schema:
    given = _object(
        {},
        {
            "like": _text(),
            "payees": _list(_map(_text())),
            "hierarchy": _map(_list(_object({"payee": _text(), "reports_to": _text()}))),
            "trees": _map(_list(_object({"code": _text()}, {"parent": _text()}))),
            "targets": _list(_map(_text())),
            "kpis": _list(_map(_text())),
            "orders": _list(_example_order(), least=0),
            "reversals": _list(
                _object({"order": _text()}, {"imputable_to": _text(), "cause": _text()})
            ),
        },
    )
    amounts = _map(_map(_text(MONEY)), MONTH)
    return _object(
        {"name": _text(), "given": given, "expect": _map(amounts)},
        {"exceptions": _list(_text())},
    )


def _example_order() -> Schema:
    order = _object(
        {"id": _text(), "signed_on": _text(DAY), "amount": _text(MONEY)},
        {
            "seller": _text(),
            "partner": _text(),
            "category": _text(),
            "territory": _text(),
            "states": _map(_text(DAY)),
        },
    )
    order["additionalProperties"] = _text()
    return order
