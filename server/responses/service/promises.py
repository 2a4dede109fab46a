"""Promises: changes that are planned by a day. One is settled when its author answers it with what
was done or with why nothing changes, or a steward of this hub where it was made here, or the hub
itself where it was made elsewhere; else it is overdue once its day has passed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from federation import vocab
from server import db, jobs
from server.house import House
from server.people import service as people
from server.posts.rules import State
from server.posts.tables import Post
from server.responses.rules import ResponseKind
from server.responses.tables import ResponseRow

PAGE = 20
ASKED = 50
"""Of whom a job asks how it is going in one transaction."""
ASK_JOB = "responses.ask"
NEWS = "promise"
"""The kind of notification."""
# What was said in private settles nothing for everybody, unless the promise was private too.
SETTLES = (
    " FROM posts s JOIN responses t ON t.post_id = s.id JOIN actors b ON b.id = s.author_id"
    " JOIN actors a ON a.id = p.author_id"
    " WHERE s.parent_id = p.id AND s.state = 'published'"
    " AND t.kind IN ('change-made', 'no-change-because')"
    " AND (b.id = a.id OR (a.local AND t.by_steward)"
    " OR (NOT a.local AND b.host = a.host AND b.type = 'Organization'))"
    " AND (s.visibility IN ('public', 'unlisted')"
    " OR p.visibility NOT IN ('public', 'unlisted'))"
)
OVERDUE = (
    "SELECT r.* FROM responses r JOIN posts p ON p.id = r.post_id"  # noqa: S608 - ours
    " WHERE r.promised_for < ? AND (r.promised_for > ? OR (r.promised_for = ? AND r.id > ?))"
    " AND p.state = 'published' AND p.visibility IN ('public', 'unlisted')"
    f" AND NOT EXISTS (SELECT 1{SETTLES}) ORDER BY r.promised_for, r.id LIMIT ?"
)
UNASKED = (
    "SELECT r.* FROM responses r WHERE r.asked = ? AND r.promised_for < ?"
    " ORDER BY r.promised_for LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise of ours whose day has passed with nothing said about it since."""

    post: Post
    what: str
    due: date
    on_behalf_of: str
    id: int

    @property
    def mark(self) -> str:
        """Where it stands in the list."""
        return f"{self.due.toordinal()}-{self.id}"


async def settled(post_ids: Sequence[int]) -> dict[int, ResponseKind]:
    """Return what became of those promises, by their posts, that were settled: by the last word."""
    if not post_ids:
        return {}
    sql = (
        f"SELECT p.id, (SELECT t.kind{SETTLES} ORDER BY s.published_at DESC, s.id DESC LIMIT 1)"  # noqa: S608
        f" AS how FROM posts p WHERE p.id IN ({db.marks(len(post_ids))})"
    )
    rows = await db.rows(sql, *post_ids)
    return {int(row["id"]): ResponseKind(row["how"]) for row in rows if row["how"]}


async def overdue(today: date, *, after: str | None = None, limit: int = PAGE) -> list[Promise]:
    """Return what was promised here for everybody to read and is overdue, the longest first, from
    after a mark on.
    """
    day, _, number = (after or "1-0").partition("-")
    since = date.fromordinal(min(max(int(day), 1), date.max.toordinal()))
    rows = await db.read(ResponseRow, OVERDUE, today, since, since, int(number), limit)
    held = await Post.filter(id__in=[row.post_id for row in rows]).select_related("author")
    found = {post.id: post for post in held}
    return [
        Promise(found[row.post_id], row.change, row.promised_for or today, row.on_behalf_of, row.id)
        for row in rows
    ]


async def ask(_: vocab.JsonObject, house: House) -> None:
    """Ask those once whose promise has become overdue how it is going; the rest in a job of its
    own.
    """
    today = house.clock.now().date()
    async with db.transaction():
        rows = await db.read(ResponseRow, UNASKED, False, today, ASKED)
        ended = await settled([row.post_id for row in rows])
        for row in rows:
            if row.post_id not in ended:
                await _ask(row, house=house)
        await ResponseRow.filter(id__in=[row.id for row in rows]).update(asked=True)
        if len(rows) == ASKED:
            await jobs.enqueue(ASK_JOB, {}, house=house)


async def _ask(row: ResponseRow, *, house: House) -> None:
    post = await Post.get(id=row.post_id)
    if post.written_by_id is not None and post.state is State.PUBLISHED:
        await people.notify_person(
            post.written_by_id, kind=NEWS, actor=None, post_id=post.id,
            text=f"You said “{row.change[:100]}” by {row.promised_for:%-d %B %Y}. How is it going?",
            house=house,
        )  # fmt: skip
