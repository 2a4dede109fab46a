"""Secret links and session tokens."""

import base64

from server.house import House

BYTES = 32


def minted(house: House) -> str:
    """Return a fresh secret of 256 bits, URL-safe; only its hash is ever stored."""
    return base64.urlsafe_b64encode(house.random.randbytes(BYTES)).rstrip(b"=").decode()
