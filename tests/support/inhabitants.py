"""Who lives in a quiet house and beyond it, made quickly: people, the hub, actors elsewhere, what
they say. For tests of one room at a time; whole nodes are in `live.py`.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any

import pytest

from federation import vocab
from federation.inbox import VerifiedActivity
from server import db
from server.actors import service as actors
from server.actors.tables import Actor
from server.db import Database
from server.experiments import service as experiments
from server.experiments.rules.experiment import Experiment
from server.follows.rules import FollowState
from server.follows.tables import Follow
from server.house import House
from server.people.tables import Person
from server.posts.tables import Post
from server.stories import service as stories
from server.stories.rules import Story
from tests.support.clock import MovableClock
from tests.support.keys import kept
from tests.support.quiet_house import quiet_house

_numbers = count(1)


@cache
def pairs() -> actors.Pairs:
    """Key pairs that everybody here shares."""
    with kept():
        return actors._make_pairs()


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def house(database: Database, clock: MovableClock) -> AsyncIterator[House]:
    """A house of whose features each hears of what happens in the others."""
    from server.channels import listeners as channel_listeners
    from server.experiments import listeners as experiment_listeners
    from server.follows import listeners as follow_listeners
    from server.people import service as people
    from server.posts import listeners as post_listeners
    from server.responses import listeners as response_listeners
    from server.search import listeners as search_listeners
    from server.stories import listeners as story_listeners

    async with quiet_house(clock) as house:
        follow_listeners.register_hooks(house)
        people.register_hooks(house.hooks)
        post_listeners.register_hooks(house)
        response_listeners.register_hooks(house)
        story_listeners.register_hooks(house)
        experiment_listeners.register_hooks(house)
        channel_listeners.register_hooks(house)
        search_listeners.register_hooks(house)
        yield house


async def local(house: House, path: str, **columns: Any) -> Actor:
    """Make an actor of ours."""
    name = path.rpartition("/")[2]
    actor = await actors.create_local(
        path=path, type=vocab.ActorType.PERSON, username=name, name=name.title(), pairs=pairs(),
        house=house,
    )  # fmt: skip
    if columns:
        await actor.update_from_dict(columns).save()
    return actor


async def person(house: House, name: str, *, steward: bool = False, **columns: Any) -> Person:
    """Make an account that nobody can sign in to."""
    actor = await local(house, f"/people/{name}", **columns)
    return await Person.create(
        actor=actor, name=name, is_steward=steward, created_at=house.clock.now()
    )


async def hub(house: House) -> Actor:
    """Make the hub's actor."""
    return await local(house, "/hub", type="Organization")


async def stranger(house: House, name: str, host: str = "there.test", **terms: Any) -> Actor:
    """Make known an actor elsewhere, whose server has a shared inbox."""
    origin = f"https://{host}"
    uri = f"{origin}/people/{name}"
    document = {
        "id": uri, "type": "Person", "preferredUsername": name, "name": name.title(),
        "inbox": f"{uri}/inbox", "outbox": f"{uri}/outbox", "followers": f"{uri}/followers",
        "endpoints": {"sharedInbox": f"{origin}/inbox"}, **terms,
    }  # fmt: skip
    return await actors.keep(vocab.parse_actor(document), house=house)


async def following(
    follower: Actor, followed: Actor, *, house: House, state: FollowState = FollowState.ACCEPTED
) -> Follow:
    """Have one follow the other, without a word to anybody."""
    return await Follow.create(
        follower=follower, followed=followed, state=state, created_at=house.clock.now(),
        uri=f"https://{follower.host}/follows/{next(_numbers)}",
    )  # fmt: skip


async def story(house: House, by: Person, title: str = "Home by six", **parts: Any) -> Post:
    """Publish a story."""
    told = Story(**{"title": title, "what_happened": "It was late.", **parts})
    draft = await stories.draft(by, told, house=house)
    return await stories.publish(draft, by=by, house=house)


async def experiment(house: House, by: Person, title: str = "A knock", **parts: Any) -> Post:
    """Publish an experiment."""
    tried = Experiment(**{"title": title, "problem": "It was late.", "idea": "Ring.", **parts})
    draft = await experiments.draft(by, tried, house=house)
    return await experiments.publish(draft, by=by, house=house)


def note(author: Actor, content: str = "<p>Hello</p>", **terms: Any) -> vocab.Note:
    """Return a public Note of somebody elsewhere."""
    uri = f"https://{author.host}/notes/{next(_numbers)}"
    document = {
        "id": uri, "type": "Note", "attributedTo": author.uri, "content": content,
        "published": "2027-02-28T12:00:00Z", "to": [vocab.PUBLIC],
        "cc": [f"{author.uri}/followers"], **terms,
    }  # fmt: skip
    return vocab.parse_note(document)


def activity(
    by: Actor, kind: str, thing: vocab.Thing | dict[str, Any] | str, **terms: Any
) -> VerifiedActivity:
    """Return an activity of somebody elsewhere, as it is handed to listeners."""
    plain = thing if isinstance(thing, str | dict) else vocab.render(thing)
    document = {
        "id": f"https://{by.host}/activities/{next(_numbers)}", "type": kind, "actor": by.uri,
        "object": plain, **terms,
    }  # fmt: skip
    raw = vocab.dumps(document)
    return VerifiedActivity(
        activity=vocab.parse_activity(vocab.load_json(raw)), actor=by.uri,
        key_id=f"{by.uri}#main-key", raw=raw,
    )  # fmt: skip


async def deliveries() -> list[tuple[str, str, dict[str, Any]]]:
    """Return what waits to be delivered, in its order: its type, the inbox, the activity."""
    found = await db.rows(
        "SELECT a.type, i.url AS inbox, a.body FROM deliveries d"
        " JOIN inboxes i ON i.id = d.inbox_id JOIN activities a ON a.id = d.activity_id"
        " WHERE d.state = 'waiting' ORDER BY d.id"
    )
    return [(row["type"], row["inbox"], vocab.load_json(bytes(row["body"]))) for row in found]


def at(text: str) -> datetime:
    """Return a moment."""
    return datetime.fromisoformat(text)
