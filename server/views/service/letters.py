"""Letters about what is new in a view: composed when they leave, so that nothing waits in a queue
that was taken back meanwhile; each once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from federation.vocab.types import JsonObject
from server import db, jobs, mail
from server.actors.tables import Actor
from server.house import House, Letter
from server.people.tables import Person
from server.posts.tables import Post
from server.responses.cards import Seen, cards_of
from server.search import service as search
from server.search.rules.cards import published_at
from server.views.rules.periods import (
    LEASE,
    LETTERS,
    LOOKED_AT,
    SETTLED,
    TOLD,
    NoAddressError,
    Period,
    TooManyLettersError,
    due_after,
    looked_for_since,
)
from server.views.tables import SavedView, ViewLetter

KIND = "view-"
"""Of these letters, with the row of their view (`server.mail.way_out`): whoever ends them and has
them again can still end them by an old one.
"""
ROUND_JOB = "views.letters"
JOB = "views.letter"
KEY = "letter"
"""What the vault tags the keys of letters for."""
BEGINNING = (datetime.min.replace(tzinfo=UTC), 0)
ASKED_FOR = 500
"""Letters whose jobs are made at a time."""


async def subscribed(person_id: int) -> dict[int, Period]:
    """Return how often somebody gets letters about which views, by their rows."""
    rows = await ViewLetter.filter(person_id=person_id).values_list("view_id", "period")
    return {int(view): Period(period) for view, period in rows}


async def subscribe(view: SavedView, period: Period, *, by: Person, house: House) -> None:
    """Send somebody what is new in a view from now on. Raises NoAddressError,
    TooManyLettersError.
    """
    if by.email is None or not by.email_confirmed:
        raise NoAddressError
    now = house.clock.now()
    async with db.transaction():
        await db.in_turn("views.subscribe")
        row = await ViewLetter.get_or_none(view_id=view.id, person_id=by.id)
        if row is None:
            if await ViewLetter.filter(person_id=by.id).count() >= LETTERS:
                raise TooManyLettersError
            row = ViewLetter(view_id=view.id, person_id=by.id, told_until=now)
        row.period, row.due_at = period, due_after(period, now)
        await row.save()


async def unsubscribe(view: SavedView, *, by: Person) -> None:
    """Send somebody no more letters about a view; doing it twice is harmless."""
    await ViewLetter.filter(view_id=view.id, person_id=by.id).delete()


async def on_ended(event: mail.Ended, _: House) -> None:
    """Do the same for whoever had the letter."""
    if event.kind.startswith(KIND):
        view = int(event.kind.removeprefix(KIND))
        await ViewLetter.filter(view_id=view, person_id=event.row).delete()


async def make_round(_: JsonObject, house: House) -> None:
    """Have each letter written that is due. One that waits already isn't asked for twice."""
    if house.mailer is None:
        return
    now, after = house.clock.now(), BEGINNING
    while found := await _due(now, after=after):
        async with db.transaction():
            for _due_at, one in found:
                await jobs.enqueue(JOB, {"letter": one}, key=f"{JOB}:{one}", house=house)
        after = found[-1]


async def _due(now: datetime, *, after: tuple[datetime, int]) -> list[tuple[datetime, int]]:
    """Return when letters are due and which they are, those that are due longest first."""
    found = await db.rows(
        "SELECT id, due_at FROM view_letters WHERE due_at <= ? AND (due_at, id) > (?, ?)"
        " ORDER BY due_at, id LIMIT ?",
        db.moment(now), db.moment(after[0]), after[1], ASKED_FOR,
    )  # fmt: skip
    return [(db.as_moment(row["due_at"]), int(row["id"])) for row in found]


async def send(payload: JsonObject, house: House) -> None:
    """Write a letter and send it, if it is due and there is anything new. Whoever else was asked
    to, at the same time or later, finds that it is not due any more. Who breaks off before it is
    noted as sent leaves it to be sent again: by the same Message-ID, and telling no more.

    Raises OSError where it can't be handed over: then it is due again.
    """
    row = await ViewLetter.get_or_none(id=payload["letter"]).prefetch_related(
        "view", "person__actor"
    )
    now = house.clock.now()
    if row is None or row.due_at > now or house.mailer is None:
        return
    until, mine = row.telling_until or now - SETTLED, now + LEASE
    claimed = ViewLetter.filter(id=row.id, due_at=row.due_at)
    if not await claimed.update(due_at=mine, telling_until=until):
        return
    letter = await _written(row, until=until, house=house)
    try:
        if letter is not None:
            await house.mailer.send(letter)
    except OSError:
        given_back = {"due_at": row.due_at, "telling_until": row.telling_until}
        await ViewLetter.filter(id=row.id, due_at=mine).update(**given_back)
        raise
    async with db.transaction():
        await ViewLetter.filter(id=row.id).update(told_until=until, telling_until=None)
        due_at = due_after(row.period, until)
        await ViewLetter.filter(id=row.id, due_at=mine).update(due_at=due_at)


async def _written(row: ViewLetter, *, until: datetime, house: House) -> Letter | None:
    """Return the letter as it has to be now; None where there is nothing to say, or nobody to say
    it to.
    """
    person, view = row.person, row.view
    if person.email is None or not person.email_confirmed or person.deactivated_at is not None:
        return None
    news = await _news(row, until=until, house=house)
    if not news.cards:
        return None
    many = f"{news.number} new" if not news.more else f"More than {news.number} new"
    return mail.written(
        "views/letter", to=person.email, subject=f"{many} in “{view.name}”",
        way_out=mail.way_out(f"{KIND}{view.id}", person.id, house=house),
        key=house.vault.tag(f"{row.id}:{until.timestamp()}", purpose=KEY),
        name=person.actor.shown_name, view=view,
        cards=news.cards, others=news.number - len(news.cards), more=news.more, house=house,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class News:
    """What is new in a view: the newest as cards, and how many there are."""

    cards: Sequence[Seen]
    number: int
    more: bool
    """Whether there may be still more: no further was looked."""


async def _news(row: ViewLetter, *, until: datetime, house: House) -> News:
    """Return what came here since the last letter, as the one who gets it may see it now."""
    since, new = looked_for_since(row.period, row.told_until), list[Post]()
    before, looked_at = None, 0
    viewer: Actor = row.person.actor
    turned = await search.turned(row.view.chosen, since=row.told_until, until=until, viewer=viewer)
    while looked_at < LOOKED_AT:
        found = await search.find(row.view.chosen, before=before, viewer=viewer, house=house)
        recent = [one for one in found if published_at(one.number) >= since]
        new += [one.post for one in recent if row.told_until < _came(one.post) <= until]
        looked_at += len(found)
        if len(recent) < search.PAGE:
            new += [one.post for one in turned if one.post not in new]
            return News(await cards_of(new[:TOLD]), len(new), more=False)
        before = found[-1].number
    return News(await cards_of(new[:TOLD]), len(new), more=True)


def _came(post: Post) -> datetime:
    """Return when something could first be read here."""
    return post.published_at if post.local and post.published_at else post.created_at
