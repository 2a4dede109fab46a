"""What happens elsewhere and means something to the network, and the work it has to do."""

from datetime import timedelta

from server.follows.service import FollowAnswered
from server.house import House
from server.jobs import Registry
from server.network.service import stepping


def register_hooks(house: House) -> None:
    """Hear what those answer whom we ask to follow."""
    house.hooks.on(FollowAnswered, stepping.on_answered)


def register_jobs(registry: Registry) -> None:
    """Look up and follow whom lists name."""
    registry.on(stepping.JOB, stepping.go_on)
    registry.on(stepping.ROUND_JOB, stepping.prime_all)
    registry.every(stepping.ROUND_JOB, timedelta(hours=1))
