"""What is known is found by its words and by what it is about, the same on both engines."""

from datetime import timedelta
from typing import Any

import orjson
import pytest

from server import db
from server.actors.tables import Actor, Block
from server.experiments import service as experiments
from server.experiments.rules.stages import Stage
from server.experiments.rules.updates import Update
from server.follows import service as follows
from server.follows.rules import Act
from server.house import House
from server.people import service as people
from server.people.events import Closed
from server.people.tables import Person
from server.posts import listeners as post_listeners
from server.posts import service as posts
from server.posts.rules import Organisation, Visibility
from server.posts.tables import Post
from server.safety.service import turning_away
from server.search import service
from server.search.rules.filter import Filter
from server.search.service import finding, indexing, offering
from server.stories import service as stories
from server.stories.rules import AuthorRole, Story
from tests.support.clock import MovableClock
from tests.support.inhabitants import (
    activity,
    experiment,
    following,
    hub,
    note,
    person,
    story,
    stranger,
)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def ida(house: House) -> Person:
    """Somebody who tells and tries; her hub follows nobody yet."""
    await hub(house)
    return await person(house, "ida")


async def found(house: House, text: str = "", **chosen: Any) -> list[str]:
    """Return the titles of what is found, or how it begins, and see that as many are counted."""
    asked = Filter(text=text, **chosen)
    rows = await service.find(asked, house=house)
    assert (await service.count(asked, house=house)).number == len(rows)
    return [one.post.title or posts.plain(one.post) for one in rows]


async def go_over(house: House) -> None:
    """Have all that was enqueued to be gone over be so."""
    while waiting := await db.rows("SELECT id, payload FROM jobs WHERE kind = ?", service.JOB):
        for row in waiting:
            await db.execute("DELETE FROM jobs WHERE id = ?", row["id"])
            await service.go_over_next(orjson.loads(row["payload"]), house)


async def friend(house: House, name: str = "ann", host: str = "there.test", **terms: Any) -> Actor:
    """Return somebody elsewhere whom the hub follows."""
    other = await stranger(house, name, host, indexable=True, **terms)
    await following(await Actor.get(uri="https://hub.test/hub"), other, house=house)
    return other


async def test_words_are_found_in_all_their_forms(house: House, ida: Person) -> None:
    """Stems, accents and capitals; phrases as they stand; beginnings; all words, in any order."""
    await story(house, ida, "Late discharges", what_happened="Café on ward 7 shut. To be or not.")
    await story(house, ida, "Home by six", what_happened="Discharged late, and knocked twice.")
    both = ["Home by six", "Late discharges"]
    assert await found(house, "discharge") == both
    assert await found(house, "LATE Discharging") == both
    assert await found(house, '"late discharges"') == ["Late discharges"]
    assert await found(house, '"discharged late"') == ["Home by six"]
    assert await found(house, '"discharged" "late and"') == ["Home by six"]
    assert await found(house, "cafe") == await found(house, "CAFÉ") == ["Late discharges"]
    assert await found(house, '"to be or not"') == ["Late discharges"]
    assert await found(house, "kno*") == ["Home by six"]
    assert await found(house, "disch* café") == ["Late discharges"]
    assert await found(house, "discharge nowhere") == []
    assert await found(house, "\"'()*:^ NOT AND ward") == []
    assert await found(house, "- ward 7") == ["Late discharges"]


async def test_things_are_found_by_what_they_are_about(house: House, ida: Person) -> None:
    """Topic, place, stage, organisation, kind, hub, role; several at once."""
    org = Organisation(name_then="St Hilda’s, ward 7")
    await story(
        house, ida, "A", topics=("Sleep",), places=("Low Marsh",), organisations=(org,),
        author_role=AuthorRole.CARER,
    )  # fmt: skip
    tried = await experiment(house, ida, "B", topics=("sleep",), who="The night team")
    await experiments.record(
        tried, Update(text="It rang.", stage=Stage.TRYING), by=ida, house=house
    )
    everything = ["It rang.", "B", "A"]
    assert await found(house) == everything
    assert await found(house, topic="sleep") == ["B", "A"]
    assert await found(house, place="low-marsh") == await found(house, role="carer") == ["A"]
    assert await found(house, organisation="st-hildas-ward-7") == ["A"]
    assert await found(house, organisation="the-night-team") == ["B"]
    assert await found(house, stage="trying") == ["It rang.", "B"]
    assert await found(house, stage="idea") == []
    assert await found(house, kind="experiment", topic="sleep", stage="trying") == ["B"]
    assert await found(house, hub="hub.test") == everything
    assert await found(house, hub="there.test") == await found(house, measured=True) == []
    assert await found(house, "hilda", kind="story") == ["A"]


async def test_pages_go_on_where_the_last_one_ended(
    house: House, ida: Person, clock: MovableClock
) -> None:
    """Nothing twice and nothing left out, though more comes in meanwhile and seconds are shared."""
    for number in range(7):
        await story(house, ida, f"Story {number}")
        clock.move(timedelta(days=20 * (number % 3)))
    seen: list[str] = []
    before = None
    while page := await service.find(Filter(text="story"), before=before, limit=3, house=house):
        seen += [one.post.title for one in page]
        before = page[-1].number
        clock.move(timedelta(seconds=1))
        await story(house, ida, "A late story")
    assert sorted(seen) == [f"Story {number}" for number in range(7)]
    back: list[str] = []
    after = before
    while page := await service.find(Filter(text="story"), after=after, limit=3, house=house):
        back += [one.post.title for one in page]
        after = page[-1].number
    assert [title for title in reversed(back) if title != "A late story"] == seen[:-1]


async def test_an_edit_is_found_as_it_reads_now(house: House, ida: Person) -> None:
    """What was taken out is found no more, at once."""
    told = await story(house, ida, topics=("Sleep",), what_happened="A secret knock.")
    edited = Story(title="Home by six", what_happened="It was late.")
    await stories.revise(told, edited, by=ida, house=house)
    assert await found(house, "secret") == await found(house, topic="sleep") == []
    assert await found(house, "late") == ["Home by six"]


async def rests(_: House) -> tuple[int, int]:
    """Return how many things and people are kept to be found, and see that as many have words."""
    [cards] = await db.rows("SELECT count(*) AS n, count(post_id) AS things FROM cards")
    [words] = await db.rows("SELECT count(*) AS n FROM card_words")
    assert words == {"n": cards["n"]}
    return cards["things"], cards["n"] - cards["things"]


async def test_what_is_not_for_everybody_is_never_kept(house: House, ida: Person) -> None:
    """Drafts, followers-only and unlisted posts, and what was withdrawn: not a word of them."""
    await stories.draft(ida, Story(title="Draft", what_happened="w"), house=house)
    for whom in (Visibility.UNLISTED, Visibility.FOLLOWERS, Visibility.DIRECT):
        draft = await stories.draft(
            ida, Story(title="Few", what_happened="w"), visibility=whom, house=house
        )
        await stories.publish(draft, by=ida, house=house)
    assert await rests(house) == (0, 0)
    told = await story(house, ida)
    assert await rests(house) == (1, 1)
    await stories.withdraw(told, by=ida, house=house)
    assert await rests(house) == (0, 0)


async def test_the_network_is_what_the_hub_follows(house: House, ida: Person) -> None:
    """What those tell whom it follows, and what they pass on; nobody else's, whoever is spoken to;
    and nothing of it once it follows them no longer.
    """
    ann, eve = await friend(house), await stranger(house, "eve", "else.test", indexable=True)
    await following(await Actor.get(id=ida.actor_id), eve, house=house)
    await posts.keep(note(ann, "<p>By Ann</p>"), ann, house=house)
    by_eve = note(eve, "<p>By Eve</p>", to=["https://www.w3.org/ns/activitystreams#Public",
                                           "https://hub.test/people/ida"])  # fmt: skip
    await posts.keep(by_eve, eve, house=house)
    assert await found(house, kind="note") == ["By Ann"]
    boost = activity(ann, "Announce", by_eve.id)
    await post_listeners.on_announce(boost, house)
    assert sorted(await found(house)) == ["By Ann", "By Eve"]
    await post_listeners.on_undo(activity(ann, "Undo", boost.activity), house)
    assert await found(house) == ["By Ann"]
    await post_listeners.on_announce(activity(ann, "Announce", by_eve.id), house)
    await follows.unfollow(await Actor.get(uri="https://hub.test/hub"), ann, house=house)
    await go_over(house)
    assert await rests(house) == (0, 0)


async def test_a_hub_that_is_followed_brings_what_was_known_before(
    house: House, ida: Person
) -> None:
    """Once it says yes."""
    ann = await stranger(house, "ann", indexable=True)
    for number in range(3):
        await posts.keep(note(ann, f"<p>Note {number}</p>"), ann, house=house)
    assert await found(house) == []
    row = await follows.follow(await Actor.get(uri="https://hub.test/hub"), ann, house=house)
    await follows.answered(row, Act.ACCEPT, house=house)
    await go_over(house)
    assert len(await found(house, hub="there.test")) == 3


async def test_an_answer_is_found_where_it_was_given(house: House, ida: Person) -> None:
    """It is no thing of its own, nor what changes of it."""
    ann, told = await friend(house), await story(house, ida)
    await posts.keep(note(ann, "<p>Reply</p>", inReplyTo=told.uri), ann, house=house)
    await posts.keep(note(ann, "<p>Of old</p>", inReplyTo="https://x.test/1"), ann, house=house)
    assert await found(house) == ["Home by six"]


async def test_a_newer_version_from_elsewhere_is_what_is_found(house: House, ida: Person) -> None:
    """Be it that it is for few from now on."""
    ann = await friend(house)
    first = note(ann, "<p>A secret</p>", id="https://there.test/notes/1")
    await posts.keep(first, ann, house=house)
    newer = {"id": first.id, "updated": "2027-03-01T12:00:00Z"}
    await posts.keep(note(ann, "<p>Better</p>", **newer), ann, house=house)
    assert (await found(house, "secret"), await found(house, "better")) == ([], ["Better"])
    few = newer | {"updated": "2027-03-01T12:00:01Z", "to": [f"{ann.uri}/followers"], "cc": []}
    await posts.keep(note(ann, "<p>Better</p>", **few), ann, house=house)
    assert await rests(house) == (0, 0)


async def test_who_does_not_want_to_be_found_by_words_is_not(house: House, ida: Person) -> None:
    """Their things are listed, by time and topic, but not a word of them is kept; from the moment
    that they say so, here and elsewhere.
    """
    ann = await friend(house)
    await posts.keep(note(ann, "<p>Nightjar</p>"), ann, house=house)
    await story(house, ida, "Nightjar here")
    assert len(await found(house, "nightjar")) == 2
    await stranger(house, "ann", indexable=False)
    assert await found(house, "nightjar") == ["Nightjar here"]
    await people.edit(ida.id, people.Profile(display_name="", indexable=False), house=house)
    assert await found(house, "nightjar") == []
    await go_over(house)
    assert await found(house, "nightjar") == []
    assert sorted(await found(house)) == ["Nightjar", "Nightjar here"]
    await stranger(house, "ann", indexable=True)
    await go_over(house)
    assert await found(house, "nightjar") == ["Nightjar"]


async def test_who_is_turned_away_or_gone_is_found_no_more(house: House, ida: Person) -> None:
    """Neither by a host's name nor by one above it; let in again, all is as it was."""
    ann = await friend(house, "ann", "a.there.test")
    await posts.keep(note(ann, "<p>Note</p>"), ann, house=house)
    await turning_away.turn_away("there.test", reason="", house=house)
    assert await found(house) == []
    await go_over(house)
    assert await rests(house) == (0, 0)
    await turning_away.let_in_host("there.test", house=house)
    await go_over(house)
    assert await found(house) == ["Note"]
    await turning_away.turn_away(ann.uri, reason="", house=house)
    await go_over(house)
    assert await rests(house) == (0, 0)
    await turning_away.let_in_actor(ann.id, house=house)
    await go_over(house)
    assert await found(house) == ["Note"]
    await posts.author_gone(ann, house=house)
    assert await rests(house) == (0, 0)


async def test_a_closed_account_is_found_no_more_at_once(house: House, ida: Person) -> None:
    """Neither what they published, which may be much to take back, nor they; and it stays so."""
    ann = await person(house, "ann")
    await story(house, ann, "By Ann")
    await story(house, ida, "By Ida")
    assert await found(house) == ["By Ida", "By Ann"]
    async with db.transaction():
        await Actor.filter(id=ann.actor_id).update(gone=True)
        await house.hooks.tell(Closed(actor=await Actor.get(id=ann.actor_id)), house)
    assert await found(house) == ["By Ida"]
    assert await rests(house) == (1, 1)
    await service.go_over(house=house)
    await go_over(house)
    assert await found(house) == ["By Ida"]


async def test_those_who_are_apart_do_not_find_one_another(house: House, ida: Person) -> None:
    """Whoever of the two wanted that; all others still do."""
    await story(house, ida, "By Ida")
    una = await person(house, "una")
    await story(house, una, "By Una")
    ida_actor, una_actor = [await Actor.get(id=one.actor_id) for one in (ida, una)]
    await Block.create(
        blocker=ida_actor, blocked=una_actor, uri="https://hub.test/b", created_at=house.clock.now()
    )
    for viewer, seen in ((ida_actor, ["By Ida"]), (una_actor, ["By Una"])):
        rows = await service.find(Filter(), viewer=viewer, house=house)
        assert [one.post.title for one in rows] == seen
        assert (await service.count(Filter(), viewer=viewer, house=house)).number == 1
    assert len(await found(house)) == 2


async def test_what_was_known_before_is_gone_over_in_parts(
    house: House, ida: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part at a time, going on where the last ended; twice changes nothing."""
    for number in range(5):
        await story(house, ida, f"Story {number}")
    await db.execute("DELETE FROM cards")
    assert await rests(house) == (0, 0)
    monkeypatch.setattr(indexing, "AT_ONCE", 2)
    for _ in range(2):
        await service.go_over(house=house)
        await go_over(house)
        assert len(await found(house, "story")) == 5
        assert await rests(house) == (5, 1)


async def test_a_post_that_is_deleted_takes_its_words_along(house: House, ida: Person) -> None:
    """By whatever way its row goes."""
    told = await story(house, ida)
    await Post.filter(id=told.id).delete()
    assert await rests(house) == (0, 1)


async def test_what_else_could_be_chosen_is_counted(
    house: House, ida: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what is chosen already: by looking through what there is, or each by itself; only where
    a beginning is asked for among the newest.
    """
    await story(house, ida, "A", topics=("sleep", "night"), author_role=AuthorRole.CARER)
    await story(house, ida, "B", topics=("sleep",), places=("Low Marsh",))
    await experiment(house, ida, "C", topics=("sleep",), stage=Stage.TRYING, who="The team")

    async def offered(**chosen: Any) -> dict[str, dict[str, str]]:
        found = await service.facets(Filter(**chosen), house=house)
        assert found.more is (offering.LOOKED_AT == 2)
        return {
            name: {one.value: f"{one.count}{'*' if one.chosen else ''}" for one in options}
            for name, options in found.options.items()
        }

    assert await offered() == {
        "kind": {"story": "2", "experiment": "1"}, "stage": {"trying": "1"}, "role": {"carer": "1"},
        "topic": {"sleep": "3", "night": "1"}, "place": {"low-marsh": "1"},
        "organisation": {"the-team": "1"}, "hub": {"hub.test": "3"},
    }  # fmt: skip
    assert await offered(kind="story", topic="night") == {
        "kind": {"story": "1*"}, "role": {"carer": "1"}, "topic": {"night": "1*"},
        "hub": {"hub.test": "1"},
    }  # fmt: skip
    assert await offered(stage="working") == {"stage": {"working": "0*"}}
    whole = await offered(topic="sleep")
    monkeypatch.setattr(offering, "LOOKED_AT", 2)
    newest = {
        "kind": {"story": "1", "experiment": "1"}, "stage": {"trying": "1"},
        "topic": {"sleep": "2"}, "place": {"low-marsh": "1"}, "organisation": {"the-team": "1"},
        "hub": {"hub.test": "2"},
    }  # fmt: skip
    assert await offered(text="slee*") == newest
    assert await offered(topic="sleep") == whole


async def test_counts_are_exact_up_to_a_thousand(
    house: House, ida: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And then say that there are more."""
    monkeypatch.setattr(finding, "MOST", 3)
    told = []
    for number in range(4):
        assert str(await service.count(Filter(kind="story"), house=house)) == str(number)
        told.append(await story(house, ida, f"Story {number}"))
    assert str(await service.count(Filter(kind="story"), house=house)) == "3+"
    await stories.withdraw(told[0], by=ida, house=house)
    assert str(await service.count(Filter(kind="story"), house=house)) == "3"
