"""Long files, sent as they are written."""

from collections.abc import AsyncIterator

from aiohttp import web


async def streamed(
    request: web.Request, parts: AsyncIterator[bytes], *, media_type: str, filename: str
) -> web.StreamResponse:
    """Answer with a file, to be kept, whose parts are made one after the other: no more of it is
    held than one.
    """
    response = web.StreamResponse(
        headers={
            "Content-Type": f"{media_type}; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Cache-Control": "private, no-store",
        }
    )
    await response.prepare(request)
    if request.method != "HEAD":
        async for part in parts:
            await response.write(part)
    await response.write_eof()
    return response
