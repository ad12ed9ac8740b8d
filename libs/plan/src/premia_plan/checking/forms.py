"""How a value is written, in samples instead of a pattern."""

from collections.abc import Iterator

from premia_plan.language import Words
from premia_plan.quantities import NUMBER_PATTERN, UNIT_PATTERN
from premia_plan.schema import DAY, MONEY, MONTH, NAME, QUANTITY, RATE
from premia_plan.schema.components import PER as PER_OF_COMPONENT

_WHOLE = {
    DAY: Words("Write a day like 2026-03-31", "Scrivi un giorno come 2026-03-31"),
    MONTH: Words("Write a month like 2026-03", "Scrivi un mese come 2026-03"),
    MONEY: Words("Write an amount like 1 200.50 EUR", "Scrivi un importo come 1 200.50 EUR"),
    RATE: Words("Write a percentage like 3 %", "Scrivi una percentuale come 3 %"),
    QUANTITY: Words(
        "Write a number like 1 200 EUR, 3 % or 12", "Scrivi un numero come 1 200 EUR, 3 % o 12"
    ),
    NAME: Words(
        "Write a name in small letters, digits and _", "Scrivi un nome in minuscole, cifre e _"
    ),
    PER_OF_COMPONENT: Words(
        "Write credit of sale; or payee, team along sales, territory, category or plan, each "
        "followed by and month, and quarter, and half or and year: team along sales and month",
        "Scrivi credit of sale; oppure payee, team along sales, territory, category o plan, "
        "seguiti da and month, and quarter, and half o and year: team along sales and month",
    ),
    "^[a-z0-9][a-z0-9-]{1,62}$": Words(
        "Write a code in small letters, digits and -, like agency-2026",
        "Scrivi un codice in minuscole, cifre e -, come agenzie-2026",
    ),
}
_WHOLE[rf"^(cent|{NUMBER_PATTERN})$"] = Words(
    "Write cent, or what the amount shall be a multiple of, like 0.1 or 5",
    "Scrivi cent, o ciò di cui l'importo sarà un multiplo, come 0.1 o 5",
)
_SAMPLES = (
    (rf"-?{NUMBER_PATTERN}( ?%| ?{UNIT_PATTERN}(/{UNIT_PATTERN})?)?", "12"),
    (rf"-?{NUMBER_PATTERN} ?[A-Z]{{3}}", "1 200.50 EUR"),
    (rf"{NUMBER_PATTERN} ?%", "25 %"),
    (NUMBER_PATTERN, "3"),
    (UNIT_PATTERN, "kWh"),
    (r"\d{4}-(0[1-9]|1[0-2])", "2026-03"),
    (r"\d{4}-\d{2}-\d{2}", "2026-03-31"),
    (r"[a-z][a-z0-9_]*\..+", "order.bonus_share"),
    (r"\.[a-z][a-z0-9_]*", ".seller"),
    (r"[a-z][a-z0-9_]*", "sales"),
    (r"([1-9]|[12]\d|3[01]|last)", "15, last"),
    (r"[1-9]\d{0,2}", "3"),
    (r"[1-9]\d{0,8}", "3"),
    (r"[1-9]\d?", "3"),
    (r"[1-9]\d*", "3"),
    (r"[1-9]", "3"),
    (r"\d{1,3}", "3"),
    (r"\d{1,4}", "30"),
    (r"\d+/\d+", "1/3"),
    (r"-?\d.*", "12"),
    (r"\d+", "0"),
    (r"[A-Z]{3}", "EUR"),
    (r"[a-z]{2}", "it"),
    (r"\".*\"", '"gas"'),
    (r"by .+", "by …"),
    (r".+", "…"),
    (r"\S+", "X1"),
    (r"\.", "."),
)


def written_like(pattern: str) -> Words:
    r"""Return a hint that shows how a value of a pattern is written.

    >>> written_like(r"^([1-9]\d?|all)$").en
    'Write it like 3 or all'
    """
    whole = _WHOLE.get(pattern)
    if whole is not None:
        return whole
    shown = pattern.removeprefix("^").removesuffix("$")
    for fragment, sample in _SAMPLES:
        shown = shown.replace(fragment, sample)
    samples = list(dict.fromkeys(sample for each in _choices(shown) for sample in _spelt(each)))
    return Words(
        _listed("Write it like", samples, "or"), _listed("Scrivi per esempio", samples, "o")
    )


def _choices(shown: str) -> Iterator[str]:
    """Give the alternatives that stand beside each other, outside any inner brackets."""
    inner = shown[1:-1] if _is_bracketed(shown) else shown
    inner = inner.removeprefix("?:")
    depth, start = 0, 0
    for place, sign in enumerate(inner):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "|" and not depth:
            yield inner[start:place]
            start = place + 1
    yield inner[start:]


def _is_bracketed(shown: str) -> bool:
    """Say whether the bracket that opens at the start closes at the end."""
    depth = 0
    for place, sign in enumerate(shown):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if not depth:
            return sign == ")" and place == len(shown) - 1
    return False


def _spelt(choice: str) -> Iterator[str]:
    """Give a choice with each of the words of its first brackets."""
    before, opened, rest = choice.partition("(")
    if not opened:
        yield choice.strip()
        return
    words, _, after = rest.partition(")")
    for word in words.split("|"):
        yield from _spelt(f"{before}{word}{after}")


def _listed(verb: str, samples: list[str], last: str) -> str:
    if len(samples) == 1:
        return f"{verb} {samples[0]}"
    return f"{verb} {', '.join(samples[:-1])} {last} {samples[-1]}"
