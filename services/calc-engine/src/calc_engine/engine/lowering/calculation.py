"""A whole plan lowered: facts to credits, credits to earnings, earnings to lines."""

from collections.abc import Mapping, Sequence

from calc_engine.engine.alike import Plans
from calc_engine.engine.credit_rules import as_direct
from calc_engine.engine.ir import (
    Aggregate,
    Column,
    Filter,
    Join,
    Kind,
    Relation,
    Scan,
    Union,
    column,
    extended,
    only,
)
from calc_engine.engine.layout import Arranged, month_number
from calc_engine.engine.lowering.attained import stages, with_target
from calc_engine.engine.lowering.cells.counted import Counted, counted
from calc_engine.engine.lowering.cells.paid import whole_cells
from calc_engine.engine.lowering.cells.plain import (
    as_counted,
    is_plain_component,
    is_plain_measure,
)
from calc_engine.engine.lowering.cells.told import told_cells
from calc_engine.engine.lowering.context import Context, states_of
from calc_engine.engine.lowering.credit_steps import trace_columns
from calc_engine.engine.lowering.credits import direct_credits, most_units
from calc_engine.engine.lowering.earned import earned, is_open
from calc_engine.engine.lowering.facts import SOLD_NO, under_plan
from calc_engine.engine.lowering.measured import CELL, STAGE, Measured, measured
from calc_engine.engine.lowering.moments import check_release
from calc_engine.engine.lowering.order_rates import with_order_rates
from calc_engine.engine.lowering.plain_cells import plain_cells
from calc_engine.engine.lowering.rated import row_column
from calc_engine.engine.lowering.recounted import recounted, refused
from calc_engine.engine.lowering.rollup import rolled_up
from calc_engine.engine.lowering.schedules import due_columns, takes_back
from calc_engine.engine.lowering.scopes import state_column
from calc_engine.engine.lowering.settled import settled
from calc_engine.engine.lowering.shares import EXACT
from calc_engine.engine.lowering.spread import CREDIT, spread
from calc_engine.engine.lowering.standings import standings
from calc_engine.engine.lowering.steps import MOST_UNITS, stepped
from calc_engine.engine.lowering.sums import tell_sums, with_sale
from calc_engine.engine.lowering.taking import depends, taken_columns
from calc_engine.engine.lowering.tiers import climbed
from calc_engine.engine.program import Program
from calc_engine.engine.prune import pruned
from calc_engine.engine.refusal import NotLowered
from calc_engine.engine.slots import is_late
from calc_engine.engine.understood import not_understood
from calc_engine.engine.values import (
    case,
    compare,
    greatest,
    some,
    whole,
)
from premia_common.periods import Month
from premia_plan.checked import (
    CellComponent,
    CheckedPlan,
    CreditComponent,
    Recount,
    RollupCredit,
    SummedMeasure,
    Tiers,
)

LINES = ("credit_lines", "cell_lines")
"""The results that are all lines together: those on credits, and those on payees' months."""

ORDERED = ("order_no", "by_day", "last_month", "reversed_on", "reversed_by", "is_void")
CREDITED = (*CREDIT, "payee_no", "units", "standing")
EARNED = (*CREDITED, "refused", "earned_units")
COUNTED = ("payee_no", "month", *CREDIT, "value", "value_units", "leaves_in")


def told_by_earnings(plan: CheckedPlan) -> frozenset[str]:
    """Return the roll-ups that only one component reads: what is earned on them tells them."""
    of_components = [c.of for c in plan.components.values() if isinstance(c, CreditComponent)]
    of_measures = {m.of for m in plan.measures.values() if isinstance(m, SummedMeasure)}
    return frozenset(
        name
        for name, rule in plan.credits.items()
        if isinstance(rule, RollupCredit)
        and of_components.count(name) == 1
        and name not in of_measures
    )


class Lowering:
    """Builds the program of one plan over facts of one layout."""

    def __init__(
        self,
        plan: CheckedPlan,
        arranged: Arranged,
        *,
        since: Month | None,
        until: Month,
        beside: CheckedPlan | None = None,
        plans: Plans | None = None,
    ) -> None:
        first = 0 if since is None else month_number(str(since))
        tables = {} if beside is None else beside.tables
        self._plan = plan
        self._context = Context(plan, arranged, Program(), first, until, tables, plans or {})
        self._told = told_by_earnings(plan)
        self._credits: dict[str, Scan] = {}
        self._most: dict[str, int] = {}
        self._measures: dict[str, Measured] = {}
        self._counted: dict[str, Counted] = {}

    def program(self) -> Program:
        """Return the program.

        Raises:
            NotLowered: if the plan says something this engine cannot express.
        """
        context, program = self._context, self._context.program
        self._tell_lines(self._lowered(self._under_plan()))
        every_line = [program.results[name] for name in LINES if name in program.results]
        told = [name for name in every_line[0].columns if name != SOLD_NO]
        program.result("lines", Union(tuple(only(lines, *told) for lines in every_line)))
        program.units["targets"] = context.arranged.scale("targets", "amount").denominator
        for name, found in self._measures.items():
            program.units[name] = found.units
            if not self._context.plans:  # stages tell what is held against targets
                plain_cells(context, name, found)
            program.result(f"counted_{name}", only(found.contributions, *COUNTED))
        for name, credits in self._credits.items():
            self._tell_months(name, credits)
        self._tell_counted()
        reached = [state_column(state) for state in states_of(self._plan)]
        reached += dict.fromkeys(due_columns(self._plan).values())
        taken = [
            column
            for name in self._plan.components
            if depends(context, name) is not None
            for column in taken_columns(context, name)
        ]
        program.result("under_plan", only(self._orders, *ORDERED, *reached, *taken))
        return pruned(program)

    def sums(self) -> Program:
        """Return the program of what each component pays by payee and month, and by what was sold.

        Its results are those of `tell_sums`; what is read of them alone is still to be left out.

        Raises:
            NotLowered: if the plan says something this engine cannot express.
        """
        context = self._context
        lines = self._lowered(with_sale(context, self._under_plan()))
        context.program.results.clear()
        tell_sums(context, lines)
        return context.program

    def _under_plan(self) -> Scan:
        unknown = not_understood(next(iter(self._context.numbered.values())))
        if unknown:
            raise NotLowered(f"plans with {', '.join(unknown)}")
        self._orders = under_plan(self._context)
        return self._orders

    def _lowered(self, orders: Scan) -> dict[str, list[Relation]]:
        """Lower all components over the orders and return their lines."""
        self._credit(with_order_rates(self._context, orders), standings(self._context))
        for name, measure in self._plan.measures.items():
            if isinstance(measure, SummedMeasure):
                self._measure(name, measure)
        return {
            name: self._paid_on_credits(component)
            if isinstance(component, CreditComponent)
            else self._paid_on_cells(component)
            for name, component in self._plan.components.items()
        }

    def _tell_lines(self, lines: Mapping[str, Sequence[Relation]]) -> None:
        """Ask for all lines, as the results named in `LINES`."""
        kinds: dict[str, list[Relation]] = {name: [] for name in LINES}
        for name, parts in lines.items():
            on_credits = isinstance(self._plan.components[name], CreditComponent)
            kinds["credit_lines" if on_credits else "cell_lines"].extend(parts)
        for name, found in kinds.items():
            if found:
                kept = name == "cell_lines"
                self._context.program.result(name, Union(tuple(found)), kept=kept)

    def _measure(self, name: str, rule: SummedMeasure) -> None:
        """Add a measure: of plain months by the shorter way, another by its periods."""
        credits, most = self._credits[rule.of], self._most[rule.of]
        if self._context.plans and not is_plain_measure(self._plan, rule):
            raise NotLowered("several plans in one pass with measures of other periods than months")
        if is_plain_measure(self._plan, rule):
            self._measures[name] = measured(self._context, rule, credits, most)
            self._counted[name] = as_counted(self._context, self._measures[name])
        else:
            self._counted[name] = counted(self._context, rule, credits, most)

    def _tell_counted(self) -> None:
        """Ask for the measures that are not of plain months."""
        for name, found in self._counted.items():
            if name not in self._measures:
                self._context.program.units[name] = found.units
                told_cells(self._context, found.rule, self._counted)
                contributed = only(found.contributions, *(c for c in COUNTED if c != "value_units"))
                units = extended(contributed, value_units=whole(found.units))
                self._context.program.result(f"counted_{name}", only(units, *COUNTED))

    def _credit(self, orders: Scan, standing: Scan) -> None:
        for name, rule in self._plan.credits.items():
            direct = as_direct(self._plan, rule)
            if direct is not None:
                self._most[name] = most_units(self._context, direct)
                self._credits[name] = direct_credits(self._context, direct, orders, standing)
        for name, rule in self._plan.credits.items():
            if isinstance(rule, RollupCredit):
                self._most[name] = self._most[rule.of]
                below = self._credits[rule.of]
                # Read once, by the component that pays on it, it need not be kept: what is earned
                # on it tells all of it.
                kept = name not in self._told
                self._credits[name] = rolled_up(self._context, rule, below, standing, kept=kept)
        for name, credits in self._credits.items():
            if name not in self._told:
                self._tell_credits(name, credits)

    def _tell_credits(self, name: str, credits: Scan) -> None:
        exact = [c for c in EXACT if c in credits.columns]
        self._context.program.result(f"credits_{name}", only(credits, *CREDITED, *exact))

    def _tell_months(self, name: str, credits: Scan) -> None:
        """Ask for credits with the months in which they count, where that tells a measure."""
        found = [m for m in self._measures.values() if m.rule.of == name and m.tells_credits]
        if found:
            told = {column: value for each in found for column, value in each.told.items()}
            exact = [c for c in EXACT if c in credits.columns]
            wanted = only(extended(credits, **told), *CREDITED, *exact, *told)
            self._context.program.result(f"credited_{name}", wanted)

    def _paid_on_credits(self, component: CreditComponent) -> list[Relation]:
        context = self._context
        found = earned(context, component, self._credits[component.of], self._most[component.of])
        names = dict.fromkeys(name for formula in component.formulas for name in formula.names)
        rows = [row_column(name) for name in names if name in self._plan.tables]
        rows += trace_columns(component, found)
        context.program.result(f"earned_{component.name}", only(found, *EARNED, *rows))
        if component.of in self._told:
            self._tell_credits(component.of, found)
        return settled(context, component.name, found, MOST_UNITS)

    def _paid_on_cells(self, component: CellComponent) -> list[Relation]:
        check_release(self._plan, component)
        tiers = component.amount
        if not is_plain_component(self._plan, component) or not isinstance(tiers, Tiers):
            if self._context.plans:
                raise NotLowered("several plans in one pass that pay periods as a whole")
            return whole_cells(self._context, component, self._counted)
        context, name = self._context, component.name
        pays_on = self._measured(tiers.pays_on)
        rule = tiers.attainment
        looked_up = self._measured(tiers.looked_up_by if rule is None else rule.of)
        if rule is not None and rule.target not in ("", rule.of):
            raise NotLowered("attainments against another measure's target")
        storno = self._plan.storno
        effect = None if storno is None else storno.effect.get(name)
        found = stages(context, name, pays_on, looked_up, is_recounted=isinstance(effect, Recount))
        if rule is not None:
            found = with_target(context, name, found, rule.of)
        climb = climbed(context, name, tiers, found)
        staged, most_paid = stepped(context, name, component.steps, climb)
        wanted = self._wanted(name, staged, pays_on)
        parts = spread(context, name, wanted, pays_on, most_paid)
        context.program.result(f"stages_{name}", staged)
        context.program.result(f"parts_{name}", only(parts, *STAGE, *CREDIT, "part"))
        first = Filter(parts, compare("=", column(parts, "stage"), whole(1)))
        earnings = self._with_order(
            name,
            extended(first, earned_units=column(first, "part"), competence=column(first, "month")),
            self._orders,
        )
        return [
            *settled(context, name, earnings, MOST_UNITS),
            recounted(context, name, wanted, parts),
            refused(context, name, wanted, pays_on),
        ]

    def _measured(self, name: str) -> Measured:
        found = self._measures.get(name)
        if found is None:
            raise NotLowered(f"tiers over {name}, which is no measure of credits,")
        return found

    def _wanted(self, component: str, staged: Scan, pays_on: Measured) -> Scan:
        """Leave out cells of which no line could land in a month that is wanted."""
        since = self._context.since
        if not since or is_late(self._plan.release[component]):
            return staged
        source = self._with_order(component, pays_on.contributions, self._orders)
        waits = case([(is_open(self._context, component), whole(1))], whole(0))
        latest = Aggregate(
            extended(source, waits=waits),
            CELL,
            {
                "latest": ("max", Column("last_month", Kind.WHOLE)),
                "waiting": ("max", Column("waits", Kind.WHOLE)),
            },
        )
        changed = Aggregate(staged, CELL, {"changed": ("max", column(staged, "as_of"))})
        same = tuple((name, name) for name in CELL)
        joined = Join(
            Join(staged, latest, same, {"latest": "latest", "waiting": "waiting"}),
            changed,
            same,
            {"changed": "changed"},
        )
        late = greatest(
            column(joined, "month"), column(joined, "latest"), column(joined, "changed")
        )
        kept = Filter(
            joined,
            some(
                compare(">=", late, whole(since)),
                compare("=", column(joined, "waiting"), whole(1)),
            ),
        )
        names = tuple(staged.columns)
        return self._context.program.name(f"wanted_{component}", only(kept, *names), kept=True)

    def _with_order(self, component: str, parts: Relation, orders: Scan) -> Relation:
        """Add an order's states and reversal where the component's settlement asks for them."""
        states = [share.state for share in self._plan.release[component] if share.state is not None]
        names = [f"reached_{state}" for state in states]
        if takes_back(self._context, component):
            names += ["reversed_on", "is_void", "reversal_month"]
        if not names:
            return parts
        take = {name: name for name in names}
        return Join(parts, orders, (("plan_no", "plan_no"), ("order_no", "order_no")), take)
