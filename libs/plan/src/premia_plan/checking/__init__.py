"""The checker: a document in, findings out, and a typed plan when nothing is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from premia_plan.checked import (
    AttainmentRule,
    Campaign,
    CheckedPlan,
    Component,
    CreditRule,
    Currencies,
    Example,
    Measure,
    Payment,
    Pool,
    Population,
    Proration,
    Rank,
    RateTable,
    ReleaseShare,
    Step,
    Storno,
    TargetRule,
)
from premia_plan.checking.campaigns import read_campaigns
from premia_plan.checking.change import note_rerated_subjects, read_change
from premia_plan.checking.clause import Clause, ClauseRefused, Report
from premia_plan.checking.components import read_component
from premia_plan.checking.credits import read_credit
from premia_plan.checking.currencies import read_currencies
from premia_plan.checking.cycles import note_cycles
from premia_plan.checking.examples import ExampleNames, read_example
from premia_plan.checking.facts import is_of_facts
from premia_plan.checking.figures import read_cell_per
from premia_plan.checking.heading import check_currency, check_zone, read_validity
from premia_plan.checking.hierarchies import note_hierarchies
from premia_plan.checking.measured_facts import measured_facts, paid_for
from premia_plan.checking.measures import in_reading_order, read_measure
from premia_plan.checking.miswritten import no_number
from premia_plan.checking.of_plan import check_figures_of_plan
from premia_plan.checking.original_bands import check_places
from premia_plan.checking.parameters import read_parameters, values_of, with_values
from premia_plan.checking.payment import read_payment, read_proration
from premia_plan.checking.pins import read_pins
from premia_plan.checking.populations import check_groups, read_population
from premia_plan.checking.ranks import declare_rank, read_pool, read_rank
from premia_plan.checking.releases import read_release_caps, with_release_caps
from premia_plan.checking.scopes import scopes_of
from premia_plan.checking.settlement import read_release
from premia_plan.checking.steps import read_plan_steps
from premia_plan.checking.storno import read_storno
from premia_plan.checking.structure import check_structure
from premia_plan.checking.surroundings import Surroundings
from premia_plan.checking.tables import Validity, read_table
from premia_plan.checking.targets import (
    BY_DAYS,
    IN_FULL,
    declare_target,
    read_attainment,
    read_target,
)
from premia_plan.checking.uses import check_uses
from premia_plan.checking.vocabulary import Vocabulary, read_vocabulary
from premia_plan.document import PlanDocument
from premia_plan.finding import Finding
from premia_plan.language import Names, Words
from premia_plan.period import PeriodKind
from premia_plan.quantities import NotAQuantity, Unit
from premia_plan.upcasting import upcast

__all__ = ["Finding", "PlanCheck", "check_plan"]


@dataclass(frozen=True, slots=True)
class PlanCheck:
    """The findings of a check, and the typed plan unless one of them is an error.

    `scopes` are the names that formulas of the plan may use, as far as the plan could be read.
    """

    findings: tuple[Finding, ...]
    plan: CheckedPlan | None
    scopes: Mapping[str, Names] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return the findings that keep the plan from being calculated."""
        return tuple(finding for finding in self.findings if finding.severity == "error")


def check_plan(document: PlanDocument) -> PlanCheck:
    """Check a document: shape, names, units, gaps, overlaps, settlement, examples' rows.

    A document in an older form is read as the newest; what is found points at what was written.
    Whether the examples come out as they say is for `premia_plan.examples.run_examples`.
    """
    values = values_of(document)
    written = with_values(upcast(document), values)
    report = Report(written, values=values, original=document)
    check_structure(report)
    plan: CheckedPlan | None = None
    if not report.has_errors:
        with report.section():
            try:
                plan = _read_plan(Clause(dict(written.content), "", report), document)
            except NotAQuantity as error:
                report.note(
                    "error",
                    "value.pattern",
                    "",
                    no_number(error),
                    Words("Correct the number", "Correggi il numero"),
                )
    findings = tuple(sorted(report.findings, key=lambda f: (f.line or 0, f.column or 0, f.path)))
    scopes = {} if report.words is None else scopes_of(report.words)
    return PlanCheck(findings, None if report.has_errors else plan, scopes)


@dataclass(slots=True)
class _Parts:
    """What was read so far; a part that was refused is left out, with its finding noted."""

    tables: dict[str, RateTable]
    credit_rules: dict[str, CreditRule]
    measures: dict[str, Measure]
    targets: dict[str, TargetRule]
    attainments: dict[str, AttainmentRule]
    components: dict[str, Component]
    release: dict[str, tuple[ReleaseShare, ...]]
    storno: Storno | None
    examples: list[Example]
    populations: dict[str, Population] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    ranks: dict[str, Rank] = field(default_factory=dict)
    pools: dict[str, Pool] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    payment: Payment = field(default_factory=Payment)
    proration: Proration = field(default_factory=Proration)
    currencies: Currencies = field(default_factory=Currencies)


def _named(plan: Clause, key: str) -> Mapping[str, Clause]:
    found = plan.optional(key)
    return found.parts() if found is not None else {}


def _read_plan(plan: Clause, document: PlanDocument) -> CheckedPlan:
    check_zone(plan.part("time_zone"))
    check_currency(plan.part("currency"))
    validity = read_validity(plan.part("valid"))
    words = read_vocabulary(plan)
    plan.report.words = words
    parameters = read_parameters(plan)
    by = plan.part("valid").part("by").formula(words.order, Unit.DATE)
    covers = plan.optional("covers")
    participants = plan.part("participants").formula(words.payee, Unit.BOOL)
    parts = _read_parts(plan, words, validity)
    change = read_change(plan.optional("change"), parts.measures, validity.start)
    acceptance = plan.optional("acceptance")
    found = CheckedPlan(
        document=document,
        name=plan.word("plan"),
        title={language: clause.text for language, clause in plan.part("title").parts().items()},
        currency=words.currency,
        time_zone=plan.word("time_zone"),
        valid_from=validity.start,
        valid_to=validity.end,
        by=by,
        covers=None if covers is None else covers.formula(words.order, Unit.BOOL),
        participants=participants,
        acceptance_required=acceptance is not None and acceptance.word("required") == "true",
        order_attributes=words.order_attributes,
        states=words.states,
        tables=parts.tables,
        credits=parts.credit_rules,
        measures=parts.measures,
        targets=parts.targets,
        attainments=parts.attainments,
        components=parts.components,
        release=parts.release,
        storno=parts.storno,
        examples=tuple(parts.examples),
        payee_attributes=words.payee_attributes,
        position_attributes=words.position_attributes,
        populations=parts.populations,
        facts={kind: words.facts[kind] for kind in (*words.credited, *words.releasing)},
        campaigns=parts.campaigns,
        order_roles=words.roles - {"seller", "partner"},
        state_models=tuple(model for model in words.models if not model.is_plain),
        ranks=parts.ranks,
        pools=parts.pools,
        steps=parts.steps,
        payment=parts.payment,
        proration=parts.proration,
        currencies=parts.currencies,
        parameters=parameters,
        change=change,
        uses=read_pins(plan),
        beside=dict.fromkeys(_named(plan, "beside"), "adds to"),
    )
    note_rerated_subjects(plan.optional("change"), found)
    return found


def _read_parts(plan: Clause, words: Vocabulary, validity: Validity) -> _Parts:
    section = plan.report.section
    parts = _Parts({}, {}, {}, {}, {}, {}, {}, None, [])
    rules = _named(plan, "credits")
    for name, clause in rules.items():
        with section():
            parts.credit_rules[name] = read_credit(name, clause, words, rules)
    for name, clause in _named(plan, "populations").items():
        with section():
            parts.populations[name] = read_population(name, clause, words)
    _read_figures(plan, words, parts)
    for name, clause in _named(plan, "tables").items():
        with section():
            parts.tables[name] = read_table(name, clause, words, validity)
    check_uses(rules, _named(plan, "measures"), _named(plan, "components"))
    _read_pay(plan, words, parts)
    return parts


def _read_figures(plan: Clause, words: Vocabulary, parts: _Parts) -> None:
    """Read measures, targets and attainments; each may name the others, wherever they stand."""
    section, measures = plan.report.section, _named(plan, "measures")
    targets, attainments = _named(plan, "targets"), _named(plan, "attainments")
    for name, clause in _named(plan, "ranks").items():
        declare_rank(name, clause, words)
    for name, clause in targets.items():
        declare_target(name, clause, words)
    for name, clause in attainments.items():
        of = measures.get(clause.word("of"))
        over = "month" if of is None else of.word("over", "month")
        words.declare_figure(name, Unit.RATE, _period_kind(over))
    for name, clause in _named(plan, "components").items():
        per = clause.word("per")
        if not per.startswith("credit of "):
            words.declare_figure(name, Unit.MONEY, read_cell_per(per)[1])
    for name in in_reading_order(measures):
        with section():
            if is_of_facts(measures[name]):
                rule = measured_facts(measures[name], words)
                parts.credit_rules.setdefault(rule.name, rule)
            measure = read_measure(name, measures[name], words, parts.credit_rules)
            parts.measures[name] = measure
            words.declare_figure(name, measure.unit, measure.over)
    scales = read_proration(plan.optional("proration")).scales
    joiner = BY_DAYS if "target" in scales else IN_FULL
    for name, clause in targets.items():
        with section():
            parts.targets[name] = read_target(
                name, clause, words, measures, attainments, joiner=joiner
            )
    for name, clause in attainments.items():
        with section():
            parts.attainments[name] = read_attainment(
                name, clause, parts.measures, parts.targets, words.currency
            )


def _read_comparisons(plan: Clause, words: Vocabulary, parts: _Parts) -> None:
    """Read ranks, pools and the plan's steps; they may name any figure."""
    section = plan.report.section
    for name, clause in _named(plan, "ranks").items():
        with section():
            parts.ranks[name] = read_rank(name, clause, words)
    for name, clause in _named(plan, "pools").items():
        with section():
            pool = parts.pools[name] = read_pool(name, clause, words)
            check_groups(clause, pool, parts.populations)
    with section():
        steps = plan.optional("steps")
        if steps is not None:
            steps = replace(steps, path=plan.report.as_written(steps.path))
        parts.steps = read_plan_steps(steps, words)


def _period_kind(over: str) -> PeriodKind:
    """Return over which periods the cells of a figure are; those that look back are of months."""
    return cast("PeriodKind", over) if over in {"quarter", "half", "year"} else "month"


def _read_pay(plan: Clause, words: Vocabulary, parts: _Parts) -> None:
    clauses = _named(plan, "components")
    _read_comparisons(plan, words, parts)
    around = Surroundings(
        words,
        _named(plan, "tables"),
        parts.credit_rules,
        parts.measures,
        parts.attainments,
        _named(plan, "tiers"),
        parts.ranks,
        parts.pools,
        parts.targets,
        parts.populations,
    )
    note_hierarchies(plan)
    note_cycles(plan)
    if plan.report.has_errors:
        raise ClauseRefused("components and settlement build on what was refused")
    for name, clause in clauses.items():
        with plan.report.section():
            parts.components[name] = read_component(name, clause, around)
    if plan.report.has_errors:
        raise ClauseRefused("the settlement builds on components that were refused")
    with plan.report.section():
        check_figures_of_plan(plan, parts.pools, parts.components, parts.steps, around)
    parts.campaigns = read_campaigns(
        _named(plan, "campaigns"), parts.components, parts.credit_rules, words
    )
    settlement = plan.part("settlement")
    kinds = {
        name: paid_for(component, parts.credit_rules, parts.measures)
        for name, component in parts.components.items()
    }
    parts.release = read_release(settlement.part("release"), parts.components, kinds, words)
    storno = settlement.optional("storno")
    if storno is not None:
        with plan.report.section():
            parts.storno = read_storno(storno, parts.components, words)
            check_places(storno, parts.storno, parts.components, parts.measures)
    with plan.report.section():
        parts.currencies = read_currencies(plan.optional("currencies"), words)
        parts.proration = read_proration(plan.optional("proration"))
        payment = read_payment(plan.optional("payment"), parts.components, words)
        caps = read_release_caps(plan, parts.components, words.currency)
        parts.payment = with_release_caps(payment, caps)
    _read_examples(plan, words, parts)


def _read_examples(plan: Clause, words: Vocabulary, parts: _Parts) -> None:
    examples = plan.optional("examples")
    entries = examples.entries() if examples is not None else []
    if not entries:
        hint = Words(
            "Add at least one, with every amount it must pay",
            "Aggiungine almeno uno, con ogni importo che deve pagare",
        )
        plan.error(
            "examples.missing",
            Words("the plan has no worked example", "il piano non ha alcun esempio svolto"),
            hint,
        )
    siblings: dict[str, Clause] = {}
    for entry in entries:
        if entry.word("name") in siblings:
            message = Words(
                f"two examples are called {entry.word('name')!r}",
                f"due esempi si chiamano {entry.word('name')!r}",
            )
            entry.error(
                "example.duplicate",
                message,
                Words("Give each its own name", "Dai a ciascuno un nome proprio"),
            )
        siblings[entry.word("name")] = entry
    names = ExampleNames(
        words,
        parts.measures,
        parts.targets,
        parts.components,
        parts.payment,
        parts.currencies.pay is not None,
    )
    for entry in entries:
        with plan.report.section():
            parts.examples.append(read_example(entry, siblings, names))
