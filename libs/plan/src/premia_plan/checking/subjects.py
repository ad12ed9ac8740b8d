"""Whose figures a formula may name: a payee's, or those of a team, territory, category or plan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from premia_plan.checked import (
    PAYEE,
    SUBJECT_UNITS,
    AttainmentRule,
    FormulaMeasure,
    Measure,
    Per,
    Population,
    TargetRule,
)
from premia_plan.checking.clause import Clause
from premia_plan.checking.vocabulary import Vocabulary
from premia_plan.language import Formula, FormulaRefused, Words, read_expression
from premia_plan.language.references import AGGREGATES
from premia_plan.language.syntax import Expression, Name, Reference, inputs_of

TARGET = "target."
_OF_PAYEES = ("payee.", "position.")
_IN_ITALIAN = {
    "payee": "beneficiario",
    "team": "squadra",
    "territory": "territorio",
    "category": "categoria",
    "plan": "piano",
}


def whose_words(per: Per) -> Words:
    """Return what a subject is called.

    >>> str(whose_words(Per("territory")).it)
    'territorio'
    """
    return Words(per.kind, _IN_ITALIAN[per.kind])


@dataclass(frozen=True, slots=True)
class FiguresOf:
    """Notes what a formula about a subject's period names of somebody else's."""

    words: Vocabulary
    measures: Mapping[str, Measure]
    targets: Mapping[str, TargetRule]
    attainments: Mapping[str, AttainmentRule]
    populations: Mapping[str, Population]
    per: Per = PAYEE

    def check(self, clause: Clause, formula: Formula) -> None:
        """Note the first thing that a formula names and the subject does not have.

        Raises:
            ClauseRefused: after noting it.
        """
        self._check(replace(clause, path=formula.path), formula.expression, frozenset())

    def _check(self, clause: Clause, expression: Expression, inside: frozenset[str]) -> None:
        for node in inputs_of(expression):
            if isinstance(node, Name):
                self.check_name(clause, node.path, inside)
            elif isinstance(node, Reference):
                self._check_reference(clause, node, inside)

    def _check_reference(self, clause: Clause, node: Reference, inside: frozenset[str]) -> None:
        paid = bool({"earned", "released"} & {*node.before})
        among = [item.named or "" for item in node.after if item.words == "among"]
        if among and {*node.before} & AGGREGATES:
            check_groups(clause, self.populations.get(among[-1]), self.per)
            if not paid:
                replace(self, per=PAYEE).check_name(clause, node.path, inside)
            return
        if self.per.kind != "payee" and (
            paid
            or "rank of" in node.before
            or any(item.words in {"below along", "of the team along"} for item in node.after)
        ):
            raise self._not_its_own(clause, node.key)
        if not paid:
            self.check_name(clause, node.path, inside)

    def check_name(self, clause: Clause, path: str, inside: frozenset[str] = frozenset()) -> None:
        """Note what a name means that the subject does not have; `inside` led to it.

        Raises:
            ClauseRefused: after noting it.
        """
        if path in inside:
            return
        rule = self.attainments.get(path)
        if path in SUBJECT_UNITS or path.startswith(_OF_PAYEES):
            self._check_fact(clause, path)
        elif rule is not None:
            for name in (rule.of, TARGET + rule.target):
                self.check_name(clause, name, inside)
        else:
            self._check_figure(clause, path)
            for expression in self._made_of(path):
                self._check(clause, expression, inside | {path})

    def _check_fact(self, clause: Clause, path: str) -> None:
        """Note what is said of payees or of a kind of subject, and asked of another."""
        own = ("payee", "team") if path.startswith(_OF_PAYEES) else (path.partition(".")[0],)
        if self.per.kind not in own:
            raise self._not_its_own(clause, path)

    def _made_of(self, path: str) -> Iterator[Expression]:
        """Give what a measure worked out by a formula, or a table's keys, name in turn."""
        measure = self.measures.get(path)
        if isinstance(measure, FormulaMeasure):
            yield measure.formula.expression
        for text in self.words.figures.keys.get(path, ()):
            try:
                yield read_expression(text)
            except FormulaRefused:
                continue  # told where the table is read

    def _check_figure(self, clause: Clause, path: str) -> None:
        measure, target = self.measures.get(path), self.targets.get(path.removeprefix(TARGET))
        earned_by = self.words.figures.subjects.get(path)
        if path.startswith(TARGET) and target is not None:
            self._check_whose(clause, path, target.per)
        elif measure is not None and not isinstance(measure, FormulaMeasure):
            self._check_whose(clause, path, measure.per)
        elif earned_by is not None and earned_by != self.per:
            raise self._earned_by(clause, path, earned_by)
        elif path in self.words.figures.ranks:
            self._check_whose(clause, path, PAYEE)

    def _check_whose(self, clause: Clause, name: str, theirs: Per) -> None:
        if self.per.kind != "payee" and theirs.kind != "plan" and theirs != self.per:
            raise self._not_its_own(clause, name)

    def _not_its_own(self, clause: Clause, name: str) -> Exception:
        whose = whose_words(self.per)
        return clause.refuse(
            "subject.not_its_own",
            Words(
                f"{name} is no figure of a {whose.en}", f"{name} non è una grandezza di {whose.it}"
            ),
            Words(
                f"Name a figure with per: {self.per.text}, or one among a population, such as "
                "sum of … among …",
                f"Nomina una grandezza con per: {self.per.text}, o una tra i membri di una "
                "popolazione, come sum of … among …",
            ),
        )

    def _earned_by(self, clause: Clause, name: str, theirs: Per) -> Exception:
        whose = whose_words(theirs)
        message = Words(
            f"{name} is what a {whose.en} earns", f"{name} è quanto matura un {whose.it}"
        )
        if self.per.kind != "payee":
            hint = Words(
                "Let both be of one subject, or ask among a population",
                "Usa lo stesso soggetto per entrambi, o chiedi tra i membri di una popolazione",
            )
        else:
            hint = Words(
                f"Write earned {name}: what of it went to the payee",
                f"Scrivi earned {name}: quanto ne è andato al beneficiario",
            )
        return clause.refuse("subject.other", message, hint)


def check_groups(clause: Clause, population: Population | None, per: Per) -> None:
    """Note a population whose groups are not those of a kind of subject.

    Raises:
        ClauseRefused: after noting it.
    """
    if population is None or not population.is_grouped or per.kind == "payee":
        return
    if per.kind == "team":
        fits = population.same_superior == per.along
        hint = Words(
            f"Write same: superior along {per.along}, or leave same out",
            f"Scrivi same: superior along {per.along}, o toglilo",
        )
    elif per.kind == "plan":
        fits = False
        hint = Words("Leave same out", "Togli same")
    else:
        fits = population.same is not None
        hint = Words(
            f"Write under same: what holds the code of the {per.kind}, such as payee.{per.kind}",
            f"Scrivi in same: ciò che contiene il codice, come payee.{per.kind}",
        )
    if not fits:
        whose = whose_words(per)
        message = Words(
            f"the groups of {population.name} are none of a {whose.en}",
            f"i gruppi di {population.name} non sono quelli di un {whose.it}",
        )
        raise clause.refuse("subject.other_groups", message, hint)
