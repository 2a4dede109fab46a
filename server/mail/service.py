"""Letters: the queue holds who and what about, and the text is written when it is sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from federation.vocab.types import JsonObject
from server import jobs
from server.house import House
from server.jobs import Registry

JOB = "mail.send"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A plain message to one address."""

    to: str
    subject: str
    text: str


Composer = Callable[[JsonObject, House], Awaitable[Letter | None]]
"""Writes the letter of a job's payload; None where nobody needs it any more."""


class Composers:
    """Who writes which kind of letter. Filled at start by the features."""

    def __init__(self) -> None:
        """Begin empty."""
        self._composers: dict[str, Composer] = {}

    def on(self, kind: str, composer: Composer) -> None:
        """Have letters of a kind written by `composer`. Raises ValueError where it is taken."""
        if kind in self._composers:
            message = f"two composers for letters of the kind {kind}"
            raise ValueError(message)
        self._composers[kind] = composer

    async def write(self, kind: str, payload: JsonObject, *, house: House) -> Letter | None:
        """Write a letter. Raises LookupError where nobody writes that kind."""
        try:
            composer = self._composers[kind]
        except KeyError:
            message = f"nobody writes letters of the kind {kind}"
            raise LookupError(message) from None
        return await composer(payload, house)


async def send_later(
    kind: str, payload: JsonObject, *, house: House, key: str | None = None
) -> bool:
    """Have a letter written and sent once the caller's transaction commits.

    `payload` holds ids. False where nothing will be sent: no mail server is set, or a letter of
    the same `key` is waiting already.
    """
    if house.mailer is None:
        return False
    payload = {"kind": kind, "about": payload}
    return await jobs.enqueue(JOB, payload, house=house, key=key)


def register_jobs(registry: Registry, composers: Composers) -> None:
    """Have letters sent."""

    async def send(payload: JsonObject, house: House) -> None:
        about = payload["about"]
        letter = await composers.write(
            str(payload["kind"]), about if isinstance(about, dict) else {}, house=house
        )
        if letter is not None and house.mailer is not None:
            await house.mailer.send(letter.to, subject=letter.subject, text=letter.text)

    registry.on(JOB, send)
