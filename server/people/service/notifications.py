"""Telling people what happened, on a page and by e-mail."""

from collections.abc import Mapping
from datetime import timedelta

from federation.vocab.types import ActorType
from server import db, jobs
from server.actors.tables import Actor
from server.follows.moving import FollowMoved
from server.follows.rules import FollowState
from server.follows.service import Followed, Settled, Unfollowed
from server.house import House
from server.people import rules
from server.people.rules import DIGEST_EVERY, Kind, MailPreference, said
from server.people.tables import Notification, Person

PAGE = 50
MAIL_JOB = "people.notification"
DIGEST_JOB = "people.digest"
TEXT_LIMIT = 500


async def notify(
    actor_id: int, *, kind: str, actor: Actor | None, post_id: int | None, house: House,
    text: str = "",
) -> None:  # fmt: skip
    """Tell whoever acts as `actor_id` what `actor` did.

    `text` goes on from the name, "thanked you for ..."; without it the words are those of the kind.
    What is done to the hub, its stewards are told. Nobody is told what they did themselves, and
    the same thing told twice is one notification. Call it in the transaction of what happened.
    """
    if actor is not None and actor.id == actor_id:
        return
    person = await db.read_one(
        Person, "SELECT * FROM people WHERE actor_id = ? AND closed_at IS NULL", actor_id
    )
    if person is not None:
        await _tell(person, kind=kind, actor=actor, post_id=post_id, text=text, house=house)
    elif await db.rows(
        "SELECT 1 AS one FROM actors WHERE id = ? AND local AND type = ?",
        actor_id, str(ActorType.ORGANIZATION),
    ):  # fmt: skip
        await notify_stewards(kind=kind, actor=actor, post_id=post_id, text=text, house=house)


async def notify_person(
    person_id: int,
    *,
    kind: str,
    actor: Actor | None,
    post_id: int | None,
    house: House,
    text: str = "",
) -> None:
    """Tell a person, where their account's id is at hand rather than their actor's."""
    person = await db.read_one(
        Person, "SELECT * FROM people WHERE id = ? AND closed_at IS NULL", person_id
    )
    if person is not None and (actor is None or actor.id != person.actor_id):
        await _tell(person, kind=kind, actor=actor, post_id=post_id, text=text, house=house)


async def notify_stewards(
    *, kind: str, actor: Actor | None, post_id: int | None, house: House, text: str = ""
) -> None:
    """Tell everybody who looks after the node, as for what is said to the hub itself."""
    for person in await db.read(
        Person, "SELECT * FROM people WHERE is_steward AND deactivated_at IS NULL"
    ):
        if actor is None or actor.id != person.actor_id:
            await _tell(person, kind=kind, actor=actor, post_id=post_id, text=text, house=house)


async def _tell(
    person: Person,
    *,
    kind: str,
    actor: Actor | None,
    post_id: int | None,
    house: House,
    text: str = "",
) -> None:
    same = {
        "person_id": person.id, "kind": kind, "actor_id": actor.id if actor else None,
        "post_id": post_id,
    }  # fmt: skip
    if house.quiet or await _is_not_told(same, person):
        return
    row = Notification(**same, text=(text or said(kind))[:TEXT_LIMIT], created_at=house.clock.now())
    await db.add(row)
    if person.email is None or person.deactivated_at is not None or house.mailer is None:
        return
    if person.mail_preference is MailPreference.IMMEDIATE:
        await jobs.enqueue(MAIL_JOB, {"notification": row.id}, house=house)


async def _is_not_told(same: Mapping[str, object], person: Person) -> bool:
    """Say whether a person was told the same before, or keeps apart from who did it."""
    given = {name: value for name, value in same.items() if value is not None}
    conditions = [f"{name} = ?" if name in given else f"{name} IS NULL" for name in same]
    told = f"SELECT 1 FROM notifications WHERE {' AND '.join(conditions)}"  # noqa: S608 - names
    by = same["actor_id"] or 0
    [found] = await db.rows(
        f"SELECT EXISTS ({told}) OR EXISTS (SELECT 1 FROM blocks WHERE blocker_id = ?"  # noqa: S608
        " AND blocked_id = ?) OR EXISTS (SELECT 1 FROM blocks WHERE blocker_id = ?"
        " AND blocked_id = ?) AS no",
        *given.values(), by, person.actor_id, person.actor_id, by,
    )  # fmt: skip
    return bool(found["no"])


async def take_back(
    actor_id: int | None, *, kind: str, actor: Actor, post_id: int | None = None
) -> None:
    """Forget that somebody, or with None whoever it was, was told: what happened was undone."""
    told = Notification.filter(kind=kind, actor_id=actor.id, post_id=post_id)
    if actor_id is not None:
        told = told.filter(person__actor_id=actor_id)
    await told.delete()


async def forget_actor(actor_id: int, *, caused_by: int) -> None:
    """Forget what somebody was told of somebody else, both by their actors' rows."""
    await Notification.filter(person__actor_id=actor_id, actor_id=caused_by).delete()


async def forget_post(post_id: int) -> None:
    """Forget every notification about a post that was deleted."""
    await Notification.filter(post_id=post_id).delete()


async def listed(person_id: int, *, before: int | None = None) -> list[Notification]:
    """Return a page of somebody's notifications with who caused them, the newest first."""
    query = Notification.filter(person_id=person_id)
    if before is not None:
        query = query.filter(id__lt=before)
    return await query.order_by("-id").limit(PAGE).prefetch_related("actor")


async def unread(person_id: int) -> int:
    """Return how many notifications somebody hasn't read."""
    return await Notification.filter(person_id=person_id, read_at=None).count()


async def mark_read(person_id: int, *, up_to: int, house: House) -> None:
    """Mark somebody's notifications as read up to the one with the id `up_to`, and no later one
    unseen.
    """
    await Notification.filter(person_id=person_id, id__lte=up_to, read_at=None).update(
        read_at=house.clock.now()
    )


async def set_mail_preference(person_id: int, preference: MailPreference) -> None:
    """Choose how often notifications come by e-mail."""
    await Person.filter(id=person_id).update(mail_preference=preference)


async def enqueue_digests(*, house: House) -> int:
    """Have a letter written to everybody whose day or week is over and who has something unread.

    Return how many. Letters that wait already aren't asked for twice.
    """
    now, count = house.clock.now(), 0
    if house.mailer is None:
        return 0
    for preference, every in DIGEST_EVERY.items():
        due = Person.filter(mail_preference=preference, deactivated_at=None, email__not_isnull=True)
        async for person in due:
            last = person.digest_at or person.created_at
            if now - last >= every - timedelta(minutes=5) and await waiting(person):
                await jobs.enqueue(
                    DIGEST_JOB, {"person": person.id}, key=f"{DIGEST_JOB}:{person.id}", house=house
                )
                count += 1
    return count


async def waiting(person: Person) -> list[Notification]:
    """Return what a digest for somebody would hold: unread, not sent yet, since the last one."""
    query = Notification.filter(person_id=person.id, read_at=None, mailed_at=None)
    if person.digest_at is not None:
        query = query.filter(created_at__gte=person.digest_at)
    return await query.order_by("id").limit(PAGE).prefetch_related("actor")


async def sweep(*, house: House) -> None:
    """Drop what is half a year old."""
    await Notification.filter(created_at__lt=house.clock.now() - rules.NOTIFICATIONS_KEPT).delete()


async def on_followed(event: Followed, house: House) -> None:
    """Tell somebody of a new follower, or of one who asks to be."""
    if event.again:
        return
    follow = event.follow
    follower = (await db.read_by_id(Actor, [follow.follower_id]))[follow.follower_id]
    requested = follow.state is FollowState.REQUESTED
    await notify(
        follow.followed_id, kind=Kind.REQUEST if requested else Kind.FOLLOWER, actor=follower,
        post_id=None, house=house,
    )  # fmt: skip


async def on_follow_moved(event: FollowMoved, house: House) -> None:
    """Tell somebody whom they follow now instead of somebody who moved."""
    await notify(
        event.follower.id, kind=Kind.MOVED, actor=event.actor, post_id=None, house=house,
        text=f"was {event.former.handle} before. You follow them at their new place now",
    )  # fmt: skip


async def on_settled(event: Settled, _: House) -> None:
    """Ask no more for an answer that was given."""
    await take_back(event.followed.id, kind=Kind.REQUEST, actor=event.follower)


async def on_unfollowed(event: Unfollowed, _: House) -> None:
    """Forget that somebody was told of a follower who is none any more."""
    for kind in (Kind.REQUEST, Kind.FOLLOWER):
        await take_back(event.followed.id, kind=kind, actor=event.follower)
