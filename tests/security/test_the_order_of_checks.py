"""What comes in is checked in one order (federation.md §5): of several faults the first answers."""

from io import BytesIO

import pytest

from server import db
from server.inbox.tables import Received
from tests.security.conftest import Scene, on_sqlite
from tests.security.forging import Forger, as_bytes
from tests.support.resident import CONTENT_TYPE, Document

TOO_LARGE = b"{" + b" " * 1_048_576
NO_JSON = b"{"
NO_TYPE = {"Content-Type": "text/plain"}
TYPE = {"Content-Type": CONTENT_TYPE}


def _foreign(scene: Scene) -> Document:
    """What Ann may not say: its id is of another host."""
    return {**scene.ann.follow(scene.ida), "id": "https://other.test/activities/1"}


@on_sqlite
@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("type", 415), ("JSON", 400), ("levels", 400), ("no signature", 401),
        ("digest", 401), ("key", 401), ("authority", 403),
    ],
)  # fmt: skip
async def test_the_first_fault_answers(scene: Scene, fault: str, status: int) -> None:
    """Each request has every later fault as well, and nothing comes of any."""
    forger = Forger(scene.ann, scene.inbox)
    body = as_bytes(_foreign(scene))
    eve = scene.peer.actor("eve")
    stolen = Forger(eve, scene.inbox).cavage(body, key_id=scene.ann.key.key_id)
    bodies = {"type": NO_JSON, "JSON": NO_JSON}
    bodies["levels"] = b'{"a":' * 65 + b"1" + b"}" * 65
    headers = {
        "type": NO_TYPE, "JSON": TYPE, "levels": TYPE, "no signature": TYPE,
        "digest": {**stolen, "Digest": "SHA-256=" + "A" * 43 + "="}, "key": stolen,
        "authority": forger.cavage(body),
    }[fault]  # fmt: skip
    async with scene.nothing_happens():
        assert (await forger.post(bodies.get(fault, body), headers)).status == status
    fetched = fault in {"key", "authority"}
    assert [one.path for one in scene.peer.requests] == (["/people/ann"] if fetched else [])


@on_sqlite
async def test_size_comes_before_everything_else(scene: Scene) -> None:
    """Of what is too large nothing is looked at, whatever it says it is."""
    browser = scene.browser()
    async with scene.nothing_happens():
        body = BytesIO(TOO_LARGE)
        async with browser.session.post(scene.inbox, data=body, headers=NO_TYPE) as answer:
            assert answer.status == 413


async def test_what_passes_is_stored_once_before_it_is_answered(scene: Scene) -> None:
    """With the job that will process it, in one transaction; what comes again is answered alike."""
    like = scene.ann.like(f"{scene.ward.origin}/stories/1")
    for _ in range(2):
        assert (await scene.ann.post(scene.inbox, like)).status == 202

    async def both() -> tuple[int, int]:
        [jobs] = await db.rows("SELECT count(*) AS n FROM jobs WHERE kind = 'inbox.process'")
        return await Received.all().count(), int(jobs["n"])

    assert await scene.ward.run(both) == (1, 1)


async def test_what_cannot_be_stored_is_not_answered_as_taken(scene: Scene) -> None:
    """The queue is away: nothing of it stays, and the sender is told to try again."""
    like = scene.ann.like(f"{scene.ward.origin}/stories/1")
    await scene.ward.run(db.execute, "ALTER TABLE jobs RENAME TO jobs_away")
    assert (await scene.ann.post(scene.inbox, like)).status == 500
    assert (await scene.stored())["received"] == []
    await scene.ward.run(db.execute, "ALTER TABLE jobs_away RENAME TO jobs")
    assert (await scene.ann.post(scene.inbox, like)).status == 202
