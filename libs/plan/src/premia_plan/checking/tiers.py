"""Tiers read from their clauses: bands, edges and gaps between them."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal, cast

from premia_plan.checked import PAYEE, AttainmentRule, Band, Per, SummedMeasure, Tiers
from premia_plan.checked.tiers import Mode
from premia_plan.checking.cell_formulas import read_cell_formula
from premia_plan.checking.clause import Clause
from premia_plan.checking.miswritten import gives_words
from premia_plan.checking.surroundings import Surroundings
from premia_plan.language import Formula, Words, suggested
from premia_plan.language.words import unit_words
from premia_plan.period import PeriodKind
from premia_plan.quantities import Unit, exact_text, quantity

ENDS = "to the band that ends there"


@dataclass(frozen=True, slots=True)
class _Over:
    """What tiers are measured by and paid on."""

    looked_up: Formula
    base: Formula
    attainment: AttainmentRule | None
    around: Surroundings

    @property
    def edge_unit(self) -> Unit:
        return self.looked_up.unit


def read_tiers(clause: Clause, around: Surroundings, over: PeriodKind) -> Tiers:
    """Read tiers.

    Raises:
        ClauseRefused: after noting what keeps them from being read.
    """
    words = around.words
    base = read_cell_formula(clause.part("pays_on"), words, over)
    looked_up = read_cell_formula(clause.part("looked_up_by"), words, over)
    for part, formula in (("pays_on", base), ("looked_up_by", looked_up)):
        if not formula.unit.is_number:
            message = gives_words(formula)
            raise clause.part(part).refuse(
                "unit.unexpected", message, Words("It must give a number", "Serve un numero")
            )
    read = _Over(looked_up, base, around.attainments.get(looked_up.text), around)
    mode = cast("Mode", clause.word("mode"))
    bands, gives = _read_bands(clause.part("bands"), mode, read)
    tiers = Tiers(
        mode,
        looked_up.text,
        read.attainment,
        base.text,
        bands,
        gives,
        clause.path,
        looked_up,
        base,
        "ends" if clause.word("edge") == ENDS else "starts",
        cast(
            "Literal['nothing', 'as the first band', 'exception']",
            clause.word("below_first", "nothing"),
        ),
        cast("Literal['open', 'flat', 'nothing']", clause.word("above_last", "open")),
        *_read_limits(clause.optional("limits"), gives, words.currency),
    )
    _check_slices(clause, tiers)
    _check_edges(clause, bands)
    _check_points(clause, tiers)
    return tiers


def is_of_orders(name: str, around: Surroundings, per: Per = PAYEE) -> bool:
    """Say whether a name is a subject's own measure of credits."""
    measure = around.measures.get(name)
    return isinstance(measure, SummedMeasure) and measure.per == per


def _read_bands(clause: Clause, mode: Mode, over: _Over) -> tuple[tuple[Band, ...], Unit]:
    rates = [entry for entry in clause.entries() if _pays(entry) == "rate"]
    gives = Unit.RATE
    if rates:
        first = quantity(rates[0].word("gives"), over.around.words.quantities).unit
        wanted = Unit.MONEY.over(over.base.unit) if over.base.unit is not Unit.MONEY else Unit.RATE
        gives = Unit.MONEY if over.base.unit is Unit.COUNT else (wanted or Unit.RATE)
        if first is not gives and gives is not Unit.RATE:
            message = Words(
                f"{unit_words(over.base.unit).en} is paid with an amount for each, not with "
                f"{unit_words(first).en}",
                f"{unit_words(over.base.unit).it} si paga con un importo per ciascuno, non con "
                f"{unit_words(first).it}",
            )
            raise rates[0].refuse(
                "unit.mixed",
                message,
                Words(
                    f"Write gives: 12 {over.around.words.currency}",
                    f"Scrivi gives: 12 {over.around.words.currency}",
                ),
            )
    bands = tuple(_read_band(entry, mode, over, gives) for entry in clause.entries())
    return bands, gives


def _pays(clause: Clause) -> Literal["rate", "fixed", "per point", "multiplies"]:
    if clause.optional("fixed") is not None:
        return "fixed"
    if clause.optional("per_point") is not None:
        return "per point"
    return "multiplies" if clause.optional("multiplies") is not None else "rate"


def _read_band(clause: Clause, mode: Mode, over: _Over, gives: Unit) -> Band:
    currency, pays = over.around.words.currency, _pays(clause)
    own = clause.optional("mode")
    starts = clause.part("from").amount(over.edge_unit, currency).value
    table = clause.optional("multiplies")
    match pays:
        case "fixed" | "per point":
            amount = clause.part("fixed" if pays == "fixed" else "per_point")
            value = amount.amount(Unit.MONEY, currency).value
        case "multiplies":
            value = clause.part("gives").amount(Unit.RATE, currency).value
        case "rate":
            value = clause.part("gives").amount(gives, currency).value
    if pays == "per point" and over.edge_unit is not Unit.RATE:
        message = Words(
            f"{over.looked_up.text} has no points: it is {unit_words(over.edge_unit).en}",
            f"{over.looked_up.text} non ha punti: è {unit_words(over.edge_unit).it}",
        )
        raise clause.refuse(
            "unit.mixed",
            message,
            Words(
                "Look up by an attainment, or give a rate",
                "Cerca per un raggiungimento, o dai un'aliquota",
            ),
        )
    _check_kind(clause, cast("Mode", own.text) if own is not None else mode, pays)
    if table is not None:
        rates = over.around.words.tables_at("cell")
        if rates.get(table.text) is not Unit.RATE:
            known = [name for name, unit in rates.items() if unit is Unit.RATE]
            message = Words(
                f"{table.text} is no table of percentages of a payee's period",
                f"{table.text} non è una tabella di percentuali di un periodo del beneficiario",
            )
            raise table.refuse("name.unknown", message, suggested(table.text, known))
    return Band(
        starts,
        value,
        clause.path,
        None if own is None else cast("Mode", own.text),
        pays,
        None if table is None else table.text,
    )


def _check_kind(clause: Clause, mode: Mode, pays: str) -> None:
    if mode == "interpolated by part covered" and pays != "fixed":
        message = Words(
            "only a fixed amount is earned by the part of the band that is covered",
            "solo un importo fisso matura per la parte coperta della fascia",
        )
        raise clause.refuse(
            "tiers.not_fixed",
            message,
            Words(
                "Write fixed: 500 EUR in place of gives", "Scrivi fixed: 500 EUR al posto di gives"
            ),
        )


def _read_limits(
    clause: Clause | None, gives: Unit, currency: str
) -> tuple[Fraction | None, Fraction | None]:
    if clause is None:
        return None, None
    least, most = (clause.optional(key) for key in ("least", "most"))
    return (
        None if least is None else least.amount(gives, currency).value,
        None if most is None else most.amount(gives, currency).value,
    )


def _check_slices(clause: Clause, tiers: Tiers) -> None:
    """Note slices of one figure whose edges are measured by another."""
    slices = any(
        tiers.mode_of(band) == "marginal" and band.pays in {"rate", "multiplies"}
        for band in tiers.bands
    )
    rule = tiers.attainment
    measured = tiers.looked_up_by if rule is None else rule.of
    if slices and measured != tiers.pays_on:
        message = Words(
            f"edges measured by {measured} cannot cut {tiers.pays_on}",
            f"i limiti misurati da {measured} non possono dividere {tiers.pays_on}",
        )
        hint = Words(
            f"Look up by {tiers.pays_on} or its attainment, or use mode: whole",
            f"Cerca per {tiers.pays_on} o per il suo raggiungimento, o usa mode: whole",
        )
        raise clause.part("looked_up_by").refuse("tiers.other_measure", message, hint)


def _check_points(clause: Clause, tiers: Tiers) -> None:
    """Note a curve between a point that gives one thing and a point that gives another."""
    for place, (lower, upper) in enumerate(pairwise(tiers.bands)):
        if tiers.mode_of(lower) == "interpolated between points" and lower.pays != upper.pays:
            entry = clause.part("bands").entry(place)
            message = Words(
                "nothing lies between a rate and a fixed amount",
                "tra un'aliquota e un importo fisso non c'è nulla",
            )
            hint = Words(
                "Let the next band give the same kind of thing, or use another mode",
                "La fascia dopo dia lo stesso tipo di valore, o usa un'altra modalità",
            )
            entry.error("tiers.mixed_points", message, hint)


def _check_edges(clause: Clause, bands: tuple[Band, ...]) -> None:
    entries = clause.part("bands").entries()
    if bands[0].starts != 0 and clause.optional("below_first") is None:
        first = entries[0].word("from")
        message = Words(f"the first band starts at {first}", f"la prima fascia parte da {first}")
        hint = Words(
            "Start at 0, or say under below_first what is paid below it",
            "Parti da 0, o indica in below_first quanto si paga sotto",
        )
        case = Words(
            f"a result of {exact_text(bands[0].starts / 2)} has no band",
            f"un risultato di {exact_text(bands[0].starts / 2)} non ha una fascia",
        )
        entries[0].error("tiers.not_from_zero", message, hint, case)
    for entry, (lower, upper) in zip(entries[1:], pairwise(bands), strict=True):
        if upper.starts <= lower.starts:
            start = entry.word("from")
            message = Words(
                f"the band does not start above the one before it ({start})",
                f"la fascia non parte sopra quella prima ({start})",
            )
            hint = Words("Write the bands from low to high", "Scrivi le fasce dal basso in alto")
            entry.error("tiers.not_rising", message, hint)
        elif upper.gives < lower.gives and upper.pays == lower.pays == "rate":
            message = Words(
                "a better result is paid at a lower rate",
                "un risultato migliore si paga con un'aliquota più bassa",
            )
            hint = Words("Keep it only if it is meant", "Tienila solo se è voluta")
            entry.warning("tiers.falling", message, hint)
