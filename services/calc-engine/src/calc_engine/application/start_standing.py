"""A completed run is where the period's standing goes on from."""

from datetime import datetime

from calc_engine.application.ports import CalcWork, StoredFile
from calc_engine.application.prepare_run import Prepared
from calc_engine.domain.outcome import PAYING, UNASSIGNED, Outcome
from calc_engine.domain.payment_accounts import PAYMENT_LINES
from calc_engine.domain.run import Run
from calc_engine.domain.standing import held_lines, stated_line


async def start_standing(
    work: CalcWork,
    run: Run,
    *,
    prepared: Prepared,
    outcome: Outcome,
    nodes: StoredFile,
    at: datetime,
) -> None:
    """Keep what a run proposes as what payees stand at; facts that came meanwhile renew it.

    What terms of payment add and tell is left out: it follows from these lines whenever they are
    read.
    """
    stated = [
        stated_line(line, nodes.address)
        for proposal in outcome.proposals
        for line in proposal.lines
        if line.what not in PAYMENT_LINES
    ]
    await work.standings.start(
        run,
        prepared.go_live,
        prepared.snapshot,
        [*stated, *held_lines(outcome.lines, nodes.address)],
        list(
            dict.fromkeys(found for who, found in outcome.told if who not in {PAYING, UNASSIGNED})
        ),
        at=at,
    )
