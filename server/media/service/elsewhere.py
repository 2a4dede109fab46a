"""Our copies of pictures from elsewhere, since no page of ours makes a third-party request."""

import asyncio
import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from weakref import WeakKeyDictionary, WeakValueDictionary

import structlog

from federation import uris
from federation.errors import FetchError, UnreachableError
from server import db, jobs
from server.errors import RefusedError
from server.house import House
from server.media.rules import (
    BYTES_LIMIT,
    TOUCH_EVERY,
    Cleaned,
    PictureMissingError,
    Size,
    wait_after,
)
from server.media.service import files
from server.media.tables import RemotePicture

log = structlog.get_logger()

FOLDER = "remote"
TRIM = "media.trim"
FORGET = "media.forget"
PURPOSE = "proxy"
FETCHES = 8
"""Pictures fetched at the same time by one process, each up to 10 MiB in memory."""

_turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
_places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


@dataclass(slots=True)
class StillShown:
    """A picture from elsewhere is about to be fetched or kept.

    Whoever shows such pictures listens and sets `shown` where something of theirs has the URL.
    Where nobody listens the signed address is enough.
    """

    url: str
    asked: bool = False
    """Whether anybody looked."""
    shown: bool = False


def proxied(url: str, *, house: House, size: Size = Size.LARGE) -> str:
    """Return where a picture from elsewhere is seen on this node, `/proxy/…`.

    The address is signed, so that nobody can have us fetch what no page of ours shows.
    """
    text = base64.urlsafe_b64encode(url.encode("utf-8", "replace")).rstrip(b"=").decode()
    return f"/proxy/{text}.{house.vault.tag(text, purpose=PURPOSE)}/{size}"


def asked_url(token: str, *, house: House) -> str:
    """Return the URL in a signed address. Raises PictureMissingError where we never signed it."""
    text, _, tag = token.partition(".")
    if not house.vault.same_tag(text, tag, purpose=PURPOSE):
        raise PictureMissingError
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, ValueError):
        raise PictureMissingError from None


def hash_of(url: str) -> str:
    """Return what a URL is looked up by."""
    return sha256(url.encode("utf-8", "replace")).hexdigest()


async def remote(url: str, *, house: House) -> RemotePicture:
    """Return our copy of a picture from elsewhere, fetched and made anew where there is none yet.

    Any number who ask at once cause one request. A failure is remembered for a while. Raises
    PictureMissingError where it can't be had now, StoreError.
    """
    if not uris.is_web_uri(url):
        raise PictureMissingError
    if (row := await _known(url, house=house)) is not None:
        return row
    name = (house.address, hash_of(url))
    turn = _turns.get(name)
    if turn is None:
        turn = _turns[name] = asyncio.Lock()
    async with turn:
        if (row := await _known(url, house=house)) is not None:
            return row
        await _require_shown(url, house=house)
        try:
            made = await _made_anew(url, house=house)
        except (FetchError, RefusedError) as error:
            await _note_failure(url, error, house=house)
            raise PictureMissingError from error
        return await _keep_copy(url, made, house=house)


async def forget_remote(urls: Iterable[str], *, house: House) -> None:
    """Drop our copies, in the caller's transaction, since what showed them is gone.

    A job looks once more after the commit: a copy may just be on its way. A URL that something
    else still shows is fetched anew when it is next looked at.
    """
    hashes = sorted({hash_of(url) for url in urls})
    if hashes:
        await drop(hashes, house=house)
        await jobs.enqueue(FORGET, {"hashes": [*hashes]}, house=house)


async def drop(hashes: Iterable[str], *, house: House) -> None:
    """Drop copies and what is remembered of failures; their files go when it commits."""
    async with db.transaction():
        rows = await RemotePicture.filter(url_hash__in=list(hashes))
        await RemotePicture.filter(id__in=[row.id for row in rows]).delete()
        for row in rows:
            if row.key is not None:
                await files.remove_later(FOLDER, row.key, house=house)


async def _known(url: str, *, house: House) -> RemotePicture | None:
    """Return the copy that there is. Raises PictureMissingError where it failed not long ago."""
    row = await RemotePicture.get_or_none(url_hash=hash_of(url))
    now = house.clock.now()
    if row is None or row.key is None:
        if row is not None and row.retry_at is not None and row.retry_at > now:
            raise PictureMissingError
        return None
    if row.used_at + TOUCH_EVERY <= now:
        await RemotePicture.filter(id=row.id).update(used_at=now)
    return row


async def _require_shown(url: str, *, house: House) -> None:
    asking = StillShown(url)
    await house.hooks.tell(asking, house)
    if asking.asked and not asking.shown:
        raise PictureMissingError


async def _made_anew(url: str, *, house: House) -> Cleaned:
    places = _places.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(FETCHES))
    async with places:
        answer = await house.fetcher.picture(url, limit=BYTES_LIMIT)
        return await files.cleaned(answer.body)


async def _keep_copy(url: str, made: Cleaned, *, house: House) -> RemotePicture:
    now, key = house.clock.now(), files.new_key(house)
    await files.write(FOLDER, key, made, house=house)
    async with db.transaction():
        await _require_shown(url, house=house)  # it may have been deleted while we fetched
        row = RemotePicture(
            url_hash=hash_of(url), url=url, key=key, media_type=made.media_type,
            size_bytes=made.size_bytes, fetched_at=now, used_at=now,
        )  # fmt: skip
        await _write(row)
        await jobs.enqueue(TRIM, {}, house=house, key=TRIM)
    return row


async def _note_failure(url: str, error: Exception, *, house: House) -> None:
    now = house.clock.now()
    before = await RemotePicture.get_or_none(url_hash=hash_of(url))
    failures = 1 + (before.failures if before is not None else 0)
    wait = wait_after(failures, lasting=not isinstance(error, UnreachableError))
    # Not the URL itself: those of file stores often bear a token.
    log.info(
        "media.not_fetched",
        url_hash=hash_of(url)[:16], error=type(error).__name__, failures=failures,
    )  # fmt: skip
    await _write(
        RemotePicture(
            url_hash=hash_of(url), url=url, failures=failures, retry_at=now + wait,
            fetched_at=now, used_at=now,
        )
    )  # fmt: skip


async def _write(row: RemotePicture) -> None:
    """Write a row over what another process may just have written; its files become orphans."""
    await RemotePicture.bulk_create(
        [row],
        on_conflict=["url_hash"],
        update_fields=[
            "key", "media_type", "size_bytes", "failures", "retry_at", "fetched_at", "used_at",
        ],
    )  # fmt: skip
