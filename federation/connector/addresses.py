"""Which addresses may be reached: a table of those that may not, and the exceptions to it."""

import errno
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import urlsplit

from yarl import URL

from federation.errors import FederationError, ForbiddenAddressError
from federation.uris import is_web_uri

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

TARGETS_KEPT = 1_024
"""Read URLs that are remembered: each is asked about several times on its way out."""

# IANA's special-purpose registries for IPv4 and IPv6, and what wraps an IPv4 address inside a
# global IPv6 one. Written out, since `is_global` differs between releases of Python.
IPV4_REFUSED: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by a carrier (CGNAT)"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "set aside for protocols"),
        ("192.0.2.0/24", "for documentation"),
        ("192.88.99.0/24", "a 6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "for benchmarks"),
        ("198.51.100.0/24", "for documentation"),
        ("203.0.113.0/24", "for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
IPV6_REFUSED: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), reason)
    for network, reason in (
        ("::1/128", "loopback"),
        ("::/128", "unspecified"),
        ("::ffff:0:0/96", "an IPv4 address mapped into IPv6"),
        ("::ffff:0:0:0/96", "an IPv4 address translated into IPv6"),
        ("::/96", "an IPv4 address in IPv6's clothes"),
        ("64:ff9b::/96", "behind NAT64"),
        ("64:ff9b:1::/48", "behind NAT64"),
        ("fc00::/7", "private (ULA)"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
        ("2001::/32", "in a Teredo tunnel"),
        ("2001::/23", "set aside for protocols"),
        ("2001:db8::/32", "for documentation"),
        ("2002::/16", "in a 6to4 tunnel"),
        ("3fff::/20", "for documentation"),
    )
)
IPV6_GLOBAL = IPv6Network("2000::/3")
"""All that IANA has ever given out as global unicast; whatever lies outside is refused."""


class AddressRefusedError(FederationError, OSError):
    """{address} may not be connected to: it is {reason}."""

    def __init__(self, **facts: object) -> None:
        """Be an `OSError` with EACCES, which is what a socket that may not be made raises."""
        super().__init__(**facts)
        self.errno = errno.EACCES


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPolicy:
    """Which addresses may be reached. The default is production: https, and the public internet."""

    allow_http: bool = False
    """Plain http too: for development only."""
    allow_loopback: bool = False
    """127.0.0.0/8 and ::1 too: for development and tests only."""
    networks: tuple[Network, ...] = ()
    """Networks that may be reached although they are not public, as `10.3.0.0/16`."""

    def check(self, address: str | Address) -> None:
        """Let pass an address that may be connected to; raises `AddressRefusedError`."""
        try:
            ip = ip_address(address)
        except ValueError:
            raise AddressRefusedError(address=address, reason="no IP address") from None
        if self._is_allowed_expressly(ip):
            return
        reason = _reason_against(ip)
        if reason is not None:
            raise AddressRefusedError(address=ip, reason=reason)

    def check_url(self, url: str) -> None:
        """Let pass a URL that may be asked for, as far as its text tells.

        Raises `ForbiddenAddressError` for what is no web address, has a scheme that is not
        allowed, or is a literal IP address that `check` refuses.
        """
        parsed = target_of(url)
        if parsed.scheme != "https" and not self.allow_http:
            raise ForbiddenAddressError(url=url, reason="only https is spoken here")
        try:
            literal = ip_address(parsed.raw_host or "")
        except ValueError:
            return  # a name: judged when it is connected to
        try:
            self.check(literal)
        except AddressRefusedError as refused:
            raise ForbiddenAddressError(url=url, reason=str(refused)) from refused

    def _is_allowed_expressly(self, ip: Address) -> bool:
        if self.allow_loopback and ip.is_loopback and getattr(ip, "ipv4_mapped", None) is None:
            return True
        return any(ip.version == network.version and ip in network for network in self.networks)


def _reason_against(ip: Address) -> str | None:
    for network, reason in IPV4_REFUSED if ip.version == 4 else IPV6_REFUSED:
        if ip in network:
            return reason
    if isinstance(ip, IPv6Address) and (ip not in IPV6_GLOBAL or ip.scope_id is not None):
        return "not part of the public internet"
    return None


@lru_cache(maxsize=TARGETS_KEPT)
def target_of(url: str) -> URL:
    """Return what is really asked for: `url` as it goes over the wire, without its fragment.

    The host is normalised; path and query stay as they are written, for a signature covers them,
    and a peer may compare them letter by letter. Raises `ForbiddenAddressError` where `url` is no
    web address.
    """
    if not is_web_uri(url):
        raise ForbiddenAddressError(url=url[:200], reason="it is no web address")
    try:
        read, written = URL(url), urlsplit(url)
        if not url.isascii():
            return URL(str(read.with_fragment(None)), encoded=True)
        return URL.build(
            scheme=read.scheme,
            authority=read.raw_authority,
            path=written.path or "/",
            query_string=written.query,
            encoded=True,
        )
    except ValueError:
        raise ForbiddenAddressError(url=url[:200], reason="it is no web address") from None
