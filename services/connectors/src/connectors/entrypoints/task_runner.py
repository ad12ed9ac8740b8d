"""Does what answers have promised: reads stored messages and files, also after a crash."""

import asyncio
import contextlib
from datetime import timedelta
from typing import Any
from uuid import UUID

from connectors.application.announce_watermark import announce_watermark
from connectors.application.interpret_file import interpret_file
from connectors.application.interpret_message import interpret_message
from connectors.application.ports import ConnectorsWork, Task
from connectors.domain.message import Channel, FileRefused, MessageState
from connectors.entrypoints.doors import Doors
from premia_runtime.logging import get_logger, shown
from premia_runtime.runtime import Runtime
from premia_runtime.work import in_work

MOST_TRIES = 5
POLL_SECONDS = 1.0
BATCH = 50

_log = get_logger(__name__)


class TaskRunner:
    """Takes due tasks of all tenants, one after the other.

    A task is removed in the transaction of its effect, so a crash leaves it to be done, and two
    runners never do it twice.
    """

    def __init__(self, runtime: Runtime[Any], doors: Doors) -> None:
        self._runtime = runtime
        self._doors = doors
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Look for tasks at once."""
        self._wake.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._wake.clear()
            if not await self.run_due():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)

    async def run_due(self) -> int:
        """Do what is due now; return how many tasks were taken, not what another runner is at."""
        due = await self._doors.list_due(self._runtime.clock.now(), limit=BATCH)
        taken = [
            await self.attempt(tenant_id, task, subject_id, wait=False)
            for tenant_id, task, subject_id in due
        ]
        return taken.count(True)

    async def attempt(self, tenant_id: UUID, task: Task, subject_id: UUID, *, wait: bool) -> bool:
        """Do one task, or count the failure and put it off; never raises for the task's own sake.

        `wait` waits for another runner that is at it; without, it is left to that one.  Says
        whether the task moved: it was done, refused or put off.
        """

        async def effect(work: ConnectorsWork) -> bool:
            if task is Task.WATERMARK:
                # Before the task: a file about to add this very task holds the lock's other side.
                await work.sources.lock_for_watermark(subject_id)
            taken = await work.tasks.take(task, subject_id, wait=wait)
            if taken:
                await self._perform(work, task, subject_id)
            return taken

        try:
            return await in_work(self._runtime.open_work, tenant_id, effect)
        except FileRefused as refused:
            await self._refuse(tenant_id, task, subject_id, refused, MessageState.REFUSED)
        except Exception as error:  # noqa: BLE001 - it is counted, shown and tried again
            _log.warning("task failed", step=task.value, message_id=str(subject_id), **shown(error))
            try:
                await self._postpone(tenant_id, task, subject_id, error)
            except Exception as outage:  # noqa: BLE001 - it stays due and comes again
                _log.warning("task stays due", message_id=str(subject_id), **shown(outage))
                return False
        return True

    async def _perform(self, work: ConnectorsWork, task: Task, subject_id: UUID) -> None:
        correlation_id = self._runtime.ids.new()
        if task is Task.WATERMARK:
            source = await work.sources.by_id(subject_id)
            now = self._runtime.clock.now()
            await announce_watermark(
                work, source, known_up_to=now, now=now, correlation_id=correlation_id
            )
            return
        message = await work.messages.get(subject_id)
        read_before = message.state is MessageState.INTERPRETED
        if task is Task.INTERPRET and read_before:
            return  # A replay came first and did all there was to do.
        await work.sources.lock_for_facts(message.source_id)
        source = await work.sources.by_id(message.source_id)
        # The instant is read under the lock: a watermark never speaks of one that comes later.
        now = self._runtime.clock.now()
        again = read_before
        if message.channel is not Channel.FILE:
            await interpret_message(
                work,
                message,
                source,
                again=again,
                read_records=self._doors.read_records,
                now=now,
                correlation_id=correlation_id,
            )
            return
        await interpret_file(
            work,
            await work.files.get(subject_id),
            source,
            again=again,
            rows=self._doors.rows,
            open_batch_file=self._doors.open_batch_file,
            now=now,
            correlation_id=correlation_id,
        )
        self.wake()

    async def _refuse(
        self,
        tenant_id: UUID,
        task: Task,
        subject_id: UUID,
        refused: FileRefused,
        state: MessageState,
    ) -> None:
        async def effect(work: ConnectorsWork) -> None:
            await work.tasks.give_up(task, subject_id)
            message = await work.messages.get(subject_id)
            if task is not Task.INTERPRET:
                return
            await work.messages.settle(subject_id, state)
            if message.channel is Channel.FILE:
                await work.files.refuse(
                    subject_id, refused.code, refused.detail, at=self._runtime.clock.now()
                )

        await in_work(self._runtime.open_work, tenant_id, effect)

    async def _postpone(
        self, tenant_id: UUID, task: Task, subject_id: UUID, error: Exception
    ) -> None:
        # The text of an error may quote the record; only its kind is kept and shown.
        reason = " ".join(shown(error).values())

        async def effect(work: ConnectorsWork) -> int:
            return await work.tasks.postpone(
                task,
                subject_id,
                error=reason,
                not_before=self._runtime.clock.now() + timedelta(seconds=1),
            )

        tries = await in_work(self._runtime.open_work, tenant_id, effect)
        if tries >= MOST_TRIES and task is not Task.WATERMARK:
            failed = FileRefused(
                "FAILED",
                f"reading it failed {tries} times ({reason}); once the cause is mended, "
                "POST /v1/messages/replay reads it again",
            )
            await self._refuse(tenant_id, task, subject_id, failed, MessageState.FAILED)
