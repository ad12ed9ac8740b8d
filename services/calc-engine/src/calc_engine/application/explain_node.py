"""Explain an amount that is on no statement, from the lineage kept with its run or simulation."""

from uuid import UUID

from calc_engine.application.explain_statement import Explanation, explanation_of
from calc_engine.application.file_ports import Lineage
from calc_engine.application.ports import CalcWork
from calc_engine.domain.explanation import node_of
from calc_engine.domain.lineage import node_key


class NodeNotFound(LookupError):
    """Raised when no line of a payee rests on a node."""

    def __init__(self, node_id: UUID) -> None:
        super().__init__(
            f"Nothing of this payee rests on {node_id}; take the node and the payee from one line "
            "of the same run or side."
        )


async def explain_node(
    work: CalcWork, *, address: str, payee_id: UUID | None, node_id: UUID, lineage: Lineage
) -> Explanation:
    """Return what a node in the file at an address rests on, down to the sources.

    Raises:
        NodeNotFound: if the file has no such node of this payee.
    """
    rows = await lineage.nodes(
        work.tenant_id, address, str(payee_id) if payee_id else "", [node_key(node_id)]
    )
    nodes = {UUID(key): node_of(row) for key, row in rows.items()}
    if node_id not in nodes:
        raise NodeNotFound(node_id)
    return await explanation_of(work, node_id, nodes)
