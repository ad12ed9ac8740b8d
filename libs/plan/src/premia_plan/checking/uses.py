"""What credits count for, and what uses them."""

from collections.abc import Mapping

from premia_plan.checking.clause import Clause
from premia_plan.checking.facts import is_of_facts
from premia_plan.language import Words


def check_uses(
    credits: Mapping[str, Clause],
    measures: Mapping[str, Clause],
    components: Mapping[str, Clause],
) -> None:
    """Note what uses a credit that does not count for it; `counts_for` left out means both."""
    for clause in measures.values():
        of = clause.optional("of")
        if of is not None and not is_of_facts(clause):
            _check_use(of, of.text, "target", credits)
    for clause in components.values():
        per = clause.optional("per")
        if per is not None:
            _check_use(per, per.text.removeprefix("credit of "), "money", credits)


def _check_use(at: Clause, name: str, use: str, credits: Mapping[str, Clause]) -> None:
    if name in credits and not counts_for(credits[name], use):
        hint = Words(
            f"Add `{use}` to counts_for of {name}, or use another credit",
            f"Aggiungi `{use}` a counts_for di {name}, o usa un altro credito",
        )
        at.error(
            f"credit.not_for_{use}",
            Words(f"{name} does not count for {use}", f"{name} non conta per {use}"),
            hint,
        )


def counts_for(credit: Clause, use: str) -> bool:
    """Say whether a credit counts for `money` or for `target`."""
    uses = credit.optional("counts_for")
    return uses is None or use in (entry.text for entry in uses.entries())
