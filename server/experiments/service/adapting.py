"""Adapt an experiment, ours or somebody else's; be told of it, and say so."""

from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

from federation import proofs
from federation.audience import Inbox
from server import db
from server.actors.blocks import are_apart, is_turned_away
from server.actors.tables import Actor
from server.delivery.reach import Reach
from server.errors import NotFoundError, RefusedError
from server.experiments.rules.adaptation import Adaptation
from server.experiments.rules.experiment import Experiment
from server.experiments.service.editors import require_editor
from server.experiments.service.keeping import write_adaptation
from server.experiments.service.reading import KIND, acknowledged, of_post, origin, terms_of
from server.experiments.service.sharing import draft, published, source
from server.experiments.tables import AdaptationRow
from server.follows import service as follows
from server.house import House
from server.hub import service as hubs
from server.people import service as people
from server.people.tables import Person
from server.posts import service as posts
from server.posts.events import Linked
from server.posts.rules import OPEN, Relation, State
from server.posts.tables import Post

ADAPTED = "adapted"
"""The kind of notification."""
A_DAY = 20
"""Adaptations that one author may begin in a day, here; and that are acknowledged of one author."""


class NothingToAdaptError(RefusedError):
    """We can’t find that experiment, or it is not for everybody to read."""


class EnoughForTodayError(RefusedError):
    """That is a lot for one day. Go on with these first; tomorrow there is room for more."""


@dataclass(frozen=True, slots=True)
class Adapted:
    """What somebody made of an experiment."""

    post: Post
    adaptation: Adaptation
    stage: str


async def original(uri: str, viewer: Actor, *, house: House) -> Post:
    """Return the experiment, ours or a copy, that somebody wants to adapt; it is fetched where it
    isn't known. Never inside a transaction.

    Raises NothingToAdaptError, and FetchError children where it can't be had.
    """
    post = await origin(uri, viewer, house=house)
    if post is None or post.kind != KIND or post.visibility not in OPEN:
        raise NothingToAdaptError
    if post.state is not State.PUBLISHED:
        raise NothingToAdaptError
    return post


async def adapt(
    post: Post, how: Adaptation, *, by: Person, words: Experiment | None = None, house: House
) -> Post:
    """Begin an adaptation: a draft with the original's words, or with those given, and what was
    known of the original today. `how` says what is kept and changed.

    Raises NothingToAdaptError, EnoughForTodayError, and as `Adaptation.check` does.
    """
    how.check()
    tried = await of_post(post)
    if tried is None:
        raise NothingToAdaptError
    since = house.clock.now() - timedelta(days=1)
    begun = AdaptationRow.filter(post__written_by_id=by.id, post__created_at__gt=since)
    if await begun.count() >= A_DAY:
        raise EnoughForTodayError
    known = replace(
        how, original=post.uri or "", title=post.title, seen=house.clock.now().isoformat(),
        hub=await _hub_of(post), digest=digest(post),
    )  # fmt: skip
    if words is None:
        words = Experiment(
            title=tried.title, problem=tried.problem, idea=tried.idea, aim=tried.aim,
            topics=tried.topics, warning=tried.warning,
        )  # fmt: skip
    return await draft(by, replace(words, adapted_from=known), house=house)


async def _hub_of(post: Post) -> str:
    """Return the id of the hub that passed a post on, of the post's own server."""
    found = await Actor.filter(
        boosts__post_id=post.id, host=post.author.host, type="Organization"
    ).first()  # fmt: skip
    return found.uri if found is not None else ""


def digest(post: Post) -> str:
    """Return the digest of what an experiment said; empty where it can't be written canonically."""
    terms = terms_of(post)
    try:
        return f"sha-256={sha256(proofs.canonical(terms)).hexdigest()}" if terms else ""
    except ValueError:
        return ""


async def tell_how(post: Post, how: Adaptation, *, by: Person, house: House) -> None:
    """Say anew what was kept and changed, and how it went; what is known of the original stays.

    Raises NotYoursError, what `Adaptation.check` raises, TooLongError; NotFoundError where it is no
    adaptation.
    """
    await require_editor(post, by)
    how.check()
    async with db.transaction():
        held = await published(post)
        before = await of_post(held)
        if before is None or before.adapted_from is None:
            raise NotFoundError
        known = before.adapted_from
        now = replace(
            how, original=known.original, title=known.title, hub=known.hub, seen=known.seen,
            digest=known.digest,
        )  # fmt: skip
        if now == known:
            return
        await write_adaptation(held, now)
        await posts.revise(
            held, before=source(before), why="What is different from the original was told.",
            mentioned=await posts.mentioned_already(held), house=house,
        )  # fmt: skip


async def on_linked(event: Linked, house: House) -> None:
    """Acknowledge what goes back to an experiment of ours, unless it was known elsewhere long
    before it came here, or take that back.
    """
    if event.relation is not Relation.ADAPTED_FROM:
        return
    target = await posts.by_uri(event.target_uri)
    if target is None or not target.local or target.kind != KIND:
        return
    author = await Actor.get(id=event.post.author_id)
    if event.gone:
        hub = await hubs.hub_actor(house=house)
        if not event.post.local and hub in await posts.passed_on_by(event.post):
            await posts.call_back(event.post, author, by=[hub], house=house)
    elif not house.quiet and await _is_welcome(target, event.post, author, house=house):
        await _acknowledge(target, event.post, author, house=house)


async def _is_welcome(target: Post, post: Post, author: Actor, *, house: House) -> bool:
    """Say whether an adaptation shows on the page of what it goes back to: nobody judges it, but
    nobody has to be beside those whom they block either.
    """
    if target.state is not State.PUBLISHED or target.visibility not in OPEN or post.id == target.id:
        return False
    if await are_apart(target.author_id, author.id) or await is_turned_away(author.id):
        return False
    return author.local or await _acknowledged_lately(author, house=house) < A_DAY


async def _acknowledged_lately(author: Actor, *, house: House) -> int:
    [found] = await db.rows(
        "SELECT count(DISTINCT p.id) AS many FROM posts p"
        " JOIN links l ON l.post_id = p.id AND l.relation = ?"
        " JOIN boosts b ON b.post_id = p.id JOIN actors a ON a.id = b.actor_id AND a.local = ?"
        " WHERE p.author_id = ? AND b.created_at > ?",
        str(Relation.ADAPTED_FROM), True, author.id, house.clock.now() - timedelta(days=1),
    )  # fmt: skip
    return int(found["many"])


async def _acknowledge(target: Post, post: Post, author: Actor, *, house: House) -> None:
    """Have the hub boost an adaptation from elsewhere, to its author as well, so that their hub
    hears of it; what is taken back here later has to go there too.
    """
    hub = await hubs.hub_actor(house=house)
    if not post.local and hub is not None and hub not in await posts.passed_on_by(post):
        theirs = Inbox(author.shared_inbox or author.inbox)
        reach = follows.follower_inboxes(hub, author=author) | Reach.of([theirs])
        await posts.pass_on(post, author, by=hub, reach=reach, house=house)
        await db.execute(
            "INSERT INTO sent (post_id, inbox_id) SELECT CAST(? AS BIGINT), i.id FROM inboxes i"
            " WHERE i.url = ? ON CONFLICT (post_id, inbox_id) DO NOTHING",
            target.id, theirs.url,
        )  # fmt: skip
    if target.written_by_id is not None and target.author_id != author.id:
        await people.notify_person(
            target.written_by_id, kind=ADAPTED, actor=author, post_id=post.id,
            text=f"is adapting “{target.title}”", house=house,
        )  # fmt: skip


async def adaptations(post: Post, viewer: Actor | None = None) -> list[Adapted]:
    """Return what others made of an experiment and its own hub acknowledged, oldest first; whatever
    came of it.
    """
    found = await posts.linked_to(post, Relation.ADAPTED_FROM, viewer)
    told = await acknowledged([one.id for one in found])
    return [Adapted(one, *told[one.id]) for one in found if one.id in told]


async def is_acknowledged(post: Post) -> bool:
    """Say whether the hub of what an adaptation goes back to has acknowledged it."""
    return post.id in await acknowledged([post.id])
