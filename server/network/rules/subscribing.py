"""What happens to a list of addresses and to each of them, one step after another. Pure."""

from enum import StrEnum
from zlib import crc32

from server.errors import RefusedError

LANES = 4
"""Addresses that are looked up at once, in all: there is other work, and a server that does not
answer takes half a minute.
"""
TRIES = 3
"""Times that a step is begun that ends in a mistake of ours; then it is left."""
REASON_LIMIT = 500


class NobodyError(RefusedError):
    """There is no address in it that can be followed."""


class Wish(StrEnum):
    """What is to be done with a whole list."""

    LOOK = "look"
    FOLLOW = "follow"
    UNDO = "undo"


class EntryState(StrEnum):
    """How far one address has come."""

    LOOKING = "looking"
    """To be looked up."""
    FOUND = "found"
    KNOWN = "known"
    """Followed already, not through this list: nothing is done about it."""
    FAILED = "failed"
    """It can't be followed; the reason says why."""
    ASKED = "asked"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    """They said no."""
    LIST = "list"
    """Nobody: a list of others, to be followed along with by itself."""
    LEFT = "left"
    """Left out, by a steward or as the same as another; also where a list names them again."""
    UNDONE = "undone"
    """Followed through this list, and no longer."""


class Act(StrEnum):
    """What can happen to an address."""

    FIND = "find"
    KNOW = "know"
    FAIL = "fail"
    LIST = "list"
    ASK = "ask"
    ACCEPT = "accept"
    REFUSE = "refuse"
    LEAVE = "leave"
    UNDO = "undo"
    AGAIN = "again"


_S, _A = EntryState, Act
TRANSITIONS = {
    (_S.LOOKING, _A.FIND): _S.FOUND,
    (_S.LOOKING, _A.KNOW): _S.KNOWN,
    (_S.LOOKING, _A.FAIL): _S.FAILED,
    (_S.LOOKING, _A.LIST): _S.LIST,
    (_S.LOOKING, _A.LEAVE): _S.LEFT,
    (_S.FOUND, _A.ASK): _S.ASKED,
    (_S.FOUND, _A.ACCEPT): _S.ACCEPTED,
    (_S.FOUND, _A.KNOW): _S.KNOWN,
    (_S.FOUND, _A.FAIL): _S.FAILED,
    (_S.FOUND, _A.LEAVE): _S.LEFT,
    (_S.KNOWN, _A.ASK): _S.ASKED,
    (_S.KNOWN, _A.ACCEPT): _S.ACCEPTED,
    (_S.ASKED, _A.ACCEPT): _S.ACCEPTED,
    (_S.ASKED, _A.REFUSE): _S.REFUSED,
    (_S.ASKED, _A.UNDO): _S.UNDONE,
    (_S.ACCEPTED, _A.REFUSE): _S.REFUSED,
    (_S.ACCEPTED, _A.UNDO): _S.UNDONE,
    (_S.REFUSED, _A.UNDO): _S.UNDONE,
    (_S.ASKED, _A.LEAVE): _S.LEFT,
    (_S.ACCEPTED, _A.LEAVE): _S.LEFT,
    (_S.REFUSED, _A.LEAVE): _S.LEFT,
    (_S.FAILED, _A.AGAIN): _S.LOOKING,
    (_S.LEFT, _A.AGAIN): _S.LOOKING,
    (_S.UNDONE, _A.AGAIN): _S.LOOKING,
}
"""What has no row here changes nothing."""


class Step(StrEnum):
    """What is done next about an address."""

    LOOK = "look"
    FOLLOW = "follow"
    UNDO = "undo"


STEPS = {
    (Wish.LOOK, _S.LOOKING): Step.LOOK,
    (Wish.FOLLOW, _S.LOOKING): Step.LOOK,
    (Wish.FOLLOW, _S.FOUND): Step.FOLLOW,
    (Wish.UNDO, _S.ASKED): Step.UNDO,
    (Wish.UNDO, _S.ACCEPTED): Step.UNDO,
    (Wish.UNDO, _S.REFUSED): Step.UNDO,
}
"""Where there is none, an address waits for nothing."""
BROUGHT = frozenset({_S.ASKED, _S.ACCEPTED, _S.REFUSED})
"""Who was asked because of the list."""


REACHED = BROUGHT | {_S.FOUND, _S.KNOWN}
"""Whose address leads to somebody that can be followed."""


def after(state: EntryState, act: Act) -> EntryState:
    """Return the state that an act leads to; the same where the table has no such step."""
    return TRANSITIONS.get((state, act), state)


def step_for(wish: Wish, state: EntryState, *, listed: bool = True) -> Step | None:
    """Return what is to be done next about an address, None for nothing. Whom a list elsewhere no
    longer names (not `listed`) is let go, if it was the list that brought them.
    """
    if listed:
        return STEPS.get((wish, state))
    return Step.UNDO if wish is not Wish.LOOK and state in BROUGHT else None


def waiting_under(wish: Wish, *, listed: bool = True) -> list[EntryState]:
    """Return the states in which something is to be done under a wish."""
    return [one for one in EntryState if step_for(wish, one, listed=listed) is not None]


def lane_of(host: str) -> int:
    """Return the lane of a host: of one lane one address at a time is looked up, so that no host
    is ever asked about two at once.
    """
    return crc32(host.encode()) % LANES
