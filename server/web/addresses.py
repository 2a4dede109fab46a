"""Who is really there, behind proxies."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from aiohttp import web

from server.web import keys
from server.web.settings import Network

_FORWARDING = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")
UNKNOWN = "unknown"
"""Stands for a peer without an address, as on a Unix socket."""


def client_address(request: web.Request) -> str:
    """Return the address of the client: the peer's, or behind trusted proxies the first that is not
    one of them.

    `X-Forwarded-For` is read from its right end, since anybody may have written its left one.
    """
    trusted = request.app[keys.SETTINGS].trusted_proxies
    address = _peer(request)
    if address is None or _within(address, trusted):
        for text in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
            further = _read(text)
            if further is None:
                break
            address = further
            if not _within(address, trusted):
                break
    return UNKNOWN if address is None else str(address)


def client_network(request: web.Request) -> str:
    """Return what to count a client by: its address, and for IPv6 the /64 it lives in."""
    text = client_address(request)
    if ":" not in text:
        return text
    return str(IPv6Address(int(IPv6Address(text)) >> 64 << 64))


def connects_directly(request: web.Request, networks: tuple[Network, ...]) -> bool:
    """Return whether the peer is in `networks` and nothing says it speaks for somebody else."""
    address = _peer(request)
    if address is None or any(name in request.headers for name in _FORWARDING):
        return False
    return _within(address, networks)


def _peer(request: web.Request) -> IPv4Address | IPv6Address | None:
    return _read(request.remote or "")


@lru_cache(maxsize=4_096)
def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


@lru_cache(maxsize=4_096)
def _within(address: IPv4Address | IPv6Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)
