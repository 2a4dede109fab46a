"""Thanks for a person or a team: whom they reach, where they are shown, who hides them."""

from typing import Any

import pytest

from federation import html
from server import db
from server.actors.service import BlockedError
from server.actors.tables import Actor, Block
from server.db import Span
from server.errors import NotFoundError, RefusedError, TooManyError
from server.experiments import service as experiments
from server.house import House
from server.people.rules import ALLOWED, Limit
from server.people.tables import Notification, Person
from server.posts import service as posts
from server.posts.rules import Visibility
from server.posts.tables import Post
from server.responses import listeners, service, versions
from server.responses.cards import gathered
from server.responses.rules import (
    Response,
    ResponseKind,
    UnnamedThanksError,
    UnsaidThanksError,
)
from server.responses.service.celebrating import (
    KeptApartError,
    ThankingYourselfError,
    query_of_listed,
)
from server.responses.tables import Thanks
from tests.server.posts.test_plans import plan, sorts
from tests.support.inhabitants import (
    activity,
    deliveries,
    experiment,
    note,
    person,
    story,
    stranger,
)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def ida(house: House) -> Person:
    return await person(house, "ida")


@pytest.fixture
async def una(house: House) -> Person:
    return await person(house, "una")


def glad(whom: Actor | str, what: str = "staying on", text: str = "It helped.") -> Response:
    """Return a thank-you."""
    named = whom if isinstance(whom, str) else whom.uri
    return Response(text=text, kind=ResponseKind.THANKS, thanked=named, thanked_for=what)


async def thank(
    house: House, by: Person, whom: Actor | None, *, called: str = "the night team", **how: Any
) -> Post:  # fmt: skip
    """Thank somebody, for everybody to read."""
    visibility = how.pop("visibility", Visibility.PUBLIC)
    said = glad(whom or called, **how)
    return await service.thank_somebody(said, whom, by=by, visibility=visibility, house=house)


async def shown(**which: Any) -> list[tuple[str, str, str]]:
    """Return whom the lists name, for what, with what words."""
    return [
        (one.called, one.post.title if one.post else one.thanked_for, one.words)
        for one in await service.listed(**which)
    ]


async def test_somebody_here_is_thanked_for_something_named(
    house: House, ida: Person, una: Person
) -> None:
    """They hear of it once, it is in lists, and it goes when its writer takes it back."""
    whom = await una.actor
    post = await thank(house, ida, whom)
    assert "Thank you, " in post.html
    assert await shown() == await shown(whom=whom) == [("Una", "staying on", "It helped.")]
    [news] = await Notification.all()
    assert (news.person_id, news.kind, news.text) == (
        una.id,
        "thanks",
        "thanked you for staying on",
    )
    await service.withdraw(post, by=ida, house=house)
    assert await shown() == []
    assert not await Notification.exists()


async def test_somebody_elsewhere_gets_a_note_that_speaks_to_them(
    house: House, ida: Person
) -> None:
    """For everybody to read, or for them alone; then it is in no list."""
    ann = await stranger(house, "ann")
    await thank(house, ida, ann)
    await thank(house, ida, ann, visibility=Visibility.DIRECT, what="the lift")
    (_, _, open_), (_, _, private) = await deliveries()
    assert open_["object"]["fettle:response"] == {
        "kind": "thanks", "thanks": {"whom": ann.uri, "for": "staying on"}
    }  # fmt: skip
    content = open_["object"]["content"]
    assert content.startswith(f'<p><strong>Thank you, <a href="{ann.url}" class="u-url mention"')
    assert html.text_of(content) == "Thank you, @ann, for staying on\n\nIt helped."
    assert open_["object"]["tag"] == [{"type": "Mention", "href": ann.uri, "name": ann.handle}]
    assert "https://www.w3.org/ns/activitystreams#Public" in open_["to"]
    assert private["to"] == [ann.uri]
    assert not private.get("cc")
    assert await shown(whom=ann) == [("Ann", "staying on", "It helped.")]


async def test_a_team_without_an_account_is_named_in_words(house: House, ida: Person) -> None:
    """As text, for everybody; nobody is spoken to."""
    post = await thank(
        house, ida, None, called="the <b>night</b> team", visibility=Visibility.DIRECT
    )
    assert "the &lt;b&gt;night&lt;/b&gt; team" in post.html
    assert post.visibility is Visibility.PUBLIC
    assert await shown() == [("the <b>night</b> team", "staying on", "It helped.")]
    assert await deliveries() == []


async def test_thanks_need_somebody_and_a_reason(house: House, ida: Person) -> None:
    """Nothing is written down otherwise."""
    for said, refused in ((glad(" "), UnnamedThanksError), (glad("x", " "), UnsaidThanksError)):
        with pytest.raises(refused):
            await service.thank_somebody(
                said, None, by=ida, visibility=Visibility.PUBLIC, house=house
            )
    assert not await Thanks.exists()


async def test_nobody_thanks_across_a_block_or_themselves(
    house: House, ida: Person, una: Person
) -> None:
    """Nor somebody whom the stewards turned away, nor somebody who is gone."""
    me, whom, ann = await ida.actor, await una.actor, await stranger(house, "ann")
    await Block.create(blocker=whom, blocked=me, uri="b", created_at=house.clock.now())
    await Actor.filter(id=ann.id).update(blocked=True)
    gone = await stranger(house, "bob")
    await Actor.filter(id=gone.id).update(gone=True)
    cases: tuple[tuple[Actor, type[RefusedError]], ...] = (
        (me, ThankingYourselfError), (whom, KeptApartError), (ann, BlockedError),
    )  # fmt: skip
    for other, refused in cases:
        with pytest.raises(refused):
            await thank(house, ida, await Actor.get(id=other.id))
    with pytest.raises(NotFoundError):
        await thank(house, ida, await Actor.get(id=gone.id))
    assert not await Thanks.exists()


async def test_nobody_thanks_more_often_in_a_day_than_is_meant(
    house: House, ida: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted in the database, for every process."""
    monkeypatch.setitem(ALLOWED, Limit.THANK_PERSON, (2, ALLOWED[Limit.THANK_PERSON][1]))
    for _ in range(2):
        await thank(house, ida, None)
    with pytest.raises(TooManyError):
        await thank(house, ida, None)
    assert await Thanks.all().count() == 2


async def test_whoever_is_thanked_hides_it_one_by_one_or_all(
    house: House, ida: Person, una: Person
) -> None:
    """Those to come too; what was hidden by itself stays so. They see all of it themselves."""
    whom = await una.actor
    for what in ("one", "two"):
        await thank(house, ida, whom, what=what)
    first = await Thanks.all().order_by("id").first()
    assert first is not None
    with pytest.raises(NotFoundError):
        await service.hide(first.id, hidden=True, by=ida)
    await service.hide(first.id, hidden=True, by=una)
    assert [what for _, what, _ in await shown()] == ["two"]
    await service.hide_all(hides=True, by=una)
    await thank(house, ida, whom, what="three")
    await service.thank(await story(house, una), by=ida, house=house)
    assert await shown() == []
    mine = await service.to_me(await Person.get(id=una.id))
    assert [one.hidden for one in mine] == [False, False, False, True]
    await service.hide_all(hides=False, by=una)
    assert [what for _, what, _ in await shown()] == ["Home by six", "three", "two"]
    await service.hide(first.id, hidden=False, by=una)
    assert len(await shown(whom=whom)) == 4


async def test_a_thank_you_from_elsewhere_counts_where_it_speaks_to_whom_it_names(
    house: House, ida: Person, una: Person
) -> None:
    """Once, as thanks rather than as a mention; an edit changes nobody thanked."""
    ann, me = await stranger(house, "ann"), await ida.actor
    context = ["https://www.w3.org/ns/activitystreams", {"fettle": "https://w3id.org/fettle#"}]

    def said(whom: str, **more: Any) -> Any:
        thanks: dict[str, Any] = {"whom": whom, "for": "the <i>lift</i>"}
        meant: dict[str, Any] = {"kind": "thanks", "thanks": thanks}
        tag = [{"type": "Mention", "href": me.uri}]
        words = "<p>Thank you</p><p>So kind</p>"
        return note(ann, words, tag=tag, **{"@context": context, "fettle:response": meant}, **more)

    kept = await posts.keep(said(me.uri), ann, house=house)
    assert kept is not None
    assert await shown() == [("Ida", "the <i>lift</i>", "So kind")]
    [news] = await Notification.all()
    assert (news.person_id, news.kind) == (ida.id, "thanks")
    other = str((await una.actor).uri)
    later = said(other, updated="2027-02-28T13:00:00Z")
    await posts.keep(later.__class__(**{**_fields(later), "id": str(kept.uri)}), ann, house=house)
    await posts.keep(said(other), ann, house=house)
    assert [whom for whom, _, _ in await shown()] == ["Ida"]
    await posts.deleted(str(kept.uri), by=ann, house=house)
    assert await shown() == []


def _fields(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


async def test_thanks_with_words_are_a_favourite_and_an_answer(
    house: House, ida: Person, una: Person
) -> None:
    """One thank-you, one piece of news; without the answer the favourite stays, until it is taken
    back too.
    """
    told = await story(house, ida)
    said = Response(text="We do it now.", kind=ResponseKind.THANKS)
    reply = await service.respond(told, said, by=una, house=house)
    assert await shown() == [("Ida", "Home by six", "We do it now.")]
    assert await service.thanks_counts([told.id]) == {told.id: 1}
    assert [row.kind for row in await Notification.filter(person_id=ida.id)] == ["response"]
    await service.withdraw(reply, by=una, house=house)
    assert await shown() == [("Ida", "Home by six", "")]
    await service.unthank(told, by=una, house=house)
    assert await shown() == []


async def test_an_answer_from_elsewhere_that_thanks_counts_with_or_without_a_favourite(
    house: House, ida: Person
) -> None:
    """Once; each stands when the other is taken back."""
    told, ann = await story(house, ida), await stranger(house, "ann")
    context = ["https://www.w3.org/ns/activitystreams", {"fettle": "https://w3id.org/fettle#"}]
    meant = {"@context": context, "fettle:response": {"kind": "thanks"}}
    words = "<p><strong>Thanks.</strong></p><p>So kind</p>"
    reply = await posts.keep(note(ann, words, inReplyTo=told.uri, **meant), ann, house=house)
    assert reply is not None
    assert await shown() == [("Ida", "Home by six", "So kind")]
    like = activity(ann, "Like", str(told.uri))
    await listeners.on_like(like, house)
    await listeners.on_undo(activity(ann, "Undo", like.activity), house)
    assert await shown() == [("Ida", "Home by six", "So kind")]
    again = activity(ann, "Like", str(told.uri))
    await listeners.on_like(again, house)
    await posts.deleted(str(reply.uri), by=ann, house=house)
    assert await shown() == [("Ida", "Home by six", "")]
    await listeners.on_undo(activity(ann, "Undo", again.activity), house)
    assert await shown() == []


async def test_what_was_not_for_everybody_is_in_no_list(
    house: House, ida: Person, una: Person
) -> None:
    """Nor what somebody says that the viewer keeps apart from, or whom the stewards turned away."""
    hidden = await story(house, ida)
    await Post.filter(id=hidden.id).update(visibility=Visibility.UNLISTED)
    await service.thank(await Post.get(id=hidden.id), by=una, house=house)
    assert await shown() == []
    told, ann = await story(house, ida), await stranger(house, "ann")
    await listeners.on_like(activity(ann, "Like", str(told.uri)), house)
    me = await una.actor
    await Block.create(blocker=me, blocked=ann, uri="b", created_at=house.clock.now())
    assert len(await shown()) == 1
    assert await shown(viewer=me) == []
    await Actor.filter(id=ann.id).update(blocked=True)
    assert await shown() == []


async def test_the_front_names_people_first(house: House, ida: Person, una: Person) -> None:
    """Each once, whoever was thanked last at the top, with all that it was for."""
    whom = await una.actor
    for what in ("one", "two"):
        await thank(house, ida, whom, what=what)
    await thank(house, ida, None)
    found = gathered(await service.listed())
    assert [one.called for one in found] == ["the night team", "Una"]
    assert [it.thanked_for for it in found[1].thanks] == ["two", "one"]
    assert gathered(await service.listed(), since=house.clock.now()) == found


@pytest.mark.parametrize("by_whom", [False, True])
async def test_lists_of_thanks_are_stretches_of_an_index(ida: Person, by_whom: bool) -> None:
    """However many there are: nothing is put in order, on the hub's list and on a person's page."""
    me = await ida.actor
    sql, given = query_of_listed(Span(before=9), whom=me if by_whom else None, viewer=me)
    async with db.transaction():
        if db.dialect() == "postgres":  # the table is empty: what could be done is what counts
            for way in ("seqscan", "bitmapscan", "sort"):
                await db.execute(f"SET LOCAL enable_{way} = off")
        steps = await plan(sql, given)
    assert ("whom_id" if by_whom else "listed") in steps
    assert not sorts(steps)


async def test_what_is_hidden_is_not_on_the_page_of_what_it_was_for(
    house: House, ida: Person, una: Person
) -> None:
    """Nor counted there, nor told to other servers that ask; a page that is held for many is made
    anew.
    """
    told = await story(house, ida)
    await service.thank(told, by=una, house=house)

    async def seen() -> tuple[int, dict[int, int], object, object]:
        likes, version = await service.likes_of(told), await versions.of_post(str(told.uri))
        names, counts = await service.thanks_for(told), await service.thanks_counts([told.id])
        return len(names), counts, likes, version

    row = await Thanks.get()
    names, counts, likes, before = await seen()
    assert (names, counts, likes) == (1, {told.id: 1}, ([row.uri], 1))
    await service.hide(row.id, hidden=True, by=ida)
    assert (await seen())[:3] == (0, {}, ([], 0))
    assert (await seen())[3] != before
    await service.hide(row.id, hidden=False, by=ida)
    await service.hide_all(hides=True, by=ida)
    assert (await seen())[:3] == (0, {}, ([], 0))
    assert (await seen())[3] != before


async def test_nothing_stays_of_thanks_to_somebody_who_is_gone(
    house: House, ida: Person, una: Person
) -> None:
    """Neither here nor elsewhere."""
    ann = await stranger(house, "ann")
    await thank(house, ida, ann)
    await posts.author_gone(ann, house=house)
    assert await shown() == []


async def test_all_who_look_after_an_experiment_hear_of_thanks(
    house: House, ida: Person, una: Person
) -> None:
    """Not those who were only asked."""
    tried = await experiment(house, ida)
    sam, joe = await person(house, "sam"), await person(house, "joe")
    for name in ("sam", "joe"):
        await experiments.ask(tried, name, by=ida, house=house)
    await experiments.answer(tried, yes=True, by=sam, house=house)
    await service.thank(tried, by=una, house=house)
    rows = await Notification.filter(kind="thanks").order_by("id")
    assert [(row.person_id, row.text) for row in rows] == [
        (ida.id, "thanked you for “A knock”"), (sam.id, "thanked you for a part in “A knock”"),
    ]  # fmt: skip
    assert joe.id not in {row.person_id for row in rows}
