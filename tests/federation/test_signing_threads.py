"""Signing in threads: what is asked for together comes back to each who asked."""

import asyncio
import threading
from functools import partial

import pytest

from federation.signatures.threads import TOGETHER, Signers


async def test_each_gets_what_it_asked_for() -> None:
    """However many ask at once; and not in the loop's thread."""
    signers, threads = Signers(), set[int]()

    def work(number: int) -> dict[str, str]:
        threads.add(threading.get_ident())
        return {"Signature": str(number)}

    many = range(3 * TOGETHER + 1)
    found = await asyncio.gather(*(signers.sign(partial(work, number)) for number in many))
    assert [one["Signature"] for one in found] == [str(number) for number in many]
    assert threading.get_ident() not in threads
    signers.close()


async def test_what_fails_is_raised_where_it_was_asked_for_alone() -> None:
    """Its neighbours on the same way are signed."""
    signers = Signers()

    def broken() -> dict[str, str]:
        raise ZeroDivisionError

    good = asyncio.ensure_future(signers.sign(lambda: {"Signature": "good"}))
    with pytest.raises(ZeroDivisionError):
        await signers.sign(broken)
    assert await good == {"Signature": "good"}
    signers.close()


async def test_who_waits_no_longer_is_no_trouble() -> None:
    """A delivery that was cancelled while it was signed."""
    signers, begun, go_on = Signers(), threading.Event(), threading.Event()

    def slowly() -> dict[str, str]:
        begun.set()
        go_on.wait(5)
        return {}

    waiting = asyncio.ensure_future(signers.sign(slowly))
    await asyncio.to_thread(begun.wait, 5)
    waiting.cancel()
    go_on.set()
    assert await signers.sign(lambda: {"Signature": "next"}) == {"Signature": "next"}
    assert waiting.cancelled()
    signers.close()
