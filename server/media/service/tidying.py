"""What goes by itself: pictures that nothing shows, copies beyond the limit, stray files."""

from collections.abc import AsyncIterator
from datetime import timedelta

import structlog
from tortoise.functions import Sum

from federation.vocab import JsonObject
from server import db
from server.house import House
from server.jobs import Registry
from server.media.rules import FAILURES_KEPT, ROOM_MADE, UNUSED_LASTS
from server.media.service import elsewhere, files, own
from server.media.tables import Picture, RemotePicture

log = structlog.get_logger()

SWEEP = "media.sweep"
SWEEP_FILES = "media.sweep_files"
BATCH = 200


def register_jobs(registry: Registry) -> None:
    """Have files removed and the unused swept."""
    registry.on(files.REMOVE, remove_files)
    registry.on(elsewhere.FORGET, forget)
    registry.on(elsewhere.TRIM, trim)
    registry.on(SWEEP, sweep)
    registry.every(SWEEP, timedelta(hours=1))
    registry.on(SWEEP_FILES, sweep_files)
    registry.every(SWEEP_FILES, timedelta(days=1))


async def remove_files(payload: JsonObject, house: House) -> None:
    """Remove the files of a picture whose row is gone."""
    await files.remove(str(payload["folder"]), str(payload["key"]), house=house)


async def forget(payload: JsonObject, house: House) -> None:
    """Drop copies that came in while their post was being deleted."""
    hashes = payload["hashes"]
    if isinstance(hashes, list):
        await elsewhere.drop(map(str, hashes), house=house)


async def trim(_: JsonObject, house: House) -> None:
    """Drop the least recently used copies where they fill more than their limit."""
    filled = await _filled()
    if filled <= house.picture_cache_limit:
        return
    target = int(house.picture_cache_limit * ROOM_MADE)
    while filled > target:
        rows = await RemotePicture.filter(key__isnull=False).order_by("used_at", "id").limit(BATCH)
        chosen = []
        for row in rows:
            if filled > target:
                chosen.append(row)
                filled -= row.size_bytes
        if not chosen:
            break
        await elsewhere.drop([row.url_hash for row in chosen], house=house)
        log.info("media.trimmed", copies=len(chosen), filled=filled)


async def sweep(_: JsonObject, house: House) -> None:
    """Delete pictures that nothing has shown for a day, and memories of failures long past."""
    now = house.clock.now()
    async with db.transaction():
        for picture in await _unused(house=house):
            await own.delete(picture.id, house=house)
    await RemotePicture.filter(key__isnull=True, retry_at__lt=now - FAILURES_KEPT).delete()


async def sweep_files(_: JsonObject, house: House) -> None:
    """Remove files that no row speaks of: of a process that was killed, of a transaction undone."""
    before = house.clock.now() - UNUSED_LASTS
    for folder, table in ((own.FOLDER, Picture), (elsewhere.FOLDER, RemotePicture)):
        async for keys in _old_keys(folder, before.timestamp(), house=house):
            known = await table.filter(key__in=list(keys)).values_list("key", flat=True)
            for key in keys - set(map(str, known)):
                log.info("media.orphan_removed", folder=folder, key=key)
                await files.remove(folder, key, house=house)


async def _filled() -> int:
    [row] = await RemotePicture.annotate(filled=Sum("size_bytes")).values("filled")
    return int(row["filled"] or 0)


async def _unused(*, house: House) -> list[Picture]:
    """Return old pictures that no row of any table refers to.

    Locked first and looked at again then, so that one attached at this moment stays.
    """
    old = {"open_to_all": False, "created_at__lt": house.clock.now() - UNUSED_LASTS}
    nowhere = {f"{name}__isnull": True for name in Picture._meta.backward_fk_fields}
    ids = await Picture.filter(**old, **nowhere).limit(BATCH).values_list("id", flat=True)
    await Picture.filter(id__in=list(ids)).select_for_update()
    return await Picture.filter(id__in=list(ids), **nowhere)


async def _old_keys(folder: str, before: float, *, house: House) -> AsyncIterator[set[str]]:
    """Yield the keys that have files from before a moment (seconds since the epoch), in batches."""
    keys: set[str] = set()
    async for found in house.store.listed(folder):
        if found.stored_at.timestamp() < before:
            keys.add(found.path.split("/")[-2])
        if len(keys) >= BATCH:
            yield keys
            keys = set()
    if keys:
        yield keys
