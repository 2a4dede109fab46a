"""Fills a hub's database as years of use would, by SQL, in about a minute for a million posts.

Every `GROUP`th post is a story of ours, the others are replies from elsewhere below it; each story
bears a tag and was thanked for. Rows are copies of one real story and one real reply but for what
has to differ, so that a column which is added is there too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from federation.ports import SystemClock
from server import db
from server.actors.tables import Actor
from server.db import Model
from server.posts.tables import Post, Tag
from server.responses.tables import Thanks
from server.stories.tables import StoryRow

GROUP = 50
"""Posts of one conversation."""
PEERS = 1_000
"""Actors elsewhere who reply."""
THANKS = 3
"""Thank-yous for each story."""
BATCH = 50_000
"""Posts that one transaction adds."""
APART = 5
"""Seconds between two posts."""
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})"


@dataclass(frozen=True, slots=True)
class Sample:
    """The rows that the others are copies of."""

    story: int
    reply: int
    peer: int
    """An actor elsewhere."""


async def fill(sample: Sample, *, posts: int, origin: str) -> None:
    """Add so many posts, the last of them a moment ago. `origin` is the hub's address."""
    if db.dialect() == "sqlite":
        await db.rows("PRAGMA cache_size = -400000")  # KiB; else its indexes are read over and over
    first = await _after("actors")
    async with db.transaction():
        await copy(Actor, sample.peer, 0, PEERS - 1, {
            "id": f"{first} + i", "uri": f"t.uri || '-' || ({first} + i)",
            "username": "'wren' || i",
        })  # fmt: skip
    filled = _Filled(sample, origin, await _after("posts"), first, posts)
    for begin in range(0, posts, BATCH):
        async with db.transaction():
            await filled.part(begin, min(begin + BATCH, posts) - 1)
    await _settle()


@dataclass(frozen=True, slots=True)
class _Filled:
    sample: Sample
    origin: str
    post: int
    """The first row of posts that is filled in."""
    actor: int
    """The first of the actors."""
    total: int

    async def part(self, first: int, last: int) -> None:
        """Add the posts of these numbers, which begin and end with a conversation."""
        row, root = f"({self.post} + i)", f"({self.post} + i - i % {GROUP})"
        moment, uri = self._moment(), f"'{self.origin}/stories/F' || {root}"
        conversation = f"'{self.origin}/contexts/F' || {root}"
        story = {
            "id": row, "uri": uri, "url": uri, "published_at": moment, "created_at": moment,
            "conversation": conversation,
        }  # fmt: skip
        note = f"'https://wren.test/notes/' || {row}"
        await copy(Post, self.sample.story, first, last, story, where=f"i % {GROUP} = 0")
        reply = {
            "id": row, "document": "NULL", "uri": note, "url": note, "local": "1 = 0",
            "written_by_id": "NULL", "author_id": f"{self.actor} + i % {PEERS}",
            "published_at": moment,
            "created_at": moment, "parent_id": root, "root_id": root, "in_reply_to": uri,
            "conversation": conversation,
        }  # fmt: skip
        await copy(Post, self.sample.reply, first, last, reply, where=f"i % {GROUP} != 0")
        await self._around(first, last)

    async def _around(self, first: int, last: int) -> None:
        """Add what stories have beside their posts."""
        own = {"id": None, "post_id": f"{self.post} + i"}
        told = f"post_id = {self.sample.story}"
        await copy(StoryRow, told, first, last, own, where=f"i % {GROUP} = 0")
        own = own | {"published_at": self._moment()}
        await copy(Tag, told, first, last, own, where=f"i % {GROUP} = 0")
        await db.execute(
            "INSERT INTO thanks"  # noqa: S608 - numbers of ours
            " (post_id, whom_id, actor_id, uri, created_at, public, hidden, listed)"
            f" {NUMBERS.format(first=first, last=last)}"
            f" SELECT {self.post} + i - i % {GROUP},"
            f" (SELECT author_id FROM posts WHERE id = {self.sample.story}),"
            f" {self.actor} + i % {PEERS},"
            f" 'https://wren.test/likes/' || ({self.post} + i), {self._moment()}, TRUE, FALSE, TRUE"
            f" FROM n WHERE i % {GROUP} BETWEEN 1 AND {THANKS}"
        )

    def _moment(self) -> str:
        seconds = int(SystemClock().now().timestamp()) - self.total * APART
        if db.dialect() == "postgres":
            return f"to_timestamp({seconds} + i * {APART})"
        return f"strftime('%Y-%m-%d %H:%M:%S+00:00', {seconds} + i * {APART}, 'unixepoch')"


async def copy(
    model: type[Model], sample: int | str, first: int, last: int,
    differs: Mapping[str, str | None], *, where: str = "1 = 1",
) -> None:  # fmt: skip
    """Copy rows for the numbers `i` from first to last; what differs is SQL, None for the column's
    own default.
    """
    names = [str(name) for name in model._meta.fields_db_projection.values()]
    values: dict[str, Any] = {name: f"t.{name}" for name in names} | dict(differs)
    kept = {name: value for name, value in values.items() if value is not None}
    which = f"t.id = {sample}" if isinstance(sample, int) else f"t.{sample}"
    await db.execute(
        f"INSERT INTO {model._meta.db_table} ({', '.join(kept)})"  # noqa: S608 - ours
        f" {NUMBERS.format(first=first, last=last)} SELECT {', '.join(kept.values())}"
        f" FROM n, {model._meta.db_table} t WHERE {which} AND {where}"
    )


async def _after(table: str) -> int:
    """Return a row number beyond all of a table."""
    [row] = await db.rows(f"SELECT coalesce(max(id), 0) AS last FROM {table}")  # noqa: S608 - ours
    return int(row["last"]) + 1


async def _settle() -> None:
    """Put everything back; PostgreSQL goes on numbering after what was filled in, and is told how
    much there is.
    """
    if db.dialect() == "sqlite":
        await db.rows("PRAGMA cache_size = -8192")  # as server.db has it
        return
    for table in ("actors", "posts"):
        await db.rows(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
        )
    for model in (Actor, Post, StoryRow, Tag, Thanks):
        await db.execute(f"ANALYZE {model._meta.db_table}")
