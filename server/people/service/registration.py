"""What people add to the node when it is put together."""

from datetime import timedelta

from federation.vocab.types import JsonObject
from server.follows.moving import FollowMoved
from server.follows.service import Followed, Settled, Unfollowed
from server.house import Hooks, House
from server.jobs import Registry
from server.mail import Ended
from server.people.service import (
    confirming,
    letters,
    limits,
    notifications,
    resets,
    sessions,
)

SWEEP_JOB = "people.sweep"
DIGESTS_JOB = "people.digests"


def register_jobs(registry: Registry) -> None:
    """Have letters written, and old things swept."""
    registry.on(resets.MAIL_JOB, letters.send_reset)
    registry.on(confirming.JOB, letters.send_confirmation)
    registry.on(notifications.MAIL_JOB, letters.send_notification)
    registry.on(notifications.DIGEST_JOB, letters.send_digest)
    registry.on(DIGESTS_JOB, _digests)
    registry.on(SWEEP_JOB, _sweep)
    registry.every(DIGESTS_JOB, timedelta(hours=1))
    registry.every(SWEEP_JOB, timedelta(hours=6))


def register_hooks(hooks: Hooks) -> None:
    """Have people told of followers, of requests until they are answered, and of who moved; and no
    more by e-mail who wants no more.
    """
    hooks.on(Followed, notifications.on_followed)
    hooks.on(FollowMoved, notifications.on_follow_moved)
    hooks.on(Settled, notifications.on_settled)
    hooks.on(Unfollowed, notifications.on_unfollowed)
    hooks.on(Ended, letters.on_ended)


async def _digests(_: JsonObject, house: House) -> None:
    await notifications.enqueue_digests(house=house)


async def _sweep(_: JsonObject, house: House) -> None:
    await sessions.sweep(house=house)
    await resets.sweep(house=house)
    await limits.sweep(house=house)
    await notifications.sweep(house=house)
