"""Whose terms of payment hold for a payee in a month."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from calc_engine.domain.dated import Validity
from calc_engine.domain.proposal import StatementKey
from calc_engine.domain.published_plan import PublishedPlan
from premia_common.periods import Month
from premia_plan.checked import CheckedPlan, Payment
from premia_plan.relations import AssignmentRow, Relations
from premia_plan.results import Exception_


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """A plan version with what paying reads of its rows: who takes part, and when."""

    plan: PublishedPlan
    checked: CheckedPlan
    relations: Relations

    @classmethod
    def of(cls, plan: PublishedPlan, checked: CheckedPlan, relations: Relations) -> "PlanTerms":
        """Return the terms of a plan version over the rows it was calculated with."""
        kept = Relations(
            payees=relations.payees,
            positions=relations.positions,
            assignments=relations.assignments,
            leaves=relations.leaves,
            holidays=relations.holidays,
            exchange_rates=relations.exchange_rates
            if checked.currencies.statement is not None
            else (),
        )
        return cls(plan, checked, kept)

    @property
    def says_something(self) -> bool:
        """Say whether the plan states more than that debts are carried."""
        return replace(self.checked.payment, path="") != replace(Payment(), path="")

    @property
    def states_currency(self) -> bool:
        """Say whether the plan names the currency of its statements."""
        return self.checked.currencies.statement is not None

    def is_in_force(self, month: Month) -> bool:
        """Say whether the version is valid on some day of a month."""
        start, end = self.checked.valid_from, self.checked.valid_to
        return start < month.period.end and month.period.start < end

    def without_terms(self) -> "PlanTerms":
        """Return the plan as if it stated nothing: debts are carried, all else is paid."""
        return replace(self, checked=replace(self.checked, payment=Payment()))


@dataclass(frozen=True, slots=True)
class Member:
    """A payee's assignment under a plan version."""

    terms: PlanTerms
    row: AssignmentRow

    @property
    def held(self) -> Validity:
        """Return the days on which the payee takes part."""
        return Validity(self.row.valid_from, self.row.valid_to)

    @property
    def days(self) -> Validity | None:
        """Return those on which the version is valid too, if there is one."""
        return self.held.meet(Validity(self.terms.checked.valid_from, self.terms.checked.valid_to))


class TermsByPayee:
    """Finds the terms of a statement's key: those in force, else those that held last."""

    def __init__(self, every: Iterable[PlanTerms], month: Month) -> None:
        self._month = month
        self._any: dict[str, PlanTerms] = {}
        self._members: dict[StatementKey, list[Member]] = {}
        for terms in sorted(every, key=lambda item: (item.plan.name, item.checked.valid_from)):
            self._any.setdefault(terms.plan.currency, terms)
            for row in terms.relations.assignments:
                key = (row.payee_id, row.principal, terms.plan.currency)
                self._members.setdefault(key, []).append(Member(terms, row))

    @property
    def stated(self) -> Iterable[StatementKey]:
        """Give the keys for which some plan states terms that began by the end of the month.

        Also those for which one names the currency of statements.
        """
        for key, members in self._members.items():
            if any(
                (item.terms.says_something or item.terms.states_currency) and self._began(item)
                for item in members
            ):
                yield key

    @cached_property
    def naming(self) -> frozenset[StatementKey]:
        """The keys for which a plan names the currency of statements."""
        return frozenset(
            key
            for key, members in self._members.items()
            if any(item.terms.states_currency and self._began(item) for item in members)
        )

    def members(self, payee_id: str, currency: str) -> Mapping[str, Sequence[Member]]:
        """Return a payee's assignments in a currency, ever, by the principal that owes it."""
        return self._of_payee.get((payee_id, currency), {})

    @cached_property
    def _of_payee(self) -> Mapping[tuple[str, str], Mapping[str, Sequence[Member]]]:
        found: dict[tuple[str, str], dict[str, Sequence[Member]]] = {}
        for (payee_id, principal, currency), own in self._members.items():
            found.setdefault((payee_id, currency), {})[principal] = own
        return found

    def find(self, key: StatementKey) -> tuple[PlanTerms | None, tuple[Exception_, ...]]:
        """Return the terms, and what is to be told where several plans state different ones.

        Without a plan that states any, those of a plan of the currency with nothing stated; None
        if there is no such plan.
        """
        own = [item for item in self._members.get(key, ()) if self._began(item)]
        stating = [item for item in own if item.terms.says_something]
        in_force = [item for item in stating if self._is_in_force(item)]
        if not stating:
            other = own[0].terms if own else self._any.get(key[2])
            return (None if other is None else other.without_terms()), ()
        chosen = _latest(in_force) if in_force else max(stating, key=_ended)
        others = {
            item.terms.plan.name
            for item in in_force
            if item.terms.plan.name != chosen.terms.plan.name
        }
        return chosen.terms, tuple(self._conflict(key, chosen.terms, others))

    def naming_currency(self, key: StatementKey) -> tuple[PlanTerms | None, tuple[Exception_, ...]]:
        """Return the plan that names the currency of a key's statement, and what is to be told.

        A statement has one currency: plans that name it otherwise are told.
        """
        own = [
            item
            for item in self._members.get(key, ())
            if item.terms.states_currency and self._began(item)
        ]
        in_force = [item for item in own if self._is_in_force(item)]
        if not own:
            return None, ()
        chosen = _latest(in_force) if in_force else max(own, key=_ended)
        others = {
            item.terms.plan.name
            for item in in_force
            if _named_currency(item.terms) != _named_currency(chosen.terms)
        }
        return chosen.terms, tuple(
            Exception_(
                "statement_currencies_differ",
                f"{chosen.terms.plan.name} and {other} name different currencies for one payee's "
                f"statement; that of {chosen.terms.plan.name} is applied to all that lands",
                "Name the same currency and type of rate in both plans, or accept this by name",
                key[0],
                None,
                str(self._month),
                blocks=True,
            )
            for other in sorted(others - {chosen.terms.plan.name})
        )

    def assignments(self, key: StatementKey, terms: PlanTerms) -> tuple[AssignmentRow, ...]:
        """Return the payee's assignments under chosen terms; without any, one without limits."""
        own = tuple(
            item.row
            for item in self._members.get(key, ())
            if item.terms.plan.content_hash == terms.plan.content_hash
        )
        name = f"{key[0]} {key[1]}"
        return own or (AssignmentRow(name, name, key[1], key[0], None, None),)

    def _began(self, item: Member) -> bool:
        end = self._month.period.end
        starts = (item.held.start, item.terms.checked.valid_from)
        return all(start is None or start < end for start in starts)

    def _is_in_force(self, item: Member) -> bool:
        month = Validity(self._month.period.start, self._month.period.end)
        return item.terms.is_in_force(self._month) and item.held.meet(month) is not None

    def _conflict(
        self, key: StatementKey, chosen: PlanTerms, others: Iterable[str]
    ) -> Iterable[Exception_]:
        for other in sorted(others):
            yield Exception_(
                "payment_terms_differ",
                f"{chosen.plan.name} and {other} both state terms of payment for one payee; those "
                f"of {chosen.plan.name} are applied to all that lands",
                "State the terms of payment in one of the plans, or accept this by name",
                key[0],
                None,
                str(self._month),
                blocks=True,
            )


def _latest(members: Sequence[Member]) -> Member:
    """Return the first plan by name, in its latest version."""
    first = min(item.terms.plan.name for item in members)
    own = [item for item in members if item.terms.plan.name == first]
    return max(own, key=lambda item: item.terms.checked.valid_from)


def _named_currency(terms: PlanTerms) -> tuple[str, str]:
    rule = terms.checked.currencies.statement
    return ("", "") if rule is None else (rule.currency.text, rule.rate)


def _ended(item: Member) -> tuple[date, str]:
    ends = [item.terms.checked.valid_to, *([item.held.end] if item.held.end else [])]
    return min(ends), item.terms.plan.name


def grouped(
    chosen: Mapping[StatementKey, PlanTerms],
) -> Mapping[str, tuple[PlanTerms, tuple[StatementKey, ...]]]:
    """Return the keys by the plan version whose terms hold, in one order."""
    groups: dict[str, tuple[PlanTerms, list[StatementKey]]] = {}
    for key in sorted(chosen):
        terms = chosen[key]
        name = f"{terms.plan.name} {terms.plan.content_hash} {terms.says_something}"
        groups.setdefault(name, (terms, []))[1].append(key)
    return {name: (groups[name][0], tuple(groups[name][1])) for name in sorted(groups)}
