"""Lists elsewhere: taken up once, then looked at again and again, cheaply, by their ETag.

Whom a list names newly is looked up and followed; whom it no longer names is no longer followed, if
it was the list that brought them. What a steward decided stays: whom they followed themselves is
followed still, and whom they stopped following is not asked again.
"""

from collections.abc import Sequence

import structlog

from federation import uris
from federation.errors import FederationError, GoneError, UnreachableError
from federation.vocab import JsonObject
from server import db, jobs
from server.actors import service as actors
from server.errors import RefusedError
from server.house import House
from server.network.rules.sharing import (
    AGAIN,
    EVERY,
    MOST_ROWS,
    REMEMBERED,
    wait_after,
)
from server.network.rules.subscribing import (
    REASON_LIMIT,
    Act,
    EntryState,
    Wish,
    after,
    lane_of,
    step_for,
)
from server.network.service.elsewhere import Reading, read_list
from server.network.service.stepping import TURN, prime
from server.network.tables import Batch, Entry, TakenList

log = structlog.get_logger()

JOB = "network.poll_list"
ROUND_JOB = "network.poll_lists"
ROUND = 200
"""Lists that are looked at in one go."""


class NoListError(RefusedError):
    """There is no list at {uri}. Copy its whole address from its page."""


class SilentListError(RefusedError):
    """{host} does not answer just now. Try again later."""


class OwnListError(RefusedError):
    """That is a list of this hub."""


class TakenAlreadyError(RefusedError):
    """This hub has taken up that list already."""


async def take_up(uri: str, *, by: str, house: House) -> Batch:
    """Begin to follow along with a list elsewhere: whom it names is looked up, and nobody followed
    before that is wished.

    Raises NoListError, SilentListError, OwnListError, TakenAlreadyError, BlockedError.
    """
    if not uris.is_web_uri(uri):
        raise NoListError(uri=uri)
    if uris.host_of(uri) == house.host:
        raise OwnListError
    await actors.refuse_blocked(uris.host_of(uri))
    try:
        reading = await read_list(uri, "", house)
    except UnreachableError as error:
        raise SilentListError(host=uris.host_of(uri)) from error
    except FederationError as error:
        raise NoListError(uri=uri) from error
    if reading is None:
        raise NoListError(uri=uri)
    now = house.clock.now()
    async with db.transaction():
        batch = await Batch.create(
            title=reading.title or reading.uri[:200], by=by, wish=Wish.LOOK, created_at=now,
            changed_at=now,
        )  # fmt: skip
        taken = TakenList(
            uri=reading.uri, batch_id=batch.id, due_at=now + EVERY, again_at=now + AGAIN,
            read_at=now,
            etag=reading.etag if reading.is_whole else "",
        )  # fmt: skip
        if not await db.add(taken, unless="uri"):
            raise TakenAlreadyError
        await _merge(batch, reading, house=house)
    return batch


async def leave_list(batch_id: int) -> None:
    """No longer follow along with a list; whom it brought stays followed."""
    await TakenList.filter(batch_id=batch_id).delete()


async def poll_due(_: JsonObject, house: House) -> None:
    """Have those lists looked at whose time has come."""
    found = await db.rows(
        "SELECT t.id FROM taken_lists t JOIN subscription_batches b ON b.id = t.batch_id"
        " WHERE t.due_at <= ? AND b.paused = ? AND b.wish <> 'undo' ORDER BY t.due_at LIMIT ?",
        db.moment(house.clock.now()), False, ROUND,
    )  # fmt: skip
    for row in found:
        await jobs.enqueue(JOB, {"list": row["id"]}, key=f"{JOB}:{row['id']}", house=house)


async def poll(payload: JsonObject, house: House) -> None:
    """Look whether a list has changed, and follow along. Run twice, it changes nothing more."""
    taken = await TakenList.get_or_none(id=int(str(payload["list"])))
    if taken is None or taken.due_at > house.clock.now():
        return
    try:
        await actors.refuse_blocked(uris.host_of(taken.uri))
        reading = await read_list(taken.uri, taken.etag, house)
    except (FederationError, RefusedError) as error:
        await _failed(taken, error, house)
        return
    now = house.clock.now()
    async with db.transaction():
        await db.in_turn(TURN)
        batch = await Batch.filter(id=taken.batch_id).select_for_update().get_or_none()
        if batch is None:
            return
        changed = {"read_at": now, "due_at": now + EVERY, "failures": 0, "error": ""}
        if taken.again_at <= now:
            await _look_again(batch, house=house)
            changed["again_at"] = now + AGAIN
        if reading is not None:
            await _merge(batch, reading, house=house)
            changed["etag"] = reading.etag if reading.is_whole else ""
        await TakenList.filter(id=taken.id).update(**changed)


async def _failed(taken: TakenList, error: Exception, house: House) -> None:
    """Note that a list could not be read. That says nothing of whom it names."""
    words = str(error)
    if isinstance(error, GoneError):
        words = "There is no list at this address any more."
    failures = taken.failures + 1
    await TakenList.filter(id=taken.id).update(
        failures=failures, error=words[:REASON_LIMIT],
        due_at=house.clock.now() + wait_after(failures),
    )  # fmt: skip
    log.info("network.list_unread", host=uris.host_of(taken.uri), error=type(error).__name__)


async def _look_again(batch: Batch, *, house: House) -> None:
    """Look up once more those whom a list names and who could not be followed."""
    rows = Entry.filter(batch_id=batch.id, state=EntryState.FAILED, unlisted_at=None)
    state = after(EntryState.FAILED, Act.AGAIN)
    await rows.update(state=state, reason="", tries=0, waiting=not batch.paused)
    await prime(house=house)


async def _merge(batch: Batch, reading: Reading, *, house: House) -> None:
    """Bring a batch in line with a list: new names come in, those that came back may be followed
    again, and whoever is no longer named is let go.
    """
    rows = {row.address: row for row in await Entry.filter(batch_id=batch.id)}
    new = [name for name in reading.names if name not in rows][: MOST_ROWS - len(rows)]
    await Entry.bulk_create(
        [_entry(batch, name, line) for line, name in enumerate(new, len(rows) + 1)],
        batch_size=200,
    )
    named = set(reading.names)
    for row in rows.values():
        if row.address in named and row.unlisted_at is not None:
            row.unlisted_at = None
            if row.state is EntryState.UNDONE:
                row.state = after(row.state, Act.AGAIN)
        elif row.address not in named and row.unlisted_at is None and reading.is_whole:
            row.unlisted_at = house.clock.now()
        else:
            continue
        row.tries, row.waiting = 0, _waits(batch, row)
        await row.save(update_fields=["unlisted_at", "state", "tries", "waiting"])
    await prime(house=house)


def _entry(batch: Batch, name: str, line: int) -> Entry:
    row = Entry(batch_id=batch.id, line=line, address=name, lane=lane_of(uris.host_of(name)))
    row.waiting = _waits(batch, row)
    return row


def _waits(batch: Batch, row: Entry) -> bool:
    if batch.paused:
        return False
    return step_for(batch.wish, row.state, listed=row.unlisted_at is None) is not None


async def forget_unlisted(*, house: House) -> None:
    """Forget names that a list has not had for a while; but whom a steward left out is remembered,
    or they would be followed if the list named them again.
    """
    before = house.clock.now() - REMEMBERED
    old = Entry.filter(unlisted_at__lt=before, waiting=False)
    await old.exclude(state=EntryState.LEFT).delete()


async def taken_of(batches: Sequence[Batch]) -> dict[int, TakenList]:
    """Return which batches are lists elsewhere, by their rows."""
    rows = await TakenList.filter(batch_id__in=[batch.id for batch in batches])
    return {row.batch_id: row for row in rows}
