"""How often something may be tried."""

from datetime import timedelta

from server import db
from server.errors import TooManyError
from server.house import House
from server.people.rules import ALLOWED, Limit
from server.people.tables import Attempt

COUNT = """
INSERT INTO attempts (key, tries, until_ms) VALUES (?, 1, ?)
ON CONFLICT (key) DO UPDATE SET
  tries = CASE WHEN attempts.until_ms <= ? THEN 1 ELSE attempts.tries + 1 END,
  until_ms = CASE WHEN attempts.until_ms <= ? THEN excluded.until_ms ELSE attempts.until_ms END
RETURNING tries, until_ms
"""


async def count(limit: Limit, who: str, *, house: House) -> None:
    """Count one try by `who`, before it is made: many at once can't slip through together.

    Raises TooManyError(retry_after=seconds) once there were more than the limit allows.
    """
    most, within = ALLOWED[limit]
    now = _milliseconds(house)
    until = now + within // timedelta(milliseconds=1)
    async with db.transaction():
        (row,) = await db.rows(COUNT, _key(limit, who, house), until, now, now)
    if row["tries"] > most:
        raise TooManyError(retry_after=max(1, -(-(row["until_ms"] - now) // 1000)))


async def forget(limit: Limit, who: str, *, house: House) -> None:
    """Forget the tries of `who`: the last one was right."""
    await Attempt.filter(key=_key(limit, who, house)).delete()


async def sweep(*, house: House) -> None:
    """Drop counts that are over."""
    await Attempt.filter(until_ms__lte=_milliseconds(house)).delete()


def _key(limit: Limit, who: str, house: House) -> str:
    return house.vault.tag(f"{limit}:{who}", purpose="attempts")


def _milliseconds(house: House) -> int:
    return int(house.clock.now().timestamp() * 1000)
