"""What people here say they are learning from, kept as it was that day."""

from dataclasses import dataclass

from server import db
from server.actors.tables import Actor
from server.house import House
from server.posts.cards import title_of
from server.posts.rules import OPEN, State
from server.posts.service.listing import AWAY, KEPT_APART
from server.posts.tables import Post
from server.responses.rules import Reference, Response, ResponseKind
from server.responses.tables import Citation

PAGE = 20
# What was taken back keeps its place; of the copy of the others only what is still for everybody
# is shown.
SHOWN = (
    "NOT EXISTS (SELECT 1 FROM actors a WHERE a.id = s.author_id AND a.gone)"  # noqa: S608 - ours
    f" AND (p.id IS NULL OR (p.author_id NOT IN ({AWAY}) AND (p.state = 'withdrawn'"
    " OR (p.visibility IN ('public', 'unlisted')"
    " AND NOT EXISTS (SELECT 1 FROM actors a WHERE a.id = p.author_id AND a.gone)))))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """Something that somebody here is learning from."""

    id: int
    reference: Reference
    said: Post
    """The response that says so, with its author."""
    post: Post | None
    """What it is said of, where it can still be read here."""
    snapshot: str


async def cite(said: Post, post: Post, response: Response, *, house: House) -> None:
    """Keep what a response to a post is learning from, where everybody may read both; and no longer
    where it does not say so any more. The post may have been taken back since it was read.
    """
    is_said = response.kind is ResponseKind.LEARNING_FROM_THIS
    if is_said:
        post = await Post.filter(id=post.id).select_for_update().get()
    public = post.state is State.PUBLISHED and {post.visibility, said.visibility} <= OPEN
    if not is_said or not public:
        await Citation.filter(said_id=said.id).delete()
        return
    author = await Actor.get(id=post.author_id)
    await db.add(
        Citation(
            said_id=said.id, cited_id=post.id, uri=post.uri or "", title=title_of(post),
            people=author.shown_name, hub=author.host, published_at=post.published_at,
            snapshot=post.html, cited_at=house.clock.now(),
        ),
        unless="said_id",
    )  # fmt: skip


async def uncite(post: Post) -> None:
    """Forget what a post said that was taken back, and what it was learning from: of what is cited
    its id, hub and day stay.
    """
    await Citation.filter(said_id=post.id).delete()
    await Citation.filter(cited_id=post.id).update(title="", people="", snapshot="")


async def citations(
    span: db.Span = db.TOP, *, viewer: Actor | None = None, size: int = PAGE
) -> list[Cited]:
    """Return what people here are learning from, the newest first, and one more than `size`;
    nothing that a block keeps from the viewer, or from everybody, nothing of those who are gone,
    and nothing that is for fewer than everybody by now.
    """
    sql, asked = _query(span, viewer)
    rows = await db.read(Citation, sql, *asked, size + 1)
    held = await db.read_by_id(Post, [*(row.said_id for row in rows), *(r.cited_id for r in rows)])
    writers = await db.read_by_id(Actor, [held[row.said_id].author_id for row in rows])
    for row in rows:
        held[row.said_id].author = writers[held[row.said_id].author_id]
    return [
        Cited(
            id=row.id, reference=row.reference(), said=held[row.said_id],
            post=_readable(held.get(row.cited_id)), snapshot=row.snapshot,
        )
        for row in rows
    ]  # fmt: skip


def _query(span: db.Span, viewer: Actor | None) -> tuple[str, list[object]]:
    asked: list[object] = []
    which = SHOWN
    if viewer is not None:
        which += f" AND s.author_id NOT IN ({KEPT_APART})"
        which += f" AND (p.id IS NULL OR p.author_id NOT IN ({KEPT_APART}))"
        asked += [viewer.id] * 4
    end, given = span.sql("c.id")
    sql = (
        "SELECT c.* FROM citations c JOIN posts s ON s.id = c.said_id"  # noqa: S608 - ours
        f" LEFT JOIN posts p ON p.id = c.cited_id WHERE {which}{end} LIMIT ?"
    )
    return sql, [*asked, *given]


def _readable(post: Post | None) -> Post | None:
    if post is None or post.state is not State.PUBLISHED or post.visibility not in OPEN:
        return None
    return post
