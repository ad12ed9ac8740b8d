"""The command against a running platform, as a person at a terminal uses it."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass

import pytest

from premia_cli.demo.calculation import statements_of
from premia_cli.demo.explaining import lines_of
from premia_cli.demo.identities import identity
from premia_cli.demo.job import Job, wait_for
from premia_cli.platform_commands import announce
from premia_doubles.sample.shape import RUN_MONTH
from premia_runtime.local.supervisor import Supervisor

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("platform")]


@dataclass
class Ran:
    code: int
    out: str
    err: str


async def premia(platform: Supervisor, job: Job, name: str, *arguments: str) -> Ran:
    announce(platform)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "premia_cli.main", *arguments),
        *("--state", str(platform.state_dir), "--as", identity(name, job.tenant).client_id),
        env={**os.environ, "COLUMNS": "200", "NO_COLOR": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return Ran(process.returncode or 0, out.decode(), err.decode())


async def test_a_line_is_explained_in_words_and_as_a_tree(platform: Supervisor, job: Job) -> None:
    statement = (await statements_of(job, RUN_MONTH))[0]
    line = (await lines_of(job, statement["id"]))[0]

    ran = await premia(platform, job, "analyst", "explain", statement["id"], line["id"])

    assert ran.code == 0, ran.err
    assert line["amount"]["amount"] in ran.out
    assert "└──" in ran.out


async def test_a_run_is_started_watched_and_printed_as_json(platform: Supervisor, job: Job) -> None:
    ran = await premia(
        platform, job, "analyst", "runs", "start", RUN_MONTH, "--watch", "--output", "json"
    )

    assert ran.code == 0, ran.err
    run = json.loads(ran.out)
    assert (run["status"], run["progress_percent"]) == ("completed", 100)


async def test_a_refusal_is_told_with_its_title_and_what_to_do(
    platform: Supervisor, job: Job
) -> None:
    ran = await premia(platform, job, "analyst", "runs", "start", "2031-01")

    assert ran.code == 1
    assert "404" in ran.err
    assert "2031-01 is not a period of yours" in ran.err


async def test_an_unknown_identity_ends_with_a_hint(platform: Supervisor, job: Job) -> None:
    announce(platform)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "premia_cli.main", "runs", "start", RUN_MONTH),
        *("--state", str(platform.state_dir), "--as", "nobody"),
        stderr=asyncio.subprocess.PIPE,
    )
    _, err = await process.communicate()

    assert process.returncode == 3
    assert "no identity 'nobody'" in err.decode()


async def test_a_shell_takes_over_addresses_and_a_token_and_sends_a_request(
    platform: Supervisor, job: Job
) -> None:
    ran = await premia(platform, job, "analyst", "env")

    request = f'{ran.out}curl -sf -H "Authorization: Bearer $TOKEN" "$CALC/v1/periods"'
    sent = await asyncio.create_subprocess_shell(request, stdout=asyncio.subprocess.PIPE)
    answer, _ = await sent.communicate()
    assert RUN_MONTH in {period["month"] for period in json.loads(answer)["items"]}


async def test_the_topic_has_no_gap_and_its_events_can_be_sent_again(
    platform: Supervisor, job: Job
) -> None:
    sent = await premia(
        platform, job, "designer", "events", "republish", "plans-api", "--from", "1"
    )

    assert sent.code == 0, sent.err
    assert "events are sent again" in sent.out

    async def without_gaps() -> bool:
        state = await premia(
            platform, job, "designer", "events", "state", "calc-engine", "--output", "json"
        )
        return json.loads(state.out)["gaps"] == []

    await wait_for(without_gaps, "every event at calc-engine", every=1)
