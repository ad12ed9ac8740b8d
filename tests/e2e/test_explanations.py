"""Every paid line walked through the API: values follow from children, leaves have sources."""

import pytest
from walks import Walk, as_node

from premia_cli.demo.calculation import statements_of
from premia_cli.demo.explaining import lines_of
from premia_cli.demo.job import Job
from premia_doubles.sample.shape import RUN_MONTH
from premia_plan.explain import check_node

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("platform")]


async def test_every_paid_line_of_the_month_is_explained_down_to_its_sources(job: Job) -> None:
    plans = await job.api("analyst", "plans-api")
    (plan_id,) = job.known.plans.values()
    document = (await plans.get(f"/v1/plans/{plan_id}/versions/1/document"))["document"]
    walk = Walk(job, documents=[document])
    lines = 0

    for statement in await statements_of(job, RUN_MONTH):
        for line in await lines_of(job, statement["id"]):
            await walk.line(statement["id"], line)
            lines += 1

    assert lines == job.known.runs[RUN_MONTH]["counts"]["statement_lines"]
    assert any("/tables/commission_rate/rows/" in clause for clause in walk.clauses)
    assert any("/messages/" in (url or "") for url, _ in walk.sources)
    assert any("/facts/target" in (url or "") for url, _ in walk.sources)


async def test_a_statement_is_the_sum_of_its_lines_and_its_balance(job: Job) -> None:
    api = await job.api("analyst", "calc-engine")

    for statement in await statements_of(job, RUN_MONTH):
        found = await api.get(f"/v1/statements/{statement['id']}/explain", depth=2)
        root = found["tree"]
        children = [as_node(child) for child in root["children"]]
        assert check_node(as_node(root), children)
        assert root["value"] == statement["total"]["amount"]
