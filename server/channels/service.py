"""Channels: made when something first belongs to one, pass on what is published, and take it back
where it belongs there no longer. Each is called by what happened, in its transaction.
"""

from collections.abc import Sequence

from markupsafe import escape

from server import db
from server.actors import service as actors
from server.actors.blocks import are_apart
from server.actors.tables import Actor
from server.channels import rules
from server.channels.rules import Channel
from server.experiments import service as experiments
from server.follows import service as follows
from server.follows.service import Asked, Parted
from server.house import House
from server.hub import service as hubs
from server.people import service as people
from server.posts import kinds
from server.posts import service as posts
from server.posts.cards import path_of
from server.posts.events import Erased, Linked, Published, Reworded
from server.posts.kinds import ENTRY
from server.posts.rules import Relation, State, Visibility
from server.posts.tables import Post, Tag

OWN = "/channel"
"""Where, below an experiment, its channel is."""


async def channels_of(post: Post) -> list[Channel]:
    """Return the channels that a post of ours belongs to, in the order that they pass it on. An
    entry of a log belongs where its experiment does, too.
    """
    head = await Post.get(id=post.parent_id) if post.kind == ENTRY else post
    ids = list(dict.fromkeys([post.id, head.id]))
    tags = await db.read(
        Tag,
        f"SELECT * FROM tags WHERE post_id IN ({db.marks(len(ids))}) ORDER BY post_id DESC, id",  # noqa: S608
        *ids,
    )
    return rules.belonging(
        [(tag.name, tag.shown) for tag in tags],
        [(one.name, one.shown) for one in await posts.places(head)],
        [channel_of(head)] if head.kind == experiments.KIND else [],
    )


def channel_of(experiment: Post) -> Channel:
    """Return the channel of an experiment."""
    return rules.experiment(path_of(experiment), experiment.title)


async def on_published(event: Published, house: House) -> None:
    """Have the channels that a new post belongs to pass it on, each to those followers whose
    servers don't get it by one before (federation.md §6).
    """
    hub = await hubs.hub_actor(house=house)
    if hub is None:
        return
    before = [hub.id]
    for channel in await _made(await channels_of(event.post), hub, house=house):
        reach = follows.follower_inboxes(channel, besides=before, author=event.author)
        await posts.pass_on(event.post, event.author, by=channel, reach=reach, house=house)
        before.append(channel.id)


async def _made(channels: Sequence[Channel], hub: Actor, *, house: House) -> list[Actor]:
    """Return the actors of channels, those that nothing belonged to before newly made."""
    uris = [house.uri(one.path) for one in channels]
    sql = f"SELECT * FROM actors WHERE uri IN ({db.marks(len(uris))})"  # noqa: S608 - marks
    known = {actor.uri: actor for actor in await db.read(Actor, sql, *uris)} if uris else {}
    return [
        known.get(uri) or await _make(one, hub, house=house)
        for uri, one in zip(uris, channels, strict=True)
    ]


async def _make(channel: Channel, hub: Actor, *, house: House) -> Actor:
    return await actors.create_group(
        path=channel.path, username=channel.username, name=channel.title,
        summary=_summary(channel.title, hub), keys_of=hub, house=house,
    )  # fmt: skip


def _summary(title: str, hub: Actor) -> str:
    said = f"What is told and tried at {hub.shown_name}, as it is published: {title}"
    return f"<p>{escape(said)}</p>"


async def on_reworded(event: Reworded, house: House) -> None:
    """After an edit: a post that belongs to a channel no longer is taken back there, with the log
    that belonged there through it; the channel of an experiment is called what it is called. What
    belongs somewhere only now is not passed on, for it is not new.
    """
    post, hub = event.post, await hubs.hub_actor(house=house)
    kind = kinds.named(post.kind)
    if hub is None or not kind.boosted or post.visibility is not Visibility.PUBLIC:
        return
    now = await _made(await channels_of(post), hub, house=house)
    now += await _of_originals(await posts.links_of(post, Relation.ADAPTED_FROM), house=house)
    left = await _let_go(post, event.author, {one.id for one in now}, house=house)
    if left and post.kind != ENTRY:
        query = Post.filter(parent_id=post.id, kind=ENTRY, local=True, state=State.PUBLISHED)
        for entry in await query.filter(boosts__actor_id__in=left).distinct():
            its = await _made(await channels_of(entry), hub, house=house)
            await _let_go(entry, event.author, {one.id for one in its}, house=house)
    if post.kind == experiments.KIND:
        await _call(post, hub, house=house)


async def _let_go(post: Post, author: Actor, now: set[int], *, house: House) -> list[int]:
    """Have those channels take a post back that are not among `now`; return which."""
    by = [one for one in await posts.passed_on_by(post) if one.keys_of_id and one.id not in now]
    await posts.call_back(post, author, by=by, house=house)
    for one in by:
        await _forget_empty(one, but=post)
    return [one.id for one in by]


async def _call(experiment: Post, hub: Actor, *, house: House) -> None:
    """Have an experiment's channel bear its title as it is now, and tell who follows it."""
    path = channel_of(experiment).path
    channel = await actors.at_path(path, house=house)
    if channel is None or channel.name == experiment.title:
        return
    channel.name, channel.summary = experiment.title, _summary(experiment.title, hub)
    channel.fetched_at = house.clock.now()
    await channel.save()
    await people.announce_change(channel, house=house)


async def on_linked(event: Linked, house: House) -> None:
    """Have the channel of an experiment pass on what was made of it, here or elsewhere, once the
    hub has passed that on and so acknowledged it; where it goes back to it no longer, the channel
    takes it back.
    """
    if event.relation is not Relation.ADAPTED_FROM:
        return
    post, hub = event.post, await hubs.hub_actor(house=house)
    original = await posts.by_uri(event.target_uri)
    author, by = await Actor.get(id=post.author_id), await posts.passed_on_by(post)
    for channel in await _of_originals([event.target_uri], house=house):
        if event.gone:
            gone = [one for one in by if one.id == channel.id]
            await posts.call_back(post, author, by=gone, house=house)
        elif hub in by and original and not await are_apart(original.author_id, author.id):
            had = [one.id for one in by]
            reach = follows.follower_inboxes(channel, besides=had, author=author)
            await posts.pass_on(post, author, by=channel, reach=reach, house=house)


OF_EXPERIMENTS = (
    "SELECT c.* FROM follows f JOIN actors c ON c.id = f.followed_id"
    " JOIN posts p ON p.uri || ? = c.uri"
    " WHERE f.follower_id = ? AND c.local AND p.author_id = ?"
)


async def on_asked(event: Asked, house: House) -> None:
    """Keep those from the channel of an experiment whom a block keeps apart from its author."""
    head = await posts.by_uri(event.followed.uri.removesuffix(OWN))
    if head is not None and await are_apart(head.author_id, event.follower.id):
        event.refused = True


async def on_parted(event: Parted, house: House) -> None:
    """Have neither of two follow the channels of the other's experiments any more."""
    for author, other in ((event.one, event.other), (event.other, event.one)):
        if author.local:
            for channel in await db.read(Actor, OF_EXPERIMENTS, OWN, other.id, author.id):
                await follows.part(channel, other, house=house)


async def _of_originals(named: Sequence[str], *, house: House) -> list[Actor]:
    """Return the channels of those experiments of ours that something says it was made of."""
    paths = [uri.removeprefix(house.address) + OWN for uri in named]
    found = [await actors.at_path(path, house=house) for path in paths]
    return [one for one in found if one is not None]


BORNE = (
    "SELECT 1 FROM {table} t JOIN posts p ON p.id = t.post_id WHERE t.name = ? AND p.id <> ?"
    " AND p.local AND p.state = 'published' AND p.visibility = 'public' LIMIT 1"
)


async def on_erased(event: Erased, house: House) -> None:
    """Let the channel of an experiment go that is taken back; who followed it is told. Those of
    topics and places go that nothing belongs to any more.
    """
    post = event.post
    if not post.local or post.uri is None or not kinds.named(post.kind).boosted:
        return
    for channel in await channels_of(post):
        actor = await actors.at_path(channel.path, house=house)
        if actor is not None and channel == channel_of(post):
            await posts.leave(actor, house=house)
        elif actor is not None:
            await _forget_empty(actor, but=post)


async def _forget_empty(channel: Actor, *, but: Post) -> None:
    """Forget a topic or place that nobody follows and nothing of ours belongs to `but` what is
    leaving it: a word that was taken back is not to be read in an address either.
    """
    table, name = rules.named_in(channel.uri)
    if table is None or (await follows.counts(channel))[0]:
        return
    if not await db.rows(BORNE.format(table=table), name, but.id):
        await channel.delete()
