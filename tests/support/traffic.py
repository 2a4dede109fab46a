"""What other servers do to a hub all day, and what is true afterwards if it did its part.

Whoever sends tries again until the hub has taken it, as servers do; so each thing is said once,
and however often it arrived, it may have had one effect.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from federation.errors import FederationError
from server import db
from tests.support.live import LiveNode
from tests.support.peer import Peer
from tests.support.resident import Document, Resident

TRY_FOR = 60.0
"""Seconds until a sender gives up: longer than any process is away."""
AGAIN = 0.2


class NotTakenError(Exception):
    """The hub refused something, or did not take it in time."""


@dataclass
class Correspondent:
    """Somebody elsewhere who answers stories, thinks better of it, and gives thanks."""

    actor: Resident
    hub: str
    """Its address."""
    said: dict[str, str | None] = field(default_factory=dict)
    """What the hub should show of each reply by its id; None for one that was taken back."""
    thanked: dict[str, bool] = field(default_factory=dict)
    """Whether each story should have their thanks."""
    taken: int = 0
    tries: int = 0

    async def follow(self) -> None:
        """Follow the hub."""
        await self._send(self.actor.follow(f"{self.hub}/hub"))

    async def answer(self, story: str, number: int) -> None:
        """Say something, say it better, better still, and every third time take it back."""
        note = self.actor.reply(story, f"<p>first {number}</p>")
        await self._send(self.actor.create(note))
        self.said[note["id"]] = f"first {number}"
        for seconds, words in ((1, "second"), (2, "third")):
            later = self.actor.peer.network.clock.now() + timedelta(seconds=seconds)
            note = {**note, "content": f"<p>{words} {number}</p>", "updated": later.isoformat()}
            await self._send(self.actor.update(note))
            self.said[note["id"]] = f"{words} {number}"
        if number % 3 == 0:
            await self._send(self.actor.delete(note["id"]))
            self.said[note["id"]] = None

    async def thank(self, story: str, number: int) -> None:
        """Thank for a story, and every second time take it back."""
        like = self.actor.like(story)
        await self._send(like)
        self.thanked[story] = True
        if number % 2 == 0:
            await self._send(self.actor.undo(like))
            self.thanked[story] = False

    async def _send(self, activity: Document) -> None:
        """Send until it is taken."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + TRY_FOR
        status: object = None
        while loop.time() < deadline:
            self.tries += 1
            try:
                status = (await self.actor.post(f"{self.hub}/inbox", activity)).status
            except (FederationError, OSError) as error:
                status = type(error).__name__
            if status == 202:
                self.taken += 1
                return
            if isinstance(status, int) and status < 500 and status != 429:
                break
            await asyncio.sleep(AGAIN)
        message = f"{activity['type']} was answered {status}"
        raise NotTakenError(message)


@dataclass
class Author:
    """Ida, who tells stories and takes some back, in a process of her own beside the others."""

    live: LiveNode
    told: list[str] = field(default_factory=list)
    withdrawn: set[str] = field(default_factory=set)

    async def tell(self) -> str:
        """Tell a story; every second time the one before the last is taken back."""
        uri = await self.live.publish_story(title=f"Story {len(self.told)}")
        self.told.append(uri)
        if len(self.told) % 2 == 0 and len(self.told) > 2:
            gone = self.told[-3]
            await self.live.withdraw_story(gone)
            self.withdrawn.add(gone)
        return uri


def faults_of_arrivals(peers: Iterable[Peer], author: Author) -> list[str]:
    """Return what is wrong with what these peers got: each story once in effect, and in order.

    What was taken back before it could arrive need not; what arrived has to be taken back.
    """
    found = []
    for peer in peers:
        heard = [(one["type"], _about(one)) for one in peer.activities()]
        first: dict[tuple[str, str], int] = {}
        last: dict[tuple[str, str], int] = {}
        for place, pair in enumerate(heard):
            first.setdefault(pair, place)
            last[pair] = place
        for uri in author.told:
            told, taken_back = ("Announce", uri), ("Delete", uri)
            gone = uri in author.withdrawn
            if told not in first and not gone:
                found.append(f"{peer.host} never got {uri}")
            if (taken_back in first) != gone and (told in first or not gone):
                found.append(f"{peer.host} got the wrong Delete of {uri}")
            if taken_back in first and last.get(told, -1) > first[taken_back]:
                found.append(f"{peer.host} got {uri} after its Delete")
    return found


def repeated(peers: Iterable[Peer]) -> int:
    """Return how many arrivals were of something that had arrived before."""
    return sum(
        sum(Counter(str(one["id"]) for one in peer.activities()).values())
        - len({one["id"] for one in peer.activities()})
        for peer in peers
    )


def _about(activity: Document) -> str:
    thing: Any = activity.get("object")
    return str(thing["id"] if isinstance(thing, dict) else thing)


async def faults_of_effects(author: Author, people: Iterable[Correspondent]) -> list[str]:
    """Return what is wrong with what the hub made of what it took."""
    live = author.live
    rows = await live.run(db.rows, "SELECT uri, html, state FROM posts WHERE NOT local")
    shown = {row["uri"]: row["html"] for row in rows if row["state"] == "published"}
    rows = await live.run(db.rows, THANKS)
    thanks = Counter((row["uri"], row["actor_uri"]) for row in rows)
    found = []
    for one in people:
        for uri, words in one.said.items():
            if (words is None) != (uri not in shown) or (words or "") not in shown.get(uri, ""):
                found.append(f"{uri} says {shown.get(uri)}, not {words}")
        for story, meant in one.thanked.items():
            times = thanks[story, one.actor.uri]
            if times != int(meant and story not in author.withdrawn):
                found.append(f"{one.actor.uri} thanked {times} times for {story}")
    twice = await live.run(db.rows, TWICE)
    return [*found, *(f"told twice: {row}" for row in twice)]


THANKS = (
    "SELECT p.uri, a.uri AS actor_uri FROM thanks t JOIN posts p ON p.id = t.post_id"
    " JOIN actors a ON a.id = t.actor_id"
)
TWICE = (
    "SELECT person_id, kind, actor_id, post_id, count(*) AS times FROM notifications"
    " WHERE kind <> 'thanks' GROUP BY person_id, kind, actor_id, post_id HAVING count(*) > 1"
)


async def waiting(live: LiveNode, *, but: Iterable[str] = ()) -> int:
    """Return how much is not done yet: what came in, what goes out (except to some hosts), and what
    is done later only if asked for.
    """
    [row] = await live.run(
        db.rows,
        "SELECT (SELECT count(*) FROM received WHERE processed_ms IS NULL) AS came,"
        " (SELECT count(*) FROM jobs WHERE leased_by IS NOT NULL) AS running",
    )
    dead = set(but)
    lanes = await live.run(
        db.rows,
        "SELECT host, count(*) AS n FROM deliveries WHERE state = 'waiting' GROUP BY host",
    )
    left = sum(int(lane["n"]) for lane in lanes if lane["host"] not in dead)
    return int(row["came"]) + int(row["running"]) + left


async def until_done(live: LiveNode, *, within: float, but: Iterable[str] = ()) -> None:
    """Wait until nothing is left to do."""
    dead = tuple(but)
    async with asyncio.timeout(within):
        while await waiting(live, but=dead):  # noqa: ASYNC110 - it is other processes
            await asyncio.sleep(0.2)
