"""The steps of a component."""

from premia_plan.schema.shapes import MONEY, Schema, by_key, object_of, one_of, text

_OVER = {"line": "line", "sum": "payee and month"}


def _step(each: str) -> Schema:
    """Return the shape of one step; `each` says what a component rounds, `line` or `sum`."""
    rounding = object_of({"round": one_of("cent"), "mode": one_of("half_up"), "each": one_of(each)})
    gate = object_of({"gate": text(), "otherwise": text(MONEY)})
    cap = object_of({"cap": text(MONEY), "over": one_of(_OVER[each]), "surplus": one_of("lost")})
    return by_key("round", rounding, by_key("gate", gate, cap))


DEFINITIONS: dict[str, Schema] = {"line_step": _step("line"), "sum_step": _step("sum")}
