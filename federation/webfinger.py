"""WebFinger (RFC 7033): from a handle to an actor and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from federation.errors import (
    FetchError,
    GoneError,
    MalformedError,
    RefusedDocumentError,
    UnreachableError,
)
from federation.fetch import ACTIVITY, Fetcher, is_acceptable
from federation.uris import Handle, host_of, is_web_uri, parse_handle
from federation.vocab import Actor, Json, JsonObject

JRD = "application/jrd+json, application/json"
SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
PROFILE_PAGE = "http://webfinger.net/rel/profile-page"
AVATAR = "http://webfinger.net/rel/avatar"
ACTIVITY_JSON = "application/activity+json"
MAX_LINKS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a host says about one of its handles."""

    handle: Handle
    """The canonical handle: a host may answer for `@a@example.org` with `@a@social.example.org`."""
    actor_uri: str
    profile_url: str | None = None
    subscribe_template: str | None = None
    """Where somebody of that host follows an actor: `{uri}` stands for whom."""
    aliases: tuple[str, ...] = ()

    def subscribe_url(self, uri: str) -> str | None:
        """Return where this person is asked whether they will follow `uri`, or None."""
        if self.subscribe_template is None:
            return None
        return self.subscribe_template.replace("{uri}", quote(uri, safe=""))


async def lookup(handle: Handle, fetcher: Fetcher, *, fresh: bool = False) -> Found:
    """Ask the handle's host for its actor.

    Where the answer names another handle, that one's host must confirm it. Raises `GoneError`
    where there is none and other `FetchError`s.
    """
    found = await _asked(handle, fetcher, fresh=fresh)
    if found.handle == handle:
        return found
    confirmed = await _asked(found.handle, fetcher, fresh=fresh)
    if confirmed.handle != found.handle or confirmed.actor_uri != found.actor_uri:
        raise _refused(handle, "the handle that it gives does not lead back")
    return confirmed


async def handle_of(actor: Actor, fetcher: Fetcher, *, fresh: bool = False) -> Handle:
    """Return the handle that leads to `actor` and back (FEP-2c59, or its name at its host).

    Raises `RefusedDocumentError` where it leads to somebody else, other `FetchError`s, and
    `MalformedError` where the actor has no name.
    """
    if actor.webfinger is None and actor.preferred_username is None:
        raise MalformedError(term="preferredUsername")
    named = actor.webfinger or f"{actor.preferred_username}@{host_of(actor.id)}"
    found = await lookup(parse_handle(named), fetcher, fresh=fresh)
    if found.actor_uri != actor.id:
        raise _refused(found.handle, f"it leads to another actor than {actor.id}")
    return found.handle


def jrd(
    subject: str,
    *,
    actor_uri: str,
    profile_url: str | None = None,
    subscribe_template: str | None = None,
    avatar_url: str | None = None,
    aliases: Sequence[str] = (),
) -> JsonObject:
    """Build our own answer about `subject`, an `acct:` URI (RFC 7033 §4.4)."""
    links: list[Json] = [{"rel": "self", "type": ACTIVITY_JSON, "href": actor_uri}]
    if profile_url is not None:
        links.append({"rel": PROFILE_PAGE, "type": "text/html", "href": profile_url})
    if avatar_url is not None:
        links.append({"rel": AVATAR, "href": avatar_url})
    if subscribe_template is not None:
        links.append({"rel": SUBSCRIBE, "template": subscribe_template})
    known = dict.fromkeys([actor_uri, *([profile_url] if profile_url else []), *aliases])
    return {"subject": subject, "aliases": list(known), "links": links}


async def _asked(handle: Handle, fetcher: Fetcher, *, fresh: bool) -> Found:
    resource = quote(f"acct:{handle.name}@{handle.host}", safe="")
    path = f"{handle.host}/.well-known/webfinger?resource={resource}"
    try:
        _, document = await fetcher.json(f"https://{path}", accept=JRD, signed=False, fresh=fresh)
    except UnreachableError:
        if not fetcher.policy.allow_http:
            raise
        _, document = await fetcher.json(f"http://{path}", accept=JRD, signed=False, fresh=fresh)
    return _read(handle, document, fetcher)


def _read(handle: Handle, document: JsonObject, fetcher: Fetcher) -> Found:
    links = _links(document)
    actor_uri = next((link["href"] for link in links if _is_self(link)), None)
    if actor_uri is None:
        raise GoneError(url=_address(handle), reason="it names no actor")
    aliases = document.get("aliases")
    return Found(
        handle=_subject(handle, document),
        actor_uri=actor_uri,
        profile_url=next((link["href"] for link in links if _is_profile(link)), None),
        subscribe_template=_template(links, fetcher),
        aliases=tuple(
            alias
            for alias in (aliases if isinstance(aliases, list) else [])[:MAX_LINKS]
            if isinstance(alias, str) and is_web_uri(alias)
        ),
    )


def _links(document: JsonObject) -> list[dict[str, str]]:
    links = document.get("links")
    return [
        {name: value for name, value in link.items() if isinstance(value, str)}
        for link in (links if isinstance(links, list) else [])[:MAX_LINKS]
        if isinstance(link, dict)
    ]


def _is_self(link: dict[str, str]) -> bool:
    return (
        link.get("rel") == "self"
        and is_acceptable(link.get("type", ""), ACTIVITY)
        and is_web_uri(link.get("href", ""))
    )


def _is_profile(link: dict[str, str]) -> bool:
    return link.get("rel") == PROFILE_PAGE and is_web_uri(link.get("href", ""))


def _template(links: list[dict[str, str]], fetcher: Fetcher) -> str | None:
    for link in links:
        template = link.get("template", "")
        if link.get("rel") == SUBSCRIBE and "{uri}" in template:
            try:
                fetcher.policy.check_url(template.replace("{uri}", "x"))
            except FetchError:
                continue
            return template
    return None


def _subject(handle: Handle, document: JsonObject) -> Handle:
    subject = document.get("subject")
    if not isinstance(subject, str) or not subject.startswith("acct:"):
        return handle
    try:
        return parse_handle(subject)
    except MalformedError:
        raise _refused(handle, "the handle that it gives can't be read") from None


def _refused(handle: Handle, reason: str) -> RefusedDocumentError:
    return RefusedDocumentError(url=_address(handle), reason=reason)


def _address(handle: Handle) -> str:
    return f"acct:{handle.name}@{handle.host}"
