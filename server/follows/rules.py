"""The states of a follow. Pure."""

from enum import StrEnum


class FollowState(StrEnum):
    """Where a follow stands; nothing is shown or sent before it is accepted."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Act(StrEnum):
    """What can happen to a follow."""

    ACCEPT = "accept"
    REJECT = "reject"


TRANSITIONS = {
    (FollowState.REQUESTED, Act.ACCEPT): FollowState.ACCEPTED,
    (FollowState.REQUESTED, Act.REJECT): FollowState.REJECTED,
    (FollowState.ACCEPTED, Act.REJECT): FollowState.REJECTED,
}
"""An answer that has no row here changes nothing: a rejected follow is not accepted unasked."""


def after(state: FollowState, act: Act) -> FollowState:
    """Return the state that `act` leads to; where the table has no such step, the state it
    was in.
    """
    return TRANSITIONS.get((state, act), state)
