"""Reads what a form sent, once for each request, with limits that hold while it comes."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from federation.errors import TooLargeError, UnacceptableTypeError
from server.web import csrf, keys
from server.web.errors import StaleFormError, UnfitRequestError
from server.web.sent import Sent, Upload
from server.web.settings import KIB, MIB
from server.web.words import size

_Handler = TypeVar("_Handler", bound=Callable[[web.Request], Awaitable[web.StreamResponse]])

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
_MOST_FIELDS = 1_000
_MOST_PARTS = 200
_OVER = 4
"""A file over the limit is read on (and thrown away) up to so many limits, so that the words beside
it are kept.
"""


def body_limit(most: int) -> Callable[[_Handler], _Handler]:
    """Let a handler take forms of up to `most` bytes:

    `@routes.post(...)` above `@body_limit(12 * MIB)`.
    """

    def mark(handler: _Handler) -> _Handler:
        handler.body_limit = most  # type: ignore[attr-defined]
        return handler

    return mark


def limit_of(request: web.Request) -> int:
    """Return the largest body in bytes that the request's route takes."""
    usual = request.app[keys.SETTINGS].body_limit
    return int(getattr(request.match_info.handler, "body_limit", usual))


async def read_sent(request: web.Request) -> Sent:
    """Return the form that was sent; its token has been checked.

    Raises StaleFormError where the token is missing or wrong, TooLargeError, UnacceptableTypeError,
    UnfitRequestError where it can't be read.
    """
    if keys.SENT not in request:
        if request.content_type == MULTIPART:
            request[keys.SENT] = await _multipart(request)
        elif request.content_type == URLENCODED:
            request[keys.SENT] = await _urlencoded(request)
        else:
            raise UnacceptableTypeError(media_type=request.content_type)
    return request[keys.SENT]


async def _urlencoded(request: web.Request) -> Sent:
    body = await read_body(request, limit_of(request))
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        raise UnfitRequestError from None
    sent = Sent()
    for name, value in pairs:
        sent.fields.setdefault(name, []).append(value)
    if not csrf.is_right(request, sent.one(csrf.FIELD) or ""):
        request[keys.SENT] = sent
        raise StaleFormError
    return sent


async def read_body(request: web.Request, limit: int) -> bytes:
    """Return a body of at most so many bytes. Raises TooLargeError."""
    body = bytearray()
    async for chunk in request.content.iter_chunked(64 * KIB):
        body += chunk
        if len(body) > limit:
            raise TooLargeError(limit=size(limit))
    return bytes(body)


async def _multipart(request: web.Request) -> Sent:
    limit = limit_of(request)
    sent, taken = Sent(), _Taken(limit)
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or not part.name:
                raise UnfitRequestError
            taken.part()
            if part.filename is None:
                value = (await _part(part, taken)).decode("utf-8", "replace")
                sent.fields.setdefault(part.name, []).append(value)
            else:
                _check_token(request, sent)
                upload = await _upload(part, taken)
                sent.files.setdefault(part.name, []).append(upload)
    except (ValueError, RuntimeError, LookupError, HttpProcessingError):
        raise UnfitRequestError from None
    _check_token(request, sent)
    return sent


class _Taken:
    """How much of a body has come, and whether more may be kept."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.kept = 0
        self._come = 0
        self._parts = 0

    def part(self) -> None:
        """Count a part."""
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise UnfitRequestError

    def keep(self, more: int) -> bool:
        """Count so many bytes, and return whether they may be kept."""
        self._come += more
        if self._come > self.limit * _OVER:
            raise TooLargeError(limit=size(self.limit))
        self.kept += more
        return self.kept <= self.limit


async def _part(part: BodyPartReader, taken: _Taken) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(64 * KIB):
        data += chunk
        if not taken.keep(len(chunk)) or len(data) > MIB:
            raise TooLargeError(limit=size(taken.limit))
    return bytes(data)


async def _upload(part: BodyPartReader, taken: _Taken) -> Upload:
    data, before, too_large = bytearray(), taken.kept, False
    while chunk := await part.read_chunk(64 * KIB):
        too_large = not taken.keep(len(chunk)) or too_large
        if too_large:
            data.clear()
            taken.kept = before
        else:
            data += chunk
    return Upload(
        # Octets that are no text and NUL, which no database takes, can be in a name.
        filename="".join(filter(str.isprintable, part.filename or ""))[:255],
        content_type=part.headers.get("Content-Type", "")[:255],
        data=bytes(data),
        too_large=too_large,
    )


def _check_token(request: web.Request, sent: Sent) -> None:
    if not csrf.is_right(request, sent.one(csrf.FIELD) or ""):
        request[keys.SENT] = sent
        raise StaleFormError
