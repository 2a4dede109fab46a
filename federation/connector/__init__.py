"""Where this server may connect to, and the one client that everything leaving it goes through.

The address is judged when the socket is made, for every address that is really connected to. So a
name that resolves to a public address and a moment later to a private one gains nothing, and a
literal address is judged however it was spelled (security case 16).
"""

from federation.connector.addresses import (
    Address,
    AddressPolicy,
    AddressRefusedError,
    Network,
    target_of,
)
from federation.connector.client import Client, Timeouts, body_of, explained, start_of
from federation.connector.sockets import SystemResolver, guarded_connector, system_trust

__all__ = [
    "Address",
    "AddressPolicy",
    "AddressRefusedError",
    "Client",
    "Network",
    "SystemResolver",
    "Timeouts",
    "body_of",
    "explained",
    "guarded_connector",
    "start_of",
    "system_trust",
    "target_of",
]
