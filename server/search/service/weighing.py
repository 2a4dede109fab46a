"""Have posts be found as they are where they are for everybody and are known from this hub or its
network; else nowhere. Several at once, each in the transaction that changed it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from federation import html
from server import db
from server.actors.blocks import TURNED_AWAY
from server.db import fulltext
from server.house import House
from server.hub.rules import HUB_PATH
from server.posts import kinds
from server.posts.kinds import NOTE
from server.posts.terms import organisations_held
from server.search.rules.alike import link_marks
from server.search.rules.cards import Thing, number
from server.search.rules.words import NO_WORD
from server.search.service.introducing import add, introduce, part_with
from server.search.service.turning import note
from server.search.tables import Card

AT_ONCE = 100
"""Posts that are looked at together."""

FOLLOWED = (
    "EXISTS (SELECT 1 FROM follows f WHERE f.follower_id = (SELECT id FROM actors WHERE uri = ?)"
    " AND f.followed_id = {actor} AND f.state = 'accepted')"
)
KNOWN = (  # what is told here, or that those told or passed on whom the hub follows, or where a
    # hub is gone that it followed
    "SELECT p.id, p.kind, p.author_id, p.title, p.content_warning, p.html, p.published_at,"  # noqa: S608
    " p.created_at, a.host, a.indexable, e.stage, e.measured, e.who, e.setting, e.help_wanted,"
    " u.stage AS came_to, e.organisations AS tried_at, s.organisations AS told_of, s.author_role"
    " FROM posts p JOIN actors a ON a.id = p.author_id"
    " LEFT JOIN experiments e ON e.post_id = p.id"
    " LEFT JOIN experiment_updates u ON u.post_id = p.id LEFT JOIN stories s ON s.post_id = p.id"
    " WHERE p.id IN ({ids}) AND p.state = 'published' AND p.visibility = 'public'"
    f" AND NOT a.gone AND NOT {TURNED_AWAY.format(actor='a.id')}"
    " AND (a.local OR EXISTS (SELECT 1 FROM hosts h"
    " WHERE h.host = a.host AND h.closed_at IS NOT NULL)"
    f" OR {FOLLOWED.format(actor='a.id')} OR EXISTS (SELECT 1 FROM boosts b"
    f" WHERE b.post_id = p.id AND {FOLLOWED.format(actor='b.actor_id')}"
    f" AND NOT {TURNED_AWAY.format(actor='b.actor_id')}))"
)
NAMED = (
    "SELECT 'topic' AS what, post_id, id, name, shown FROM tags WHERE post_id IN ({ids})"
    " UNION ALL SELECT 'place', post_id, id, name, shown FROM places WHERE post_id IN ({ids})"
    " ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class Held:
    """A card as it is."""

    id: int
    number: int
    marks: str


def is_head(kind: str, in_reply_to: str | None) -> bool:
    """Say whether a post stands for itself: what answers another is read there."""
    return kind in kinds.boosted() or (kind == NOTE and in_reply_to is None)


async def weigh(posts: Collection[int], *, passed: Collection[int] = (), house: House) -> None:
    """Have these posts, which stand for themselves, be found as they are from now on, and those
    that were only `passed` on, or no longer, where they may.
    """
    ids = [*dict.fromkeys((*posts, *passed))]
    for start in range(0, len(ids), AT_ONCE):
        await _weigh(ids[start : start + AT_ONCE], set(posts), house=house)


async def _weigh(ids: Sequence[int], changed: Collection[int], *, house: House) -> None:
    known, cards = await _known(ids, house=house), await _cards(ids)
    gone = [post for post in cards if post not in known]
    if gone:
        await remove(gone)
    due = {post: row for post, row in known.items() if post in changed or post not in cards}
    if not due:
        return
    things = await _things(due)
    await note(
        (
            (cards[post].id, cards[post].marks, thing.marks)
            for post, thing in things.items()
            if post in cards
        ),
        house.clock.now(),
    )
    numbers = await _written(things, cards)
    await fulltext.put_many(
        (numbers[post], fulltext.held(
            thing.said if due[post]["indexable"] else (), thing.marks, gap=NO_WORD
        ))
        for post, thing in things.items()
    )  # fmt: skip
    await introduce({thing.author for thing in things.values()})


async def _known(ids: Sequence[int], *, house: House) -> dict[int, dict[str, Any]]:
    hub = house.uri(HUB_PATH)
    found = await db.rows(KNOWN.format(ids=db.marks(len(ids))), *ids, hub, hub)
    return {int(row["id"]): row for row in found}


async def _cards(ids: Sequence[int]) -> dict[int, Held]:
    sql = f"SELECT id, number, post_id, marks FROM cards WHERE post_id IN ({db.marks(len(ids))})"  # noqa: S608
    found = await db.rows(sql, *ids)
    return {int(row["post_id"]): Held(row["id"], row["number"], row["marks"]) for row in found}


async def _things(known: Mapping[int, dict[str, Any]]) -> dict[int, Thing]:
    named: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)
    for row in await db.rows(NAMED.format(ids=db.marks(len(known))), *known, *known):
        named[row["what"], row["post_id"]].append(row)
    return {
        post: _thing(row, named["topic", post], named["place", post])
        for post, row in known.items()
    }  # fmt: skip


def _thing(
    known: Mapping[str, Any], tags: Sequence[Mapping[str, Any]], places: Sequence[Mapping[str, Any]]
) -> Thing:  # fmt: skip
    held = [organisations_held(known[name] or "[]") for name in ("told_of", "tried_at")]
    named = [one.name_then for some in held for one in some]
    return Thing(
        kind=known["kind"], author=known["author_id"], hub=known["host"],
        role=known["author_role"] or "",
        published_at=db.as_moment(known["published_at"] or known["created_at"]),
        texts=(
            known["title"], known["content_warning"], html.text_of(known["html"]),
            known["setting"] or "", known["help_wanted"] or "",
            *(one["shown"] for one in (*tags, *places)),
        ),
        topics=tuple(tag["name"] for tag in tags),
        places=tuple(place["name"] for place in places),
        organisations=tuple(filter(None, [*named, known["who"]])),
        links=tuple(link_marks(known["html"])) if known["stage"] is not None else (),
        stage=known["stage"] or known["came_to"] or "", measured=bool(known["measured"]),
    )  # fmt: skip


async def _written(things: Mapping[int, Thing], cards: Mapping[int, Held]) -> dict[int, int]:
    """Write cards down as they are to be; return the number of each post's."""
    marks = {post: " ".join(thing.marks) for post, thing in things.items()}
    await db.executemany(
        "UPDATE cards SET marks = ? WHERE id = ?",
        [(marks[post], cards[post].id) for post in things if post in cards],
    )
    new = [
        Card(
            post_id=post, author_id=thing.author, marks=marks[post],
            number=number(thing.published_at, post),
        )
        for post, thing in things.items()
        if post not in cards
    ]  # fmt: skip
    await add(new)
    numbers = {post: card.number for post, card in cards.items()}
    return numbers | {card.post_id: card.number for card in new if card.post_id is not None}


async def remove(posts: Iterable[int]) -> None:
    """Have posts be found no more, nor their authors where nothing else is of them."""
    ids = list(posts)
    found = await db.rows(
        f"DELETE FROM cards WHERE post_id IN ({db.marks(len(ids))}) RETURNING author_id",  # noqa: S608
        *ids,
    )
    for author in {row["author_id"] for row in found}:
        await part_with(author)
