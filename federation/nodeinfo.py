"""NodeInfo 2.0 and 2.1: what software a host runs, and what kind of place it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from federation.errors import GoneError, RefusedDocumentError, UnreachableError
from federation.fetch import Fetcher
from federation.uris import is_web_uri
from federation.vocab import Json, JsonObject

SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/"
VERSIONS = ("2.1", "2.0")
"""The newest first: that is the one asked for."""
JSON = "application/json"
MAX_LINKS = 20
MAX_TEXT = 500
MAX_KINDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeInfo:
    """What a host tells about itself. Its claims: nothing here is proven."""

    software: str
    """Lower case: `fettle`, `mastodon`, ..."""
    version: str = ""
    name: str | None = None
    description: str | None = None
    kinds: tuple[str, ...] = ()
    """Fettle's: what sort of a hub this is."""
    open_registrations: bool = False
    users: int | None = None
    active_month: int | None = None
    active_half_year: int | None = None
    posts: int | None = None
    comments: int | None = None
    metadata: Mapping[str, Json] = field(default_factory=dict)
    """Whatever else the host publishes as `metadata`."""

    @property
    def is_fettle(self) -> bool:
        """Tell whether the host runs this software."""
        return self.software == "fettle"


async def nodeinfo(host: str, fetcher: Fetcher, *, fresh: bool = False) -> NodeInfo | None:
    """Ask `host` (an authority) what it is; None where it doesn't tell.

    Raises `UnreachableError` where it can't be asked just now and `ForbiddenAddressError`.
    """
    try:
        where = await _where(host, fetcher, fresh=fresh)
        if where is None:
            return None
        _, document = await fetcher.json(where, accept=JSON, signed=False, fresh=fresh)
    except (GoneError, RefusedDocumentError):
        return None
    return _read(document)


def links(address: str) -> JsonObject:
    """Build `/.well-known/nodeinfo` of the node at `address`, an origin without a slash."""
    return {
        "links": [
            {"rel": SCHEMA + version, "href": f"{address}/nodeinfo/{version}"}
            for version in reversed(VERSIONS)
        ]
    }


def document(info: NodeInfo, *, version: str, repository: str | None = None) -> JsonObject:
    """Build the NodeInfo document of `version`, "2.0" or "2.1"; only 2.1 has a repository."""
    software: JsonObject = {"name": info.software, "version": info.version}
    if version == "2.1" and repository is not None:
        software["repository"] = repository
    counts = {
        "total": info.users,
        "activeMonth": info.active_month,
        "activeHalfyear": info.active_half_year,
    }
    usage: JsonObject = {"users": {name: n for name, n in counts.items() if n is not None}}
    for name, count in (("localPosts", info.posts), ("localComments", info.comments)):
        if count is not None:
            usage[name] = count
    return {
        "version": version,
        "software": software,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": ["atom1.0"]},
        "openRegistrations": info.open_registrations,
        "usage": usage,
        "metadata": _metadata(info),
    }


def _metadata(info: NodeInfo) -> JsonObject:
    known: JsonObject = {**info.metadata}
    if info.name is not None:
        known["nodeName"] = info.name
    if info.description is not None:
        known["nodeDescription"] = info.description
    if info.kinds:
        known["kinds"] = list(info.kinds)
    return known


async def _where(host: str, fetcher: Fetcher, *, fresh: bool) -> str | None:
    """Find the address of the newest document that `host` links to."""
    path = f"{host}/.well-known/nodeinfo"
    try:
        _, found = await fetcher.json(f"https://{path}", accept=JSON, signed=False, fresh=fresh)
    except UnreachableError:
        if not fetcher.policy.allow_http:
            raise
        _, found = await fetcher.json(f"http://{path}", accept=JSON, signed=False, fresh=fresh)
    entries = found.get("links")
    hrefs = {
        entry.get("rel"): entry.get("href")
        for entry in (entries if isinstance(entries, list) else [])[:MAX_LINKS]
        if isinstance(entry, dict) and isinstance(entry.get("rel"), str)
    }
    for version in VERSIONS:
        href = hrefs.get(SCHEMA + version)
        if isinstance(href, str) and is_web_uri(href):
            return href
    return None


def _read(found: JsonObject) -> NodeInfo | None:
    software = _object(found, "software")
    name = _text(software, "name")
    if name is None:
        return None
    usage, metadata = _object(found, "usage"), _object(found, "metadata")
    users = _object(usage, "users")
    kinds = metadata.get("kinds")
    return NodeInfo(
        software=name.lower(),
        version=_text(software, "version") or "",
        name=_text(metadata, "nodeName"),
        description=_text(metadata, "nodeDescription"),
        kinds=tuple(
            kind[:MAX_TEXT]
            for kind in (kinds if isinstance(kinds, list) else [])[:MAX_KINDS]
            if isinstance(kind, str)
        ),
        open_registrations=found.get("openRegistrations") is True,
        users=_count(users, "total"),
        active_month=_count(users, "activeMonth"),
        active_half_year=_count(users, "activeHalfyear"),
        posts=_count(usage, "localPosts"),
        comments=_count(usage, "localComments"),
        metadata=metadata,
    )


def _object(found: JsonObject, name: str) -> JsonObject:
    value = found.get(name)
    return value if isinstance(value, dict) else {}


def _text(found: JsonObject, name: str) -> str | None:
    value = found.get(name)
    return value[:MAX_TEXT] if isinstance(value, str) and value else None


def _count(found: JsonObject, name: str) -> int | None:
    value = found.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
