"""What people here are learning from: kept as it was that day, as far as its author lets it."""

from dataclasses import replace
from datetime import date

import pytest

from server import db
from server.actors.tables import Actor, Block, Host
from server.db import Span
from server.house import House
from server.people.tables import Notification, Person
from server.posts import service as posts
from server.posts.rules import Visibility
from server.posts.tables import Post
from server.responses import service
from server.responses.rules import Reference, Response, ResponseKind
from server.stories import service as stories
from server.stories.rules import Story
from tests.server.experiments.visiting import Visits, place
from tests.support.inhabitants import note, person, story, stranger
from tests.support.live import LiveNode

LEARNING = Response(text="", kind=ResponseKind.LEARNING_FROM_THIS)


@pytest.fixture
async def ida(house: House) -> Person:
    return await person(house, "ida")


@pytest.fixture
async def una(house: House) -> Person:
    return await person(house, "una")


async def learn(post: Post, by: Person, house: House, **terms: Visibility) -> Post:
    """Have somebody say that they are learning from a post."""
    return await service.respond(post, LEARNING, by=by, house=house, **terms)


async def titles(viewer: Actor | None = None) -> list[str]:
    """Return what everybody reads that is learned from here."""
    return [one.reference.title for one in await service.citations(viewer=viewer)]


def test_a_reference_says_who_told_what_where_and_when() -> None:
    """In one line; what was taken back by its address and day alone."""
    whole = Reference(
        uri="https://ward.test/stories/1", title="Home by six", people="Ida", hub="ward.test",
        published=date(2027, 3, 1), seen=date(2027, 4, 12),
    )  # fmt: skip
    assert whole.words == (
        "Ida, “Home by six”, ward.test, 1 March 2027. https://ward.test/stories/1"
        " (seen on 12 April 2027)"
    )
    assert replace(whole, title="", people="", published=None).words == (
        "ward.test. https://ward.test/stories/1 (seen on 12 April 2027)"
    )


async def test_what_one_learns_from_is_kept_as_it_was_that_day(
    house: House, ida: Person, una: Person
) -> None:
    """Though it is changed afterwards; whoever told it hears of it, and everybody reads it."""
    told = await story(house, ida, what_happened="It was late.")
    said = await learn(told, una, house)
    assert "We are learning from this" in said.html
    now = Story(title="Home by five", what_happened="It was early.")
    await stories.revise(await Post.get(id=told.id), now, by=ida, house=house)
    [cited] = await service.citations()
    assert (cited.reference.title, cited.reference.people) == ("Home by six", "Ida")
    assert (cited.reference.uri, cited.reference.hub) == (told.uri, house.host)
    assert cited.said.id == said.id
    assert cited.post is not None
    assert cited.post.title == "Home by five"
    assert "late" in cited.snapshot
    news = await Notification.filter(person_id=ida.id)
    assert [one.kind for one in news] == ["response"]


async def test_what_was_taken_back_is_kept_no_longer(
    house: House, ida: Person, una: Person
) -> None:
    """Its address stays; what nobody says any more goes whole, and so does what says else now."""
    told, other = await story(house, ida), await story(house, ida, "On the bus")
    said = await learn(told, una, house)
    changed = await learn(other, una, house)
    await posts.withdraw(await Post.get(id=told.id), house=house)
    first = (await service.citations())[-1]
    assert (first.reference.title, first.reference.people, first.snapshot) == ("", "", "")
    assert (first.reference.uri, first.post) == (told.uri, None)
    plain = Response(text="A plain reply after all.")
    await service.revise(await Post.get(id=changed.id), plain, by=una, house=house)
    assert await titles() == [""]
    await service.withdraw(await Post.get(id=said.id), by=una, house=house)
    assert await titles() == []
    await service.revise(await Post.get(id=changed.id), LEARNING, by=una, house=house)
    assert await titles() == ["On the bus"]


async def test_what_was_taken_back_a_moment_ago_is_not_cited(
    house: House, ida: Person, una: Person
) -> None:
    """While somebody wrote that they are learning from it."""
    told = await story(house, ida)
    seen = await Post.get(id=told.id)
    await posts.withdraw(told, house=house)
    await learn(seen, una, house)
    assert await titles() == []


async def test_only_what_everybody_may_read_is_cited(
    house: House, ida: Person, una: Person
) -> None:
    """Neither a private answer nor an answer to what is private; nor what other hubs say."""
    told = await story(house, ida)
    private = await learn(told, una, house, visibility=Visibility.DIRECT)
    assert private.visibility is Visibility.DIRECT
    assert await titles() == []
    ann = await stranger(house, "ann")
    terms = {"fettle:response": {"kind": "learning-from-this"}}
    context = ["https://www.w3.org/ns/activitystreams", {"fettle": "https://w3id.org/fettle#"}]
    theirs = note(ann, "<p>So do we</p>", inReplyTo=told.uri, **{"@context": context}, **terms)
    async with db.transaction():
        await posts.keep(theirs, ann, house=house)
    assert await titles() == []


async def test_a_block_keeps_citations_apart(house: House, ida: Person, una: Person) -> None:
    """A steward's from everybody, a person's from themselves."""
    ann = await stranger(house, "ann")
    async with db.transaction():
        copy = await posts.keep(note(ann, "<p>Of a friend</p>"), ann, house=house)
    assert copy is not None
    for post in (copy, await story(house, ida)):
        await learn(post, una, house)
    assert await titles() == ["Home by six", "Of a friend"]
    viewer = await Actor.get(id=ida.actor_id)
    await Block.create(
        blocker_id=ann.id, blocked_id=viewer.id, uri=f"{ann.uri}/blocks/1",
        created_at=house.clock.now(),
    )  # fmt: skip
    assert await titles(viewer) == ["Home by six"]
    await Host.filter(host=ann.host).update(turned_away=True)
    assert await titles() == ["Home by six"]


async def test_what_is_for_everybody_no_longer_is_no_longer_cited(
    house: House, ida: Person, una: Person
) -> None:
    """Neither what its author shows only to followers by now, nor what is by or of somebody who
    closed their account, though it may take a while until all of it is taken back.
    """
    ann = await stranger(house, "ann")
    shared = note(ann, "<p>Of a friend</p>")
    copy = await posts.keep(shared, ann, house=house)
    assert copy is not None
    bo = await person(house, "bo")
    await learn(copy, una, house)
    await learn(await story(house, ida), bo, house)
    await learn(await story(house, bo, "On the bus"), una, house)
    assert await titles() == ["On the bus", "Home by six", "Of a friend"]
    now = replace(shared, to=(f"{ann.uri}/followers",), cc=(), updated=house.clock.now())
    await posts.keep(now, ann, house=house)
    assert await titles() == ["On the bus", "Home by six"]
    await Actor.filter(id=bo.actor_id).update(gone=True)
    assert await titles() == []


async def test_citations_come_in_pages_by_their_rows(
    house: House, ida: Person, una: Person
) -> None:
    """Both ways."""
    told = [await story(house, ida, f"Story {number}") for number in range(4)]
    for post in told:
        await learn(post, una, house)
    first = await service.citations(size=1)
    assert [one.reference.title for one in first] == ["Story 3", "Story 2"]
    below = await service.citations(Span(before=first[0].id), size=1)
    assert [one.reference.title for one in below] == ["Story 2", "Story 1"]
    above = await service.citations(Span(after=below[1].id), size=1)
    assert [one.reference.title for one in above] == ["Story 2", "Story 3"]


async def test_a_team_says_what_it_learns_from_on_its_page(ward: LiveNode, visits: Visits) -> None:
    """From the story's page; then it is on the page of citations and in its feed."""
    told = await ward.publish_story(title="Home <by> six", warning="About dying")
    told, una, nobody = told.removeprefix(ward.origin), await visits.by("una"), await visits.by()
    assert "Nothing so far" in (await nobody.get("/citations")).text
    assert "learning from this" not in (await nobody.get(told)).text
    asked = "?kind=learning-from-this"
    form = (await una.get(told)).text.partition(asked)[0].rpartition('"')[2]
    assert 'value="learning-from-this" selected' in (await una.get(form + asked)).text
    words = {"kind": "learning-from-this", "on_behalf_of": "The north team"}
    assert place(await una.send(form, words, page=form + asked)).startswith(f"{told}#r")
    assert 'href="/citations"' in (await nobody.get(told)).text
    listed = (await nobody.get("/citations")).text
    assert f'<a href="{told}">Home &lt;by&gt; six</a>' in listed
    assert f"{ward.origin}{told} (seen on" in listed
    assert "(About dying)</span></summary>" in listed
    assert "We are learning from this" in (await nobody.get("/citations.atom")).text
