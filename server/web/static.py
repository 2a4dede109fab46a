"""Style, script and drawings: read once, held in memory, named by what they hold."""

import gzip
import mimetypes
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from aiohttp import web

from server.errors import NotFoundError
from server.web.negotiation import has_already

FOLDER = Path(__file__).parent / "static"
STYLE = (
    "tokens.css",
    "base.css",
    "frame.css",
    "components.css",
    "charts.css",
    "experiments.css",
    "learning.css",
    "forms.css",
)
"""What `fettle.css` is made of, in this order."""
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_NOW = "public, max-age=300"
_SMALL = 512
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}

routes = web.RouteTableDef()


@dataclass(frozen=True, slots=True)
class File:
    """One file: its body twice, and what it is called."""

    body: bytes
    squeezed: bytes | None
    content_type: str
    digest: str


def read(folder: Path = FOLDER) -> dict[str, File]:
    """Return the files of a folder by their names, and `fettle.css`, the style in one piece."""
    bodies = dict(_bodies(folder))
    bodies["fettle.css"] = b"\n".join(bodies[name] for name in STYLE)
    return {name: _file(name, body) for name, body in bodies.items()}


def _bodies(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _file(name: str, body: bytes) -> File:
    squeezed = gzip.compress(body, 9, mtime=0) if len(body) > _SMALL else b""
    suffix = Path(name).suffix
    media = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return File(
        body=body,
        squeezed=squeezed if squeezed and len(squeezed) < len(body) else None,
        content_type=f"{media}; charset=utf-8" if suffix in _TYPES else media,
        digest=blake2b(body, digest_size=6).hexdigest(),
    )


FILES = read()
_URLS = {name: f"/static/{file.digest}/{name}" for name, file in FILES.items()}


def static(name: str) -> str:
    """Return the address of a static file; another one once the file changes.

    Raises KeyError for none of ours.
    """
    return _URLS[name]


@routes.get("/static/{digest:[0-9a-f]{12}}/{name:.+}", name="static")
async def static_file(request: web.Request) -> web.Response:
    """Answer with a file; for ever where the address names what it holds now."""
    file = FILES.get(request.match_info["name"])
    if file is None:
        raise NotFoundError
    current = request.match_info["digest"] == file.digest
    etag = f'"{file.digest}"'
    headers = {
        "ETag": etag,
        "Cache-Control": _FOR_EVER if current else _FOR_NOW,
        "Vary": "Accept-Encoding",
    }
    if has_already(request, etag):
        return web.Response(status=304, headers=headers)
    headers["Content-Type"] = file.content_type
    if file.squeezed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return web.Response(body=file.squeezed, headers=headers)
    return web.Response(body=file.body, headers=headers)
