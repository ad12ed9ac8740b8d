"""The nodes right below lines: release shares and what a storno takes, and credits' earnings."""

from collections.abc import Mapping
from uuid import UUID

from calc_engine.engine.trace.credit_nodes import CreditKey, CreditNodes, formula_detail
from calc_engine.engine.trace.nodebook import NodeBook
from calc_engine.engine.trace.order_leaves import OrderLeaves
from calc_engine.engine.trace.rows import Rows
from premia_plan.checked import CheckedPlan, CreditComponent, TakeBack
from premia_plan.quantities import exact_text
from premia_plan.results import Detail


class EarningNodes:
    """Writes the nodes of what a component earns on credits."""

    def __init__(
        self,
        *,
        plan: CheckedPlan,
        component: CreditComponent,
        earned: Rows,
        words: tuple[str, ...],
        credits: CreditNodes,
        book: NodeBook,
    ) -> None:
        self._plan = plan
        self._component = component
        self._earned = earned
        self._words = words
        self._credits = credits
        self._book = book
        self._at = earned.by("order_no", "place", "level")
        self._detail: Mapping[str, Detail] = {
            **formula_detail(component.amount),
            "rounding": "half_up",
            "places": book.places,
        }

    def missing(self, key: CreditKey) -> str | None:
        """Return the name of the first input that was missing, if one was."""
        place = self._earned["refused"][self._at[key[1:]]]
        return None if place is None else self._words[place]

    def unrated(self, key: CreditKey) -> str:
        """Return the first table that gave nothing to a credit.

        Raises:
            LookupError: if every table gave something.
        """
        at = self._at[key[1:]]
        for name in self._component.amount.names:
            if name in self._plan.tables and self._earned[f"row_{name}"][at] is None:
                return name
        raise LookupError("every rate was found")

    def node(self, key: CreditKey) -> UUID:
        """Return the node of what a credit earned, or of why nothing could be calculated."""
        component, at = self._component, self._at[key[1:]]
        missing = self.missing(key)
        if missing is not None:
            code = "rate_missing" if missing in self._plan.tables else "fact_missing"
            return self._book.node(
                "earning",
                component.name,
                self._credits.credit_id(key),
                kind="not_calculated",
                value=self._book.money(0),
                unit="money",
                operation="nothing",
                payee_id=self._credits.payee(key),
                detail={"clause": component.amount.path, "reason": code},
                children=(self._credits.node(key),),
            )
        return self._book.node(
            "earning",
            component.name,
            self._credits.credit_id(key),
            kind="earning",
            value=self._book.money(self._earned["earned_units"][at]),
            unit="money",
            operation="formula",
            payee_id=self._credits.payee(key),
            detail=self._detail,
            children=tuple(self._input(key, name, at) for name in component.amount.names),
        )

    def _input(self, key: CreditKey, name: str, at: int) -> UUID:
        table = self._plan.tables.get(name)
        if table is None:
            return self._credits.input_node(key, name)
        return self._credits.rate_node(key, table, self._earned[f"row_{name}"][at])


class ShareNodes:
    """Writes the nodes of release shares, and of what is taken back of them."""

    def __init__(
        self, plan: CheckedPlan, credits: CreditNodes, leaves: OrderLeaves, book: NodeBook
    ) -> None:
        self._plan = plan
        self._credits = credits
        self._leaves = leaves
        self._book = book

    def share(
        self,
        component: str,
        key: CreditKey,
        earning: UUID,
        *,
        competence: str,
        index: int,
        units: int,
        kind: str,
    ) -> UUID:
        """Return the node of one share; `competence` is empty for what no period's close pays."""
        schedule = self._plan.release[component]
        planned = schedule[index]
        because: tuple[UUID, ...] = ()
        if kind == "release" and planned.state is not None:
            because = (self._leaves.state_node(key[1], planned.state),)
        elif kind in {"release_void", "dropped"}:
            because = (self._leaves.reversal_node(key[1]),)
        return self._book.node(
            "share",
            component,
            self._credits.credit_id(key),
            competence,
            str(index),
            kind=kind,
            value=self._book.money(units),
            unit="money",
            operation="share",
            payee_id=self._credits.payee(key),
            detail={
                "clause": planned.path,
                "shares": ["rest" if s.ratio is None else exact_text(s.ratio) for s in schedule],
                "index": index,
                "at": planned.state or "close",
                "places": self._book.places,
            },
            children=(earning, *because),
        )

    def taken_back(
        self,
        component: str,
        key: CreditKey,
        released: UUID,
        *,
        competence: str,
        index: int,
        units: int,
    ) -> UUID:
        """Return the node of what a storno takes of a share."""
        storno = self._plan.storno
        effect = None if storno is None else storno.effect.get(component)
        if not isinstance(effect, TakeBack):
            raise TypeError(f"no storno takes a part of {component}")
        return self._book.node(
            "take back",
            component,
            self._credits.credit_id(key),
            competence,
            str(index),
            kind="reversal",
            value=self._book.money(units),
            unit="money",
            operation="take_back",
            payee_id=self._credits.payee(key),
            detail={
                "clause": effect.path,
                "takes": exact_text(effect.ratio),
                "places": self._book.places,
            },
            children=(released, self._leaves.reversal_node(key[1])),
        )
