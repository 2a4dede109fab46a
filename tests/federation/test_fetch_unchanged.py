"""What has not changed since it was last read is not sent again."""

import pytest
from aiohttp import web

from federation.errors import RefusedDocumentError
from federation.fetch import UNCHANGED, Fetcher
from tests.federation.fetched import NOTE, note
from tests.support.peer import Peer

ETAG = '"one"'


async def test_what_still_bears_its_etag_is_answered_without_a_body(
    there: Peer, fetcher: Fetcher
) -> None:
    """Signed as any fetch is; a new one brings the thing and its new ETag."""
    now = [ETAG]

    async def answer(request: web.Request) -> web.StreamResponse:
        assert "Signature" in request.headers
        if request.headers.get("If-None-Match") == now[0]:
            return web.Response(status=304)
        response = there.json(note())
        response.headers["ETag"] = now[0]
        return response

    there.handles(NOTE, answer)
    first = await fetcher.get(NOTE)
    assert (first.status, first.headers["ETag"]) == (200, ETAG)
    same = await fetcher.get(NOTE, etag=ETAG)
    assert (same.status, same.body) == (UNCHANGED, b"")
    now[0] = '"two"'
    changed = await fetcher.get(NOTE, etag=ETAG)
    assert (changed.status, changed.headers["ETag"]) == (200, '"two"')
    assert changed.body


async def test_a_304_that_nobody_asked_for_is_refused(there: Peer, fetcher: Fetcher) -> None:
    """There is nothing that it could stand for."""
    there.answers(NOTE, status=304)
    with pytest.raises(RefusedDocumentError):
        await fetcher.get(NOTE)
