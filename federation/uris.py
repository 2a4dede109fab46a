"""Addresses and names, brought to one spelling before anybody compares them (security case 25)."""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import SplitResult, urlsplit

import idna

from federation.errors import MalformedError

MAX_URI = 2_048
"""Bytes that an address may have."""
MAX_AUTHORITY = 262
"""A host of 253 characters, a dot, a colon, a port of five digits, brackets."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
# No white space, no control or format character, nothing that a browser would quietly rewrite.
_WEB_URI = re.compile(
    r"(?P<scheme>https?)://(?P<authority>[^\s/?#@\\<>\"^`{|}\x00-\x20\x7f-\xa0]++)"
    r"(?:[/?#][^\s\\<>\"^`{|}\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]*+)?",
    re.IGNORECASE,
)
_PLAIN_URI = re.compile(r"(https?)://([a-z0-9.-]++)(?:/[!#-;=?-\[\]_a-z~]*+)?")
"""Most addresses: ASCII, a name in lower case, no port. What may stand in it, `_WEB_URI` allows."""
_PORT = re.compile(r"(?P<host>.*?)(?::(?P<port>[0-9]{0,6}))?", re.DOTALL)
_PLAIN_HOST = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)
_HANDLE = re.compile(r"(?:acct:|[@!])?(?P<name>[A-Za-z0-9_.~+-]{1,128})@(?P<host>[^@\s/]+)")


def normalise_host(host_or_authority: str, *, scheme: str = "https") -> str:
    """Return the one spelling of a host, with its port unless it is the scheme's default.

    Lower case, IDNA 2008 (UTS #46, not transitional), no dot at the end. A literal IPv4 address has
    four decimal parts; every other spelling of one is refused. IPv6 is in brackets, compressed.
    Raises MalformedError where it is no host.
    """
    if not 0 < len(host_or_authority) <= MAX_AUTHORITY:
        raise MalformedError(term="host")
    return _normalised(host_or_authority, scheme.lower())


def host_of(uri: str) -> str:
    """Return the normalised authority of a web address: its host, and any port not the default.

    Raises MalformedError where `uri` is no web address.
    """
    host = _host(uri) if len(uri) <= MAX_URI else None
    if host is None:
        raise MalformedError(term="uri")
    return host


def is_web_uri(text: object) -> bool:
    """Tell whether `text` is an absolute http or https address that may be kept and compared.

    It has a host, no user name or password, no control character or white space, and at most
    `MAX_URI` bytes in UTF-8.
    """
    return isinstance(text, str) and len(text) <= MAX_URI and _host(text) is not None


def same_origin(a: str, b: str) -> bool:
    """Tell whether two web addresses have scheme, host and port in common (RFC 6454 §5).

    What is no web address has no origin, so the answer is then False.
    """
    if not is_web_uri(a) or not is_web_uri(b):
        return False
    return _host(a) == _host(b) and _scheme(a) == _scheme(b)


@dataclass(frozen=True, slots=True)
class Handle:
    """What people type: `@name@host`. The host is normalised, the name is as it was typed."""

    name: str
    host: str

    def __str__(self) -> str:
        """Return the handle with both signs."""
        return f"@{self.name}@{self.host}"

    @property
    def acct(self) -> str:
        """The WebFinger resource (RFC 7565)."""
        return f"acct:{self.name}@{self.host}"


def parse_handle(text: str) -> Handle:
    """Read `@name@host`, `name@host`, `acct:name@host` or Lemmy's `!name@host`.

    Raises MalformedError where it is none of these.
    """
    match = _HANDLE.fullmatch(text.strip()) if len(text) <= 2 * MAX_AUTHORITY else None
    if match is None:
        raise MalformedError(term="handle")
    try:
        return Handle(name=match["name"], host=normalise_host(match["host"]))
    except MalformedError:
        raise MalformedError(term="handle") from None


def split(uri: str) -> SplitResult:
    """Return the parts of a web address, the authority normalised. Raises MalformedError."""
    host = host_of(uri)
    try:
        return urlsplit(uri)._replace(netloc=host)
    except ValueError:
        raise MalformedError(term="uri") from None


@lru_cache(maxsize=4_096)  # of at most `MAX_URI` characters each
def _host(uri: str) -> str | None:
    """Return the normalised authority, or None where `uri` is no web address."""
    match = _PLAIN_URI.fullmatch(uri) or _matched(uri)
    if match is None:
        return None
    scheme, authority = match.group(1, 2)
    try:
        return normalise_host(authority, scheme=scheme)
    except MalformedError:
        return None


def _matched(uri: str) -> re.Match[str] | None:
    size = len(uri) if uri.isascii() else len(uri.encode("utf-8", "replace"))
    return _WEB_URI.fullmatch(uri) if size <= MAX_URI else None


def _scheme(uri: str) -> str:
    return uri.partition(":")[0].lower()


@lru_cache(maxsize=8_192)
def _normalised(authority: str, scheme: str) -> str:
    host, port = _apart(authority)
    name = _ipv6(host) if host.startswith("[") else _name(host)
    if port is None or port == _DEFAULT_PORTS.get(scheme):
        return name
    return f"{name}:{port}"


def _apart(authority: str) -> tuple[str, int | None]:
    match = _PORT.fullmatch(authority)
    if match is None or not match["host"]:
        raise MalformedError(term="host")
    if not match["port"]:
        return match["host"], None
    port = int(match["port"])
    if not 0 < port < 65_536:
        raise MalformedError(term="host")
    return match["host"], port


def _ipv6(host: str) -> str:
    if not host.endswith("]") or "%" in host:
        raise MalformedError(term="host")
    try:
        return f"[{IPv6Address(host[1:-1]).compressed}]"
    except AddressValueError:
        raise MalformedError(term="host") from None


def _name(host: str) -> str:
    name = host.lower().removesuffix(".")
    if not name.isascii() or "xn--" in name:
        name = _ascii(name)
    if len(name) > 253 or not _PLAIN_HOST.fullmatch(name):
        raise MalformedError(term="host")
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        return _ipv4(name)
    return name


def _ascii(name: str) -> str:
    try:
        return (
            idna.encode(name, uts46=True, transitional=False)
            .decode("ascii")
            .lower()
            .removesuffix(".")
        )
    except (idna.IDNAError, UnicodeError):
        raise MalformedError(term="host") from None


def _ipv4(name: str) -> str:
    try:
        return str(IPv4Address(name))
    except AddressValueError:
        raise MalformedError(term="host") from None
