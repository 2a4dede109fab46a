"""Thank a person or a team for what is no post, in a Note that speaks to them; and who was thanked,
for what, in lists.
"""

from dataclasses import dataclass
from datetime import datetime

from federation import html, uris
from server import db
from server.actors import service as actors
from server.actors.blocks import are_apart
from server.actors.service import BlockedError, is_blocked
from server.actors.tables import Actor
from server.errors import NotFoundError, RefusedError
from server.house import House
from server.people import service as people
from server.people.rules import Limit
from server.people.service import limits
from server.people.tables import Person
from server.posts import service as posts
from server.posts.rules import OPEN, State, Visibility
from server.posts.service.listing import AWAY, KEPT_APART
from server.posts.tables import Mention, Post
from server.responses.rules import Response, ResponseKind
from server.responses.service.thanking import hides_thanks
from server.responses.tables import ResponseRow, Thanks

KIND = "response"
PAGE = 20
EXCERPT = 280
NEWS = "thanks"
"""The kind of notification."""
NEITHER_AMONG = "t.actor_id NOT IN ({those}) AND (t.whom_id IS NULL OR t.whom_id NOT IN ({those}))"
"""The condition that neither who thanks nor who is thanked is among those, given by their rows."""
NEITHER_AWAY = NEITHER_AMONG.format(those=AWAY)
RECENT = (
    "SELECT t.id, p.version, s.version AS said, a.name, w.name AS whom FROM thanks t"  # noqa: S608
    " JOIN posts p ON p.id = t.post_id JOIN actors a ON a.id = t.actor_id"
    " LEFT JOIN posts s ON s.id = t.said_id LEFT JOIN actors w ON w.id = t.whom_id"
    f" WHERE t.listed = ? AND {NEITHER_AWAY}{{whom}} ORDER BY t.id DESC LIMIT ?"
)
"""What changes whenever the newest of them do."""


class ThankingYourselfError(RefusedError):
    """That is you. Thank somebody else."""


class KeptApartError(RefusedError):
    """You can’t thank {handle}: one of you has blocked the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThankYou:
    """A thank-you as a page shows it."""

    id: int
    by: Actor
    whom: Actor | None
    called: str
    """How whoever is thanked is called."""
    post: Post | None
    """What it is for, where that is a post."""
    thanked_for: str
    """What it is for, in words, where it is no post."""
    said: Post | None
    """The post that says more, where anybody may read it."""
    words: str
    """What it says more, plain."""
    at: datetime
    hidden: bool


async def thank_somebody(
    response: Response, whom: Actor | None, *, by: Person, visibility: Visibility, house: House
) -> Post:
    """Thank somebody for what is no post; without `whom` those who are only named in words, which
    is for everybody to read.

    Raises ThankingYourselfError, BlockedError, KeptApartError, TooManyError, and as
    `Response.check_thanks` does.
    """
    response.check_thanks()
    author = await Actor.get(id=by.actor_id)
    if whom is None:
        visibility = Visibility.PUBLIC
    else:
        await _check_whom(author, whom)
    await limits.count(Limit.THANK_PERSON, str(by.id), house=house)
    mentioned = {whom.handle.removeprefix("@"): whom} if whom is not None else {}
    async with db.transaction():
        post = await posts.draft(
            author, kind=KIND, written_by=by, visibility=visibility, house=house
        )
        row = ResponseRow(post=post)
        row.write(response)
        await row.save()
        await posts.publish(post, mentioned=mentioned, house=house)
        await _write_down(post, whom, by=author, house=house)
        if whom is not None and whom.local:
            await _tell(post, whom, response, by=author, house=house)
    return post


async def _check_whom(author: Actor, whom: Actor) -> None:
    if whom.gone:
        raise NotFoundError
    if whom.id == author.id:
        raise ThankingYourselfError
    if whom.blocked or await is_blocked(whom.host):
        raise BlockedError(host=whom.host)
    if await are_apart(author.id, whom.id):
        raise KeptApartError(handle=whom.handle)


async def _write_down(post: Post, whom: Actor | None, *, by: Actor, house: House) -> None:
    public = post.visibility is Visibility.PUBLIC
    await db.add(
        Thanks(
            post_id=post.id, actor_id=by.id, whom_id=whom.id if whom else None, said_id=post.id,
            public=public, listed=public and not (whom and await hides_thanks(whom.id)),
            created_at=house.clock.now(),
        ),
        unless="post_id, actor_id",
    )  # fmt: skip


async def _tell(post: Post, whom: Actor, response: Response, *, by: Actor, house: House) -> None:
    await people.notify(
        whom.id, kind=NEWS, actor=by, post_id=post.id, house=house,
        text=f"thanked you for {response.thanked_for}",
    )  # fmt: skip


async def arrived(post: Post, response: Response, *, house: House) -> None:
    """Take in a thank-you from elsewhere that answers nothing, where it speaks to somebody here
    whom it says it thanks.
    """
    if response.kind is not ResponseKind.THANKS or not response.thanked_for:
        return
    whom = await actors.known(response.thanked) if uris.is_web_uri(response.thanked) else None
    if whom is None or not whom.local or whom.gone:
        return
    if not await Mention.filter(post_id=post.id, actor_id=whom.id).exists():
        return
    if await are_apart(post.author_id, whom.id):
        return
    by = await Actor.get(id=post.author_id)
    await _write_down(post, whom, by=by, house=house)
    await _tell(post, whom, response, by=by, house=house)


async def hide(thanks_id: int, *, hidden: bool, by: Person) -> None:
    """Keep thanks out of lists, or let them in again, as the one who was thanked. Raises
    NotFoundError.
    """
    row = await Thanks.get_or_none(id=thanks_id, whom_id=by.actor_id)
    if row is None:
        raise NotFoundError
    listed = row.public and not hidden and not await hides_thanks(by.actor_id)
    await Thanks.filter(id=row.id).update(hidden=hidden, listed=listed)


async def hide_all(*, hides: bool, by: Person) -> None:
    """Keep all thanks to somebody out of lists, those to come as well; or let in again those that
    they have not hidden one by one.
    """
    async with db.transaction():
        await Person.filter(id=by.id).update(hides_thanks=hides)
        mine = Thanks.filter(whom_id=by.actor_id)
        if hides:
            await mine.update(listed=False)
        else:
            await mine.filter(public=True, hidden=False).update(listed=True)


async def listed(
    span: db.Span = db.TOP, *, whom: Actor | None = None, viewer: Actor | None = None,
    size: int = PAGE,
) -> list[ThankYou]:  # fmt: skip
    """Return a page of the thanks that everybody may see, or of those to somebody, the newest
    first, and one more; without those that the viewer keeps apart from.
    """
    sql, asked = query_of_listed(span, whom=whom, viewer=viewer, size=size)
    return await _shown(await db.read(Thanks, sql, *asked))


def query_of_listed(
    span: db.Span, *, whom: Actor | None, viewer: Actor | None, size: int = PAGE
) -> tuple[str, list[object]]:
    """Return the statement for such a page, and what is given to it."""
    asked: list[object] = [True]
    which = f"t.listed = ? AND {NEITHER_AWAY}"
    if whom is not None:
        which, asked = f"{which} AND t.whom_id = ?", [*asked, whom.id]
    if viewer is not None:
        which += f" AND {NEITHER_AMONG.format(those=KEPT_APART)}"
        asked += [viewer.id] * 4
    return _stretch(which, asked, span, size)


async def to_me(person: Person, span: db.Span = db.TOP) -> list[ThankYou]:
    """Return a page of all thanks to somebody, as only they see them, and one more."""
    which = f"t.whom_id = ? AND t.actor_id NOT IN ({AWAY})"
    sql, asked = _stretch(which, [person.actor_id], span, PAGE)
    return await _shown(await db.read(Thanks, sql, *asked))


def _stretch(
    which: str, asked: list[object], span: db.Span, size: int
) -> tuple[str, list[object]]:  # fmt: skip
    end, given = span.sql("t.id")
    sql = f"SELECT t.* FROM thanks t WHERE {which}{end} LIMIT ?"  # noqa: S608
    return sql, [*asked, *given, size + 1]


async def _shown(rows: list[Thanks]) -> list[ThankYou]:
    said = [row.said_id for row in rows if row.said_id is not None]
    held = await db.read_by_id(Post, [*(row.post_id for row in rows), *said])
    concerned = [*(row.actor_id for row in rows), *(row.whom_id or 0 for row in rows)]
    met = await db.read_by_id(Actor, concerned)
    for post in held.values():
        if post.author_id in met:
            post.author = met[post.author_id]
    alone = [row.post_id for row in rows if row.said_id == row.post_id]
    meant = {row.post_id: row for row in await ResponseRow.filter(post_id__in=alone)}
    return [_view(row, held, met, meant.get(row.post_id)) for row in rows]


def _view(
    row: Thanks, held: dict[int, Post], met: dict[int, Actor], meant: ResponseRow | None
) -> ThankYou:
    whom, said = met.get(row.whom_id or 0), held.get(row.said_id or 0)
    if said is not None and (said.state is not State.PUBLISHED or said.visibility not in OPEN):
        said = None
    # The first paragraph only says that it is thanks.
    words = html.excerpt(said.html.partition("</p>")[2], EXCERPT) if said is not None else ""
    return ThankYou(
        id=row.id, by=met[row.actor_id], whom=whom,
        called=whom.shown_name if whom else meant.thanked if meant else "",
        post=None if row.said_id == row.post_id else held[row.post_id],
        thanked_for=meant.thanked_for if meant else "", said=said, words=words,
        at=row.created_at, hidden=row.hidden,
    )  # fmt: skip
