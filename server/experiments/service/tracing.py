"""How an idea travelled, across hubs: what is known of it here, and asking others for the rest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from tortoise.expressions import Q

from federation import collections, uris, vocab
from federation.errors import FederationError
from server import db, jobs
from server.actors.blocks import TURNED_AWAY
from server.errors import RefusedError
from server.experiments import wire
from server.experiments.rules.adaptation import Adaptation
from server.experiments.rules.lineage import DEPTH, NODES, Branch, Kin, root_of, tree
from server.experiments.service.reading import ACKNOWLEDGED, KIND, terms_of
from server.experiments.tables import AdaptationRow, ExperimentRow
from server.house import House
from server.posts import service as posts
from server.posts.cards import path_of
from server.posts.tables import Post

log = structlog.get_logger()

TRACE_JOB = "experiments.trace"
TRACED_FOR = timedelta(days=1)
"""How long what others said of a lineage is believed."""
ASKED = 20
"""Experiments elsewhere whose hubs are asked what was made of them, at one time."""
FETCHED = 30
"""Experiments that are fetched at one time."""
WALK = collections.Budget(pages=3, items=100, seconds=20)

# ruff: noqa: S608 - what is put into a statement here is fixed, or marks
_OPEN = (
    "p.kind = 'experiment' AND p.state = 'published' AND p.visibility IN ('public', 'unlisted')"
    f" AND NOT {TURNED_AWAY.format(actor='p.author_id')}"
)
_READ = (
    "SELECT p.uri, p.id, p.local, p.title, p.published_at, a.name, a.username, a.host, e.stage,"
    f" d.terms, {ACKNOWLEDGED} AS acknowledged"
    " FROM posts p JOIN actors a ON a.id = p.author_id JOIN experiments e ON e.post_id = p.id"
    f" LEFT JOIN experiment_adaptations d ON d.post_id = p.id WHERE {_OPEN}"
)


@dataclass(frozen=True, slots=True)
class Made:
    """What the hub of an experiment lists as made of it."""

    uris: list[str]
    is_whole: bool
    """Whether the list was read to its end: only then is it told by it what is not in it."""


async def lineage(post: Post) -> Branch:
    """Return where an experiment came from and what was made of it, as far as it is known here;
    what anybody may read, and the names of what can be read no more.
    """
    kin = {one.uri: one for one in await _read("p.uri", [post.uri or ""])}
    await _climb(kin)
    root = root_of(post.uri or "", {one.uri: one.parent for one in kin.values()})
    await _descend(root, kin)
    return tree(root, kin)


async def _climb(kin: dict[str, Kin]) -> None:
    """Add what an experiment goes back to, and what that goes back to."""
    for _ in range(DEPTH):
        missing = [one for one in kin.values() if one.parent and one.parent not in kin]
        if not missing:
            return
        found = {one.uri: one for one in await _read("p.uri", [one.parent for one in missing])}
        for one in missing:
            kin[one.parent] = found.get(one.parent) or await _remembered(one.parent)


async def _remembered(uri: str) -> Kin:
    """Return what those say of an experiment who adapted it, where it can't be read itself."""
    rows = await AdaptationRow.filter(original_uri=uri).order_by("id").limit(1)
    how = _how(rows[0].terms) if rows else None
    return Kin(uri=uri, title=how.title if how else "", host=uris.host_of(uri))


async def _descend(root: str, kin: dict[str, Kin]) -> None:
    """Add what was made of an experiment, and what was made of that."""
    level, seen = [root], {root}
    for _ in range(DEPTH):
        found = await _read("d.original_uri", level) if level and len(kin) < NODES else []
        kin |= {one.uri: one for one in found}
        level = [one.uri for one in found if one.uri not in seen]
        seen.update(level)


async def _read(column: str, asked: Sequence[str]) -> list[Kin]:
    sql = f"{_READ} AND {column} IN ({db.marks(len(asked))}) ORDER BY p.id LIMIT ?"
    return [_kin(row) for row in await db.rows(sql, *asked, NODES)]


def _kin(row: Mapping[str, object]) -> Kin:
    how = _how(str(row["terms"])) if row["terms"] else None
    uri, published = str(row["uri"]), row["published_at"]
    return Kin(
        uri=uri,
        parent=how.original if how else "",
        title=str(row["title"]),
        host=str(row["host"]),
        who=str(row["name"] or row["username"]),
        href=path_of(Post(id=int(str(row["id"])), uri=uri, local=bool(row["local"]))),
        stage=str(row["stage"]),
        result=str(how.result or "") if how else "",
        acknowledged=bool(row["acknowledged"]),
        begun=str(published or "")[:10],
    )


def _how(terms: str) -> Adaptation | None:
    return wire.adaptation_from_wire(vocab.load_json(terms.encode()))


async def ask_others(post: Post, *, house: House) -> None:
    """Have a job ask other hubs for what is not known here of a lineage, once a day at most."""
    now = house.clock.now()
    async with db.transaction():
        due = Q(traced_at__isnull=True) | Q(traced_at__lte=now - TRACED_FOR)
        if await ExperimentRow.filter(due, post_id=post.id).update(traced_at=now):
            key = f"{TRACE_JOB}:{post.id}"
            await jobs.enqueue(TRACE_JOB, {"post": post.id}, key=key, house=house)


async def trace(payload: vocab.JsonObject, house: House) -> None:
    """Fetch what a lineage lacks here: what its experiments go back to, and what the hubs of those
    elsewhere list as made of them. Bounded; what can't be had is left out. Twice fetches once.
    """
    post = await posts.by_id(int(str(payload["post"])))
    if post is None or post.kind != KIND:
        return
    lists, sought = dict[str, Made](), set[str]()
    while len(sought) < FETCHED:
        known = list(_flat(await lineage(post)))
        for one in known:
            elsewhere = one.href and uris.host_of(one.uri) != house.host
            if elsewhere and one.uri not in lists and len(lists) < ASKED:
                lists[one.uri] = await _listed(one.uri, house=house)
        new = await _unread(known, lists, sought)
        if not new:
            break
        for uri in new[: FETCHED - len(sought)]:
            sought.add(uri)
            await _fetch(uri, house=house)
    await _keep_lists(lists)


def _flat(branch: Branch) -> Iterable[Kin]:
    yield branch.kin
    for below in branch.branches:
        yield from _flat(below)


async def _unread(known: Sequence[Kin], lists: Mapping[str, Made], sought: set[str]) -> list[str]:
    """Return the ids of experiments of a lineage that are neither here nor were sought yet."""
    named = [one.uri for one in known if not one.href] + [
        uri for made in lists.values() for uri in made.uris
    ]
    new = [uri for uri in dict.fromkeys(named) if uri not in sought and uris.is_web_uri(uri)]
    there = {post.uri for post in await Post.filter(uri__in=new)} if new else set()
    return [uri for uri in new if uri not in there]


async def _listed(uri: str, *, house: House) -> Made:
    """Ask the hub of an experiment what was made of it."""
    post, found = await posts.by_uri(uri), list[str]()
    where = terms_of(post).get("adaptations") if post else None
    if not isinstance(where, str) or not uris.is_web_uri(where) or not uris.same_origin(where, uri):
        return Made(found, is_whole=False)
    further: str | None = where
    walk = collections.pages(where, fetcher=house.fetcher, budget=WALK, clock=house.clock)
    try:
        async for page in walk:
            found += [one for item in page.items if (one := vocab.id_of(item)) is not None]
            further = page.next
    except FederationError as error:
        log.info("experiments.not_listed", error=type(error).__name__)
        return Made(found, is_whole=False)
    return Made(found, is_whole=further is None)


async def _keep_lists(lists: Mapping[str, Made]) -> None:
    """Keep which adaptations the hubs of what they go back to acknowledge, and which no longer."""
    for uri, made in lists.items():
        rows = AdaptationRow.filter(original_uri=uri)
        named = await rows.filter(post__uri__in=made.uris).values_list("id", flat=True)
        await AdaptationRow.filter(id__in=named, listed=False).update(listed=True)
        if made.is_whole:
            await rows.filter(listed=True).exclude(id__in=named).update(listed=False)


async def _fetch(uri: str, *, house: House) -> None:
    try:
        await posts.fetch(uri, house=house)
    except (FederationError, RefusedError) as error:
        log.info("experiments.not_fetched", error=type(error).__name__)
