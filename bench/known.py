"""Things that a hub knows from the hubs that it follows, made up by the hundred thousand: stories,
experiments and news of them, on 500 hosts, with words as often as words are said (Zipf).

The first 20,000 are made up one by one, the oldest first; the others are copies of them by SQL,
each lot published after the one before, two years and a half in all. All are put down in the order
of time: FTS5 writes down what it gathered each time that a row comes before the last one.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import Any

from bench.filling import copy
from federation import vocab
from server import db
from server.actors import service as actors
from server.actors.tables import Actor
from server.db import fulltext
from server.experiments.rules.stages import Stage
from server.experiments.tables import ExperimentRow
from server.house import House
from server.posts.rules import State, Visibility
from server.posts.tables import Post, Tag
from server.search.rules.cards import WITHIN, Thing, number, published_at
from server.search.rules.words import NO_WORD
from server.search.tables import Card

HOSTS = 500
WORDS = 20_000
"""Words that there are."""
SAID = 60
"""Words of one thing."""
MADE_UP = 20_000
BATCH = 2_000
IN_ORDER = "1 = 1 ORDER BY {}"
YEARS = timedelta(days=912)
"""From the oldest thing to the newest."""
GATHERED = 64 * 1024 * 1024
"""Bytes of words that FTS5 gathers before it writes them down, while it is filled."""
TOPICS = ("discharge", "sleep", "night", "tablets", "home", "carers", "waiting", "letters")
STAGES = (*["idea"] * 30, *["trying"] * 30, *["learning"] * 15, *["working"] * 14, "spreading",
          *["stopped"] * 10)  # fmt: skip


async def know(many: int, *, house: House) -> None:
    """Make up the first of so many things, where none are known yet."""
    authors, chance = await _authors(house), Random(7)  # noqa: S311 - no secret
    made, oldest = min(many, MADE_UP), house.clock.now() - YEARS
    for first in range(0, made, BATCH):
        things = [
            _thing(chance, authors[one % HOSTS], oldest + YEARS / many * one)
            for one in range(first, min(first + BATCH, made))
        ]
        async with db.transaction():
            await _write(things, first, house.clock.now())


async def ready() -> None:
    """Make it quick to put very much down."""
    if db.dialect() == "sqlite":
        await db.rows("PRAGMA cache_size = -400000")  # KiB; else its indexes are read over and over
        await _gather(GATHERED)
    else:
        await db.execute("DROP INDEX card_words_held")  # to be made of all at once


async def copied(many: int, which: int) -> None:
    """Copy what was made up once more, for the first, second, ... time."""
    made = min(many, MADE_UP)
    async with db.transaction():
        await _copy(made, which, later=int(YEARS.total_seconds() / many * made) * which)


async def settle() -> None:
    """Put everything back, and let the database learn what it holds."""
    if db.dialect() == "sqlite":
        await db.rows("PRAGMA cache_size = -8192")  # as server.db has it
        await _gather(1024 * 1024)  # as FTS5 has it
    else:
        async with db.transaction():
            await db.execute("SET LOCAL maintenance_work_mem = '1GB'")
            await fulltext.make()
        for table in ("posts", "tags", "experiments"):
            await db.rows(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'),"  # noqa: S608 - ours
                f" (SELECT max(id) FROM {table}))"
            )
        await db.rows("ANALYZE")  # SQLite is never told, here as in a hub


async def _gather(size: int) -> None:
    await db.execute("INSERT INTO card_words (card_words, rank) VALUES ('hashsize', ?)", size)


async def _copy(made: int, which: int, *, later: int) -> None:
    """Copy what was made up once more, so many seconds later."""
    [row] = await db.rows("SELECT min(post_id) AS first, min(number) AS number FROM cards")
    last, further = int(row["first"]) + made - 1, made * which
    number = (
        f"t.number - t.number % {WITHIN} + {later * WITHIN} + (t.post_id + {further}) % {WITHIN}"
    )
    base = f"post_id > {last - made} AND t.post_id <= {last}"
    own = {"id": None, "post_id": f"t.post_id + {further}"}
    at = {"published_at": _later("t.published_at", later)}
    post = at | {"id": f"t.id + {further}", "uri": f"t.uri || '/{further}'"}
    await copy(
        Post, f"id > {last - made} AND t.id <= {last}", 1, 1, post, where=IN_ORDER.format("t.id")
    )
    await copy(Tag, base, 1, 1, own | at, where=IN_ORDER.format("t.post_id"))
    await copy(ExperimentRow, base, 1, 1, own, where=IN_ORDER.format("t.post_id"))
    await copy(Card, base, 1, 1, own | {"number": number}, where=IN_ORDER.format("t.post_id"))
    await _copy_words(base, number, published_at(int(row["number"]) + later * WITHIN))


async def _copy_words(base: str, number: str, at: datetime) -> None:
    """Copy what they are found by, with the month in which the first of them was published."""
    name, months = "rowid", f"' y:{at.year}-{at.month}'"
    if db.dialect() == "postgres":
        name, months = "id", f"CAST('''y:{at.year}-{at.month}''' AS TSVECTOR)"
    await db.execute(
        f"INSERT INTO card_words ({name}, held) SELECT {number}, w.held || {months} FROM cards t"  # noqa: S608
        f" JOIN card_words w ON w.{name} = t.number WHERE t.{base} ORDER BY t.post_id"
    )


def _later(column: str, seconds: int) -> str:
    if db.dialect() == "postgres":
        return f"{column} + interval '{seconds} seconds'"
    return f"strftime('%Y-%m-%d %H:%M:%S+00:00', {column}, '+{seconds} seconds')"


async def _authors(house: House) -> list[Actor]:
    found = await Actor.filter(username="wren", local=False).order_by("id")
    if len(found) >= HOSTS:
        return found
    async with db.transaction():
        for one in range(HOSTS):
            uri = f"https://hub{one}.peers.test/users/wren"
            document: dict[str, Any] = {
                "id": uri, "type": "Person", "preferredUsername": "wren", "name": "Wren",
                "inbox": f"{uri}/inbox", "outbox": f"{uri}/outbox", "indexable": True,
            }  # fmt: skip
            await actors.keep(vocab.parse_actor(document), house=house)
    return await Actor.filter(username="wren", local=False).order_by("id")


@cache
def weights() -> list[float]:
    """Return how often each word is said, summed up."""
    return list(accumulate(1 / (rank + 5) for rank in range(WORDS)))


def words(chance: Random, many: int) -> list[str]:
    """Return so many words as they come in a text."""
    return [f"word{one}" for one in chance.choices(range(WORDS), cum_weights=weights(), k=many)]


def _thing(chance: Random, author: Actor, at: datetime) -> Thing:
    kind = chance.choices(("story", "experiment", "update"), (5, 3, 2))[0]
    tried = kind == "experiment"
    return Thing(
        kind=kind, author=author.id, hub=author.host, published_at=at.replace(microsecond=0),
        texts=(" ".join(words(chance, SAID)),),
        topics=(f"topic{min(int(chance.paretovariate(0.6)), 20_000)}", chance.choice(TOPICS)),
        places=(f"place{min(int(chance.paretovariate(0.6)), 5_000)}",),
        stage=chance.choice(STAGES) if tried else "", measured=tried and chance.random() < 0.05,
        role=chance.choice(("patient", "carer", "staff", "relative")) if kind == "story" else "",
    )  # fmt: skip


async def _write(things: list[Thing], first: int, now: datetime) -> None:
    await Post.bulk_create([
        Post(
            uri=f"https://{one.hub}/{one.kind}/{first + place}", kind=one.kind, local=False,
            author_id=one.author, state=State.PUBLISHED, visibility=Visibility.PUBLIC,
            title=f"Thing {first + place}", html=f"<p>{one.texts[0]}</p>", created_at=now,
            published_at=one.published_at,
        )
        for place, one in enumerate(things)
    ])  # fmt: skip
    uris = [f"https://{one.hub}/{one.kind}/{first + place}" for place, one in enumerate(things)]
    rows = await Post.filter(uri__in=uris).values_list("uri", "id")
    ids = dict(rows)
    placed = [(int(str(ids[uri])), one) for uri, one in zip(uris, things, strict=True)]
    await Tag.bulk_create([
        Tag(post_id=post, name=topic, shown=topic, published_at=one.published_at)
        for post, one in placed for topic in one.topics
    ])  # fmt: skip
    await ExperimentRow.bulk_create([
        ExperimentRow(post_id=post, stage=Stage(one.stage), measured=one.measured)
        for post, one in placed if one.stage
    ])  # fmt: skip
    await Card.bulk_create([
        Card(number=number(one.published_at, post), post_id=post, author_id=one.author,
             marks=" ".join(one.marks))
        for post, one in placed
    ])  # fmt: skip
    await fulltext.put_many(_held(placed))


def _held(placed: list[tuple[int, Thing]]) -> Iterator[tuple[int, str]]:
    for post, one in placed:
        held = fulltext.held(one.said, one.marks, gap=NO_WORD)
        yield number(one.published_at, post), held
