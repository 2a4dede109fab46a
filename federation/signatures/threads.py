"""Signing in threads, where RSA lets go of the interpreter."""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

Work = Callable[[], Mapping[str, str]]
_Asked = tuple[Work, "asyncio.Future[Mapping[str, str]]"]

TOGETHER = 8
"""Signatures on one way to a thread and back, which costs a third of a signature."""


class Signers:
    """Threads that sign. What is asked for in the same moment goes to them together."""

    def __init__(self) -> None:
        """Start no thread yet."""
        self._threads = ThreadPoolExecutor(os.cpu_count() or 2, thread_name_prefix="sign")
        self._asked: list[_Asked] = []

    async def sign(self, work: Work) -> Mapping[str, str]:
        """Have `work` done in a thread; return or raise what it does."""
        loop = asyncio.get_running_loop()
        if not self._asked:
            loop.call_soon(self._hand_over, loop)
        done: asyncio.Future[Mapping[str, str]] = loop.create_future()
        self._asked.append((work, done))
        return await done

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        asked, self._asked = self._asked, []
        for start in range(0, len(asked), TOGETHER):
            self._threads.submit(_sign, asked[start : start + TOGETHER], loop)

    def close(self) -> None:
        """Let go of the threads; what was not begun is not done any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _sign(asked: Sequence[_Asked], loop: asyncio.AbstractEventLoop) -> None:
    tell: list[Callable[[], None]] = []
    for work, done in asked:
        try:
            tell.append(partial(_answer, done, work()))
        except Exception as error:  # noqa: BLE001 - whoever asked gets it
            tell.append(partial(_fail, done, error))
    with suppress(RuntimeError):  # the loop has ended meanwhile: nobody waits any more
        loop.call_soon_threadsafe(_tell, tell)


def _tell(answers: Sequence[Callable[[], None]]) -> None:
    for answer in answers:
        answer()


def _answer(done: "asyncio.Future[Mapping[str, str]]", signed: Mapping[str, str]) -> None:
    if not done.done():
        done.set_result(signed)


def _fail(done: "asyncio.Future[Mapping[str, str]]", error: Exception) -> None:
    if not done.done():
        done.set_exception(error)
