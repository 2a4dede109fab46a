"""What can be chosen about the web side of a node; `server.node` fills it in."""

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

Network = IPv4Network | IPv6Network

KIB = 1024
MIB = 1024 * KIB
LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """Defaults that suit a hub behind one proxy on the same machine, or behind none."""

    trusted_proxies: tuple[Network, ...] = LOOPBACK
    """Peers whose `X-Forwarded-For` is believed, its rightmost untrusted address being the
    client's.
    """
    metrics_networks: tuple[Network, ...] = LOOPBACK
    """Who may read `/metrics` without a token, if they connect directly (no forwarding header)."""
    metrics_token: str | None = None
    """Once set, `/metrics` is for those with `Authorization:

    Bearer` and this, and for nobody else.
    """
    requests_per_minute: int = 600
    """Per client address (IPv6: per /64), for people's pages."""
    deliveries_per_minute: int = 6_000
    """Per client address, for what other servers post: a large one sends for all its people."""
    deliveries_of_host_per_minute: int = 3_000
    """Per remote host, by the key that proved who posted, from whatever address."""
    secure: bool = False
    """Whether other servers have to sign what they ask for (secure mode)."""
    log_every: int = 20
    """One in so many uneventful requests is logged; errors and slow ones always are."""
    time_zone: str = "Europe/London"
    """Where the dates on pages are."""
    body_limit: int = MIB
    """The largest request body in bytes, after decompression, unless a route takes larger ones."""
