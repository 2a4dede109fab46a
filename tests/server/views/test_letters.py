"""Letters about what is new in a view, as a real mail server gets them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

import pytest

from server import db
from server.actors.tables import Actor
from server.experiments import service as experiments
from server.experiments.rules.measures import Direction, Measure
from server.experiments.rules.stages import Stage
from server.experiments.rules.updates import Update
from server.house import Letter
from server.jobs.tables import Job
from server.mail import SmtpMailer
from server.people import service as people
from server.people.tables import Person
from server.posts.tables import Post
from server.safety import service as safety
from server.search.service import turning
from server.search.tables import Turn
from server.views import service
from server.views.rules.periods import Period
from server.views.service import letters
from server.views.tables import SavedView, ViewLetter
from tests.security.browser import Browser
from tests.server.channels.test_plans import read_whole
from tests.server.delivery.test_plans import asked
from tests.server.experiments.series import MISSED, weekly
from tests.server.views.conftest import keep, try_out
from tests.support.live import PASSWORD, LiveNode
from tests.support.post_office import PostOffice, open_office

PATH = "/views/getting-home"


@dataclass(frozen=True)
class Desk:
    """Ida's: her hub, its mail server, and what is done there in time."""

    ward: LiveNode
    office: PostOffice
    ida: Person
    view: SavedView

    async def subscribe(self, period: Period = Period.DAILY) -> None:
        """Have letters sent to her."""
        await self.ward.run(
            service.subscribe, self.view, period, by=self.ida, house=self.ward.house
        )

    async def queue(self, *, days: float = 1) -> None:
        """Let time go by, and have the letters queued that are due then; twice."""
        self.ward.network.clock.move(timedelta(days=days))
        for _ in range(2):
            await self.ward.run(service.make_round, {}, self.ward.house)

    async def send(self) -> list[EmailMessage]:
        """Send each letter twice at the same time, then what is queued; return what came."""
        self.office.letters.clear()
        ids = [row.id for row in await self.ward.run(ViewLetter.all)]
        await asyncio.gather(
            *(self.ward.run(service.send, {"letter": one}, self.ward.house) for one in ids * 2)
        )
        await self.ward.work()
        return [letter for _, _, letter in self.office.letters]


@pytest.fixture
async def desk(ward: LiveNode) -> AsyncIterator[Desk]:
    async with open_office() as office:
        await ward.restart(
            smtp_host="127.0.0.1", smtp_port=office.port, smtp_tls="none",
            smtp_from="hub@ward.test",
        )  # fmt: skip
        view = await keep(ward)
        ida = await ward.person()
        ida.email, ida.email_confirmed = "ida@example.org", True
        await ward.run(ida.save)
        yield Desk(ward, office, ida, view)


def parts(letter: EmailMessage) -> tuple[str, str]:
    """Return what a letter says, as plain text and as HTML."""
    plain, rich = (one.get_content() for one in letter.iter_parts())
    return plain, rich


async def test_a_letter_tells_what_is_new_once(desk: Desk) -> None:
    """Though its jobs run twice, and not before its time; when nothing is new, none leaves."""
    await desk.ward.publish_story(title="Before that")
    await desk.subscribe()
    desk.ward.network.clock.move(timedelta(minutes=1))
    await desk.ward.publish_story(title="Home <by> six", what_happened="It was late.")
    await desk.queue(days=0.5)
    assert await desk.send() == []
    await desk.queue(days=0.5)
    [letter] = await desk.send()
    assert (letter["To"], letter["Subject"]) == ("ida@example.org", "1 new in “Getting home”")
    plain, rich = parts(letter)
    for text in (plain, rich):
        assert "It was late." in text
        assert "Before that" not in text
        assert "https://ward.test/stories/" in text
    assert "Home <by> six" in plain
    assert "Home &lt;by&gt; six" in rich
    for loaded in ("<img", "<link", "<script", "url("):
        assert loaded not in rich
    await desk.queue()
    assert await desk.send() == []
    await desk.ward.publish_story(title="And then")
    await desk.queue()
    [letter] = await desk.send()
    assert "And then" in parts(letter)[0]
    assert "Home <by> six" not in parts(letter)[0]


async def test_what_came_to_work_since_is_told_once(desk: Desk) -> None:
    """In a view of what works and is measured, when the last of both came about: however long ago
    somebody began to try it. What only changes, is not about it, or no longer works is not told.
    """
    ward = desk.ward
    view = await keep(ward, name="It works", text="visits", stage="working", measured=True)
    titles = ("Visits at four", "A bus", "Visits before noon", "Visits by day")
    posts = [await try_out(ward, one) for one in titles]
    for post in posts:
        await move_to(ward, post, Stage.WORKING)
    ward.network.clock.move(timedelta(days=90))
    await ward.run(service.subscribe, view, Period.DAILY, by=desk.ida, house=ward.house)
    ward.network.clock.move(timedelta(minutes=1))
    for post in posts[:2]:
        await count(ward, post)
    for post in posts[3:]:
        await count(ward, post)
        await move_to(ward, post, Stage.TRYING)
    await desk.queue()
    [letter] = await desk.send()
    assert letter["Subject"] == "1 new in “It works”"
    assert "Visits at four" in parts(letter)[0]
    still = Update(text="Still so.")
    await ward.run(experiments.record, posts[0], still, by=desk.ida, house=ward.house)
    await desk.queue()
    assert await desk.send() == []
    await move_to(ward, posts[0], Stage.TRYING)
    await move_to(ward, posts[0], Stage.WORKING)
    await desk.queue()
    [letter] = await desk.send()
    assert "Visits at four" in parts(letter)[0]
    ward.network.clock.move(turning.KEPT + timedelta(minutes=1))
    await ward.run(turning.sweep, house=ward.house)
    assert not await ward.run(Turn.exists)


async def move_to(ward: LiveNode, post: Post, stage: Stage) -> None:
    """Have Ida say where something that she tries stands from now on."""
    ida = await ward.person()
    await ward.run(
        experiments.record, post, Update(text="So far.", stage=stage), by=ida, house=ward.house
    )


async def count(ward: LiveNode, post: Post) -> None:
    """Have Ida bring numbers that got better, without a word."""
    ida = await ward.person()
    late = Measure(name="Late", unit="a week", direction=Direction.DOWN)
    await ward.run(experiments.keep_measure, post, late, by=ida, house=ward.house)
    brought = experiments.Brought(list(weekly(MISSED).points))
    await ward.run(experiments.add_points, post, 1, brought, by=ida, house=ward.house)


async def test_what_was_taken_back_meanwhile_leaves_in_no_letter(desk: Desk) -> None:
    """Nor what is by somebody who was blocked after it was queued."""
    ward = desk.ward
    bob = await ward.add_person("bob")
    await desk.subscribe()
    ward.network.clock.move(timedelta(minutes=1))
    gone = await ward.publish_story(title="Withdrawn")
    await ward.publish_story(title="By somebody blocked", by="bob")
    await ward.publish_story(title="Still there")
    await desk.queue()

    async def block() -> None:
        by, whom = await Actor.get(id=desk.ida.actor_id), await Actor.get(id=bob.actor_id)
        await safety.block(by, whom, house=ward.house)

    await ward.withdraw_story(gone)
    await ward.run(block)
    [letter] = await desk.send()
    for text in parts(letter):
        assert "Still there" in text
        assert "Withdrawn" not in text
        assert "somebody blocked" not in text
    assert letter["Subject"].startswith("1 new")


async def test_where_all_was_taken_back_meanwhile_nothing_leaves(desk: Desk) -> None:
    """Nor a letter about a view that is deleted, or to an address that is another one now."""
    await desk.subscribe()
    desk.ward.network.clock.move(timedelta(minutes=1))
    gone = await desk.ward.publish_story(title="Withdrawn")
    await desk.queue()
    await desk.ward.withdraw_story(gone)
    assert await desk.send() == []
    await desk.ward.publish_story(title="Still there")
    await desk.queue()
    desk.ida.email_confirmed = False
    await desk.ward.run(desk.ida.save)
    assert await desk.send() == []
    desk.ida.email_confirmed = True
    await desk.ward.run(desk.ida.save)
    await desk.ward.publish_story(title="Something else")
    await desk.queue()
    await desk.ward.run(service.delete, desk.view, by=desk.ida)
    assert await desk.send() == []


async def test_a_letter_that_is_not_taken_is_tried_again(desk: Desk) -> None:
    """With what is new by then; it is one letter in the end."""
    await desk.subscribe(Period.WEEKLY)
    desk.ward.network.clock.move(timedelta(minutes=1))
    await desk.ward.publish_story(title="Home by six")
    await desk.queue(days=7)
    desk.office.refuses = True
    await desk.ward.work()
    desk.office.refuses = False
    await desk.ward.publish_story(title="And then")
    await desk.queue(days=0.2)
    [letter] = await desk.send()
    assert letter["Subject"] == "2 new in “Getting home”"
    assert await desk.send() == []


async def test_a_letter_is_sent_again_that_may_not_have_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When its worker was killed while it was handed over: by the same Message-ID, so that whoever
    got it before can tell; what came since is in the next one, at once.
    """
    ward, office = desk.ward, desk.office
    await desk.subscribe()
    ward.network.clock.move(timedelta(minutes=2))
    await ward.publish_story(title="Home by six")
    await desk.queue()
    send = SmtpMailer.send

    async def killed(self: SmtpMailer, letter: Letter) -> None:
        await send(self, letter)
        raise asyncio.CancelledError

    [row] = await ward.run(ViewLetter.all)
    with monkeypatch.context() as patched:
        patched.setattr(SmtpMailer, "send", killed)
        with pytest.raises(asyncio.CancelledError):
            await ward.run(service.send, {"letter": row.id}, ward.house)
    [(_, _, first)] = office.letters
    await ward.publish_story(title="And then")
    assert await desk.send() == []
    await desk.queue(days=1.1)
    [again, following] = await desk.send()
    assert again["Message-ID"] == first["Message-ID"]
    assert "Home by six" in parts(again)[0]
    assert "And then" not in parts(again)[0]
    assert following["Message-ID"] != first["Message-ID"]
    assert "And then" in parts(following)[0]
    assert "Home by six" not in parts(following)[0]


async def test_letters_that_are_due_are_found_by_when_they_are(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By index on both engines, and each once, however many are asked for at a time."""
    ward = desk.ward
    for name in ("bob", "colm", "una"):
        person = await ward.add_person(name)
        person.email, person.email_confirmed = f"{name}@example.org", True
        await ward.run(person.save)
        await ward.run(service.subscribe, desk.view, Period.DAILY, by=person, house=ward.house)

    async def look() -> list[str]:
        monkeypatch.setattr(letters, "ASKED_FOR", 2)
        async with asked(monkeypatch) as seen:
            await service.make_round({}, ward.house)
        due = [(sql, given) for sql, given in seen if "view_letters" in sql]
        assert len(due) == 3
        assert await Job.filter(kind=letters.JOB).count() == 3
        return [step for sql, given in due for step in await read_whole(sql, given, "view_letters")]

    ward.network.clock.move(timedelta(days=1))
    assert await ward.run(look) == []


async def test_what_comes_late_is_news_and_a_back_catalogue_is_not(desk: Desk) -> None:
    """As its publication tells, a day before the last letter at most."""
    ward = desk.ward
    for title in ("From the catalogue", "Delayed"):
        await ward.publish_story(title=title)
        ward.network.clock.move(timedelta(days=2))
    await desk.subscribe()

    async def come_now() -> None:
        now = ward.network.clock.now()
        told = now - timedelta(days=1, minutes=5)
        await db.execute("UPDATE view_letters SET told_until = ?", db.moment(told))
        await db.execute("UPDATE posts SET local = ?, created_at = ?", False, db.moment(now))

    await ward.run(come_now)
    await desk.queue()
    [letter] = await desk.send()
    assert "Delayed" in parts(letter)[0]
    assert "From the catalogue" not in parts(letter)[0]


async def test_letters_that_are_asked_for_twice_at_once_are_the_same(desk: Desk) -> None:
    """Somebody pressed the button twice."""
    await asyncio.gather(*(desk.subscribe() for _ in range(4)))
    assert len(await desk.ward.run(ViewLetter.all)) == 1


async def test_an_old_letter_ends_those_that_were_asked_for_again(desk: Desk) -> None:
    """And nobody else's; looking at its address ends nothing, nor does one that is not ours."""
    ward = desk.ward
    await desk.subscribe()
    ward.network.clock.move(timedelta(minutes=1))
    await ward.publish_story(title="Home by six")
    await desk.queue()
    [letter] = await desk.send()
    path = letter["List-Unsubscribe"].strip("<>").removeprefix(ward.origin)
    await ward.run(service.unsubscribe, desk.view, by=desk.ida)
    bob = await ward.add_person("bob")
    bob.email, bob.email_confirmed = "bob@example.org", True
    await ward.run(bob.save)
    for one in (bob, desk.ida):
        await ward.run(service.subscribe, desk.view, Period.DAILY, by=one, house=ward.house)
    nobody = Browser(ward.network, ward.origin)
    ward.network.stack.push_async_callback(nobody.close)
    forged = path[:-2] + ("AA" if path[-2:] != "AA" else "BB")
    assert (await nobody.get(path)).status == 200
    assert (await nobody.ask("POST", forged)).status == 404
    assert len(await ward.run(ViewLetter.all)) == 2
    assert (await nobody.ask("POST", path)).status == 200
    assert [row.person_id for row in await ward.run(ViewLetter.all)] == [bob.id]


async def test_letters_are_asked_for_on_a_page_and_end_in_one_click(desk: Desk) -> None:
    """Only at an address that was confirmed."""
    ward = desk.ward
    browser = Browser(ward.network, ward.origin)
    ward.network.stack.push_async_callback(browser.close)
    await browser.sign_in()
    assert (await browser.send(f"{PATH}/letters", {"often": "daily"})).status == 303
    assert "You get a letter about it once a day" in (await browser.get("/views")).text
    ward.network.clock.move(timedelta(minutes=1))
    await ward.publish_story(title="Home by six")
    await desk.queue()
    [letter] = await desk.send()
    way_out = letter["List-Unsubscribe"].strip("<>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert all(way_out in text for text in parts(letter))
    ended = await browser.ask(
        "POST", way_out.removeprefix(ward.origin), data={"List-Unsubscribe": "One-Click"}
    )
    assert ended.status == 200
    assert await ward.run(ViewLetter.all) == []
    await ward.run(
        people.change_email, desk.ida.id, email="new@example.org", password=PASSWORD,
        house=ward.house,
    )  # fmt: skip
    page = await browser.get(f"{PATH}/letters")
    assert "First we need to know your address" in page.text
    refused = await browser.send(f"{PATH}/letters", {"often": "daily"}, page="/views/new")
    assert refused.status == 422
    assert await ward.run(ViewLetter.all) == []
