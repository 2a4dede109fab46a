"""A handler that notes what it was given, and what is left of the queue."""

from federation.vocab.types import JsonObject
from server import db
from server.house import House


class Diary:
    """A handler that notes what it was given, and raises what it was told to."""

    def __init__(self) -> None:
        self.seen: list[JsonObject] = []
        self.troubles: list[Exception] = []

    async def __call__(self, payload: JsonObject, house: House) -> None:
        self.seen.append(payload)
        if self.troubles:
            raise self.troubles.pop(0)


async def left() -> int:
    [row] = await db.rows("SELECT COUNT(*) AS number FROM jobs")
    number: int = row["number"]
    return number
