"""The judging process as `serve` sees it: started with it, woken by it, started again if it dies, ended with it.

Laws:
- It holds the other end of a pipe to us: if we die, however suddenly, it ends too.
- If it dies or cannot be started, that is logged, and it is started again after `REST` seconds.
  What it had not written it judges again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-P", "-m", "collector.cli", "judge", "--attached")
GATHER = 0.05  # seconds in which wakings become one
REST = 2.0  # seconds before it is started again
PATIENCE = 30.0  # seconds for the batch in hand


class JudgeProcess:
    """Keeps one judging process. Used in the event loop only."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._waking = False

    def start(self) -> None:
        """Start it, and keep it running."""
        self._keeping = asyncio.get_running_loop().create_task(self._keep())

    def wake(self) -> None:
        """Something was accepted."""
        if not self._waking:
            self._waking = True
            asyncio.get_running_loop().call_later(GATHER, self._wake)

    async def stop(self) -> None:
        """Let it finish the batch in hand, and end it."""
        if self._keeping is not None:
            self._keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeping
        process = self._process
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), PATIENCE)
        except TimeoutError:
            log.error("event=judge_killed pid=%d: it did not end within %g s", process.pid, PATIENCE)
            process.kill()
            await process.wait()

    def _wake(self) -> None:
        self._waking = False
        if self._process is not None and self._process.stdin is not None and self._process.returncode is None:
            self._process.stdin.write(b".")

    async def _keep(self) -> None:
        while True:
            try:
                self._process = await asyncio.create_subprocess_exec(*COMMAND, stdin=asyncio.subprocess.PIPE)
            except OSError as error:  # no memory or no process left: the door goes on, and so does this
                log.error("event=judge_not_started error=%s: trying again in %g s", error, REST)
            else:
                log.info("event=judge_started pid=%d", self._process.pid)
                code = await self._process.wait()
                log.error("event=judge_ended code=%d: starting it again in %g s", code, REST)
            await asyncio.sleep(REST)
