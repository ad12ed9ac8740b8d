"""Explain a statement, or one of its lines, from the lineage that its run wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from calc_engine.application.file_ports import Lineage
from calc_engine.application.ports import CalcWork
from calc_engine.domain.explanation import (
    Codes,
    Messages,
    forwarded_facts,
    node_of,
    payees_of,
    statement_nodes,
)
from calc_engine.domain.lineage import node_key
from calc_engine.domain.statement import AccountNotMoved, LineNotFound, Statement
from premia_plan.results import Node


@dataclass(frozen=True, slots=True)
class Explanation:
    """A root, every node below it, the messages its facts were read from, the payees' codes."""

    root: UUID
    nodes: Mapping[UUID, Node]
    messages: Messages
    codes: Codes


async def explain_statement(
    work: CalcWork, statement: Statement, *, lineage: Lineage
) -> Explanation:
    """Return what the current revision's total rests on, down to the sources."""
    lines = await work.statements.lines(statement.statement_id, statement.revision)
    own = statement_nodes(statement, lines)
    below = await _below(work, statement, [node_key(line.shown_node_id) for line in lines], lineage)
    nodes = {**below, **{node.node_id: node for node in own}}
    return await explanation_of(work, own[0].node_id, nodes)


async def explain_line(
    work: CalcWork, statement: Statement, line_id: UUID, *, lineage: Lineage
) -> Explanation:
    """Return what one line of the current revision rests on, down to the sources.

    Raises:
        LineNotFound: if the current revision has no such line.
    """
    line = await work.statements.line(statement.statement_id, statement.revision, line_id)
    if line is None:
        raise LineNotFound(statement.statement_id, line_id)
    nodes = await _below(work, statement, [node_key(line.shown_node_id)], lineage)
    return await explanation_of(work, line.shown_node_id, nodes)


async def explain_account(
    work: CalcWork, statement: Statement, number: int, *, lineage: Lineage
) -> Explanation:
    """Return what the balance of an account after the current revision rests on.

    Raises:
        AccountNotMoved: if the revision has no such account, or nothing moved it.
    """
    accounts = (await work.statements.accounts([statement])).get(statement.statement_id, ())
    found = accounts[number - 1] if 0 < number <= len(accounts) else None
    if found is None or found.node_id is None:
        raise AccountNotMoved(statement.statement_id, number)
    nodes = await _below(work, statement, [node_key(found.node_id)], lineage)
    return await explanation_of(work, found.node_id, nodes)


async def _below(
    work: CalcWork, statement: Statement, roots: list[str], lineage: Lineage
) -> Mapping[UUID, Node]:
    run = await work.runs.get(statement.run_id)
    rows = await lineage.nodes(
        work.tenant_id, run.completed().nodes_address, str(statement.payee_id), roots
    )
    return {UUID(node_id): node_of(row) for node_id, row in rows.items()}


async def explanation_of(work: CalcWork, root: UUID, nodes: Mapping[UUID, Node]) -> Explanation:
    """Return nodes with the messages and the payees' codes that tell them to people."""
    # Lineage names only what a fact says, not how it was delivered.
    messages = await work.facts.raw_messages(forwarded_facts(nodes.values()))
    codes = await work.facts.payee_codes(payees_of(nodes.values()))
    return Explanation(root, nodes, messages, codes)
