"""Where a plan departs from the default rules, and what its examples would pay by the default."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from premia_plan.checked import CheckedPlan
from premia_plan.checking import check_plan
from premia_plan.document import Content, PlanDocument
from premia_plan.finding import pointer
from premia_plan.language import Words
from premia_plan.linting.amounts import amount_text
from premia_plan.linting.outcome import outcome
from premia_plan.linting.remark import Remark


@dataclass(frozen=True, slots=True)
class Default:
    """A default rule as a document says it.

    `where` is a pointer in which `*` stands for any one step; `says` is what the rule amounts to
    there, and None where a plan that follows it writes nothing.
    """

    matter: str
    where: str
    says: str | None

    def is_at(self, path: str) -> bool:
        """Say whether the rule speaks of a pointer."""
        pattern = re.escape(self.where).replace(r"\*", "[^/]+")
        return re.fullmatch(pattern, path) is not None


DEFAULTS: tuple[Default, ...] = (
    Default("measures on restated facts", "/measures/*/reversed_order", "leaves"),
    Default("target missing or zero", "/targets/*/missing", "exception"),
    Default("target missing or zero", "/targets/*/zero", "exception"),
    Default("target missing or zero", "/attainments/*/target_zero", "exception"),
    Default("reversal lands", "/settlement/storno/lands_in", "month of the event"),
    Default("storno limit", "/settlement/storno/effect/*/takes", "100 %"),
    Default("storno limit", "/settlement/storno/effect/*/out_of", "released"),
    Default("storno limit", "/settlement/storno/effect/*/unreleased", "dropped"),
    Default("voided storno", "/settlement/storno/if_void/*", "release the rest"),
    Default("target changed mid-period", "/targets/*/changed", "last accepted"),
    Default("reinstatement", "/settlement/storno/window_after_reinstatement", "goes on"),
    Default("first n", "/credits/*/first/reversal", "keeps"),
    Default("currency of targets", "/currencies/targets/rate", "plan rate"),
    Default("currency of targets", "/currencies/pay/rate", "daily"),
    Default("joiner, leaver, leave", "/proration/basis", "calendar days"),
    Default("joiner, leaver, leave", "/proration/leave", "excluded"),
    Default("joiner, leaver, leave", "/proration/scales/target", "true"),
    Default("joiner, leaver, leave", "/targets/*/joiner", "by calendar days"),
    Default("recovery", "/payment/draws/*/recovered_from", "above the level"),
    Default("pool", "/pools/*/scale", "down only"),
    Default("ranks", "/ranks/*/ties", "average pay"),
    Default("draw with negative balance", "/payment/negative_balance", "carried"),
)


_IN_ITALIAN = {
    "measures on restated facts": "misure su fatti rettificati",
    "target missing or zero": "obiettivo mancante o zero",
    "reversal lands": "mese dello storno",
    "storno limit": "limite dello storno",
    "voided storno": "storno nullo",
    "target changed mid-period": "obiettivo cambiato nel periodo",
    "reinstatement": "riattivazione",
    "first n": "primi n",
    "currency of targets": "valuta degli obiettivi",
    "joiner, leaver, leave": "ingresso, uscita, assenza",
    "recovery": "recupero",
    "pool": "montepremi",
    "ranks": "classifiche",
    "draw with negative balance": "anticipo con saldo negativo",
}
DEFAULTS += tuple(
    Default(each.matter, each.where.replace("/storno/", "/storno/rules/*/"), each.says)
    for each in DEFAULTS
    if "/storno/" in each.where
)

STEPS = ("multiply", "round", "gate", "floor", "cap")
"""The order of steps by default: a failed gate beats a floor, and the cap comes last."""


def departures(plan: CheckedPlan) -> Iterator[Remark]:
    """Yield each clause that says something else than the default rule on its matter."""
    content = dict(plan.document.content)
    yield from _orders_of_steps(plan, content, "")
    for path, said in _words(content, ""):
        for default in DEFAULTS:
            if default.is_at(path) and said != default.says and not _is_recount(path, said):
                yield Remark(
                    "departs",
                    path,
                    Words(
                        f"{said!r} departs from the default rule on {default.matter}, "
                        f"{default.says!r}",
                        f"{said!r} si scosta dalla regola di base su "
                        f"{_IN_ITALIAN[default.matter]}, {default.says!r}",
                    ),
                    Words(
                        "Keep it if the payees know; the manual says what the default rules are",
                        "Va bene se i beneficiari lo sanno; il manuale dice quali sono le regole",
                    ),
                    _case(plan, path, default.says),
                )


def _orders_of_steps(plan: CheckedPlan, content: Content, path: str) -> Iterator[Remark]:
    """Yield lists of steps that run in another order than by default, and pay otherwise for it."""
    if isinstance(content, list):
        usual = sorted(content, key=_rank)
        is_usual = content == usual or not path.endswith("/steps")
        case = None if is_usual else _case(plan, path, usual)
        if case is not None and case.en.startswith("example"):
            named = " → ".join(_kind(step) for step in usual)
            yield Remark(
                "departs",
                path,
                Words(
                    f"these steps depart from the default order of steps, {named}",
                    f"questi passi si scostano dall'ordine di base, {named}",
                ),
                Words(
                    "Keep it if the payees know; steps run as they are written",
                    "Va bene se i beneficiari lo sanno; i passi valgono come sono scritti",
                ),
                case,
            )
        return
    for key, item in content.items() if isinstance(content, dict) else ():
        yield from _orders_of_steps(plan, item, path + pointer(key))


def _kind(step: Content) -> str:
    """Return which of the kinds of steps one is."""
    return next((kind for kind in STEPS if isinstance(step, dict) and kind in step), STEPS[0])


def _rank(step: Content) -> int:
    return STEPS.index(_kind(step))


def _is_recount(path: str, said: str) -> bool:
    """Say whether a void storno keeps a bonus, which is all that can become of one."""
    return "/if_void/" in path and said == "keep"


def _words(content: Content, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(content, str):
        yield path, content
        return
    items = content.items() if isinstance(content, dict) else enumerate(content)
    for key, item in items:
        yield from _words(item, path + pointer(key))


def _case(plan: CheckedPlan, path: str, default: "Content | None") -> Words:
    """Return what an example pays, and what it would pay by the default."""
    other = check_plan(PlanDocument(_with(plan.document.content, path, default))).plan
    if other is None:
        return Words(
            "the plan would have to say more to follow it",
            "per seguirla il piano dovrebbe dire di più",
        )
    for example in plan.examples:
        here = outcome(plan, example.relations, example.until).pay
        there = outcome(other, example.relations, example.until).pay
        for payee, component in sorted(here.keys() | there.keys()):
            key = payee, component
            if here.get(key) != there.get(key):
                pays, instead = _told(plan, here.get(key)), _told(plan, there.get(key))
                return Words(
                    f"example {example.name!r} pays {payee} {pays} of {component}, "
                    f"by the default {instead}",
                    f"l'esempio {example.name!r} paga a {payee} {pays} di {component}, "
                    f"con la regola di base {instead}",
                )
    return Words(
        "no example of the plan shows a difference",
        "nessun esempio del piano mostra una differenza",
    )


def _told(plan: CheckedPlan, amount: Decimal | None) -> str:
    return "nothing" if amount is None else amount_text(amount, plan.currency)


def _with(content: Mapping[str, Content], path: str, value: "Content | None") -> dict[str, Content]:
    """Return a copy of a document with another word at a pointer, or without it."""
    step, _, rest = path.removeprefix("/").partition("/")
    key = step.replace("~1", "/").replace("~0", "~")
    copy = dict(content)
    if rest:
        copy[key] = _below(copy[key], "/" + rest, value)
    elif value is None:
        del copy[key]
    else:
        copy[key] = value
    return copy


def _below(content: Content, path: str, value: "Content | None") -> Content:
    if isinstance(content, list):
        named = {str(index): item for index, item in enumerate(content)}
        return list(_with(named, path, value).values())
    return _with(content, path, value) if isinstance(content, dict) else content
