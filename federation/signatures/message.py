"""An HTTP message as far as signatures look at it, and what a signature claims about it."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from federation.errors import MalformedError

DEFAULT_PORTS = {"https": ":443", "http": ":80"}
BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})


class Scheme(StrEnum):
    """The two ways of signing that the fediverse speaks."""

    CAVAGE = "cavage"
    RFC9421 = "rfc9421"


@dataclass(frozen=True, slots=True)
class Target:
    """The parts of a target URI. `authority` is in lower case, without a default port."""

    scheme: str
    authority: str
    path: str
    query: str | None

    @property
    def origin_form(self) -> str:
        """The request target as it stands in the first line (RFC 9112 §3.2.1)."""
        return self.path if self.query is None else f"{self.path}?{self.query}"


@dataclass(frozen=True)
class Message:
    """A request, or with `status` the answer to it.

    `url` is the full target URI, query included, of a server whose authority we know from our own
    settings, never from the Host header. `headers` may repeat a name, in any case.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    status: int | None = None

    @cached_property
    def _fields(self) -> dict[str, list[str]]:
        fields: dict[str, list[str]] = {}
        for name, value in self.headers:
            fields.setdefault(name.lower(), []).append(value.strip(" \t\r\n"))
        return fields

    @property
    def target(self) -> Target:
        """The parts of `url`; raises MalformedError if it is not absolute or names a user."""
        return _target(self.url)

    @property
    def needs_digest(self) -> bool:
        """Whether there is a body to be vouched for."""
        return bool(self.body) or self.method.upper() in BODY_METHODS

    def value(self, name: str) -> str | None:
        """Return the field `name` (lower case), repeated lines joined by commas (RFC 9421 §2.1)."""
        found = self._fields.get(name)
        return None if found is None else ", ".join(found)

    def lines(self, name: str) -> list[str]:
        """Return the lines of the field `name` (lower case) one by one."""
        return self._fields.get(name, [])


@lru_cache(maxsize=256)
def _target(url: str) -> Target:
    scheme, colon, rest = url.partition("://")
    rest = rest.partition("#")[0]
    end = min((at for at in (rest.find("/"), rest.find("?")) if at >= 0), default=len(rest))
    authority = rest[:end].lower()
    if not colon or not authority or "@" in authority:
        raise MalformedError(term="target URI")
    path, question, query = rest[end:].partition("?")
    scheme = scheme.lower()
    return Target(scheme, bare(authority, scheme), path or "/", query if question else None)


def bare(authority: str, scheme: str) -> str:
    """Return `authority` in lower case and without the default port of `scheme`."""
    return authority.lower().removesuffix(DEFAULT_PORTS.get(scheme, "\n"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One signature as its headers state it; nothing of it is proven yet.

    `covered` names the components in order, as they stand in the signature base; `created` and
    `expires` are seconds since 1970; `params` is the value of `@signature-params` (RFC 9421 only).
    """

    scheme: Scheme
    label: str
    key_id: str
    algorithm: str | None
    covered: tuple[str, ...]
    created: int | None
    expires: int | None
    signature: bytes
    params: str = ""
