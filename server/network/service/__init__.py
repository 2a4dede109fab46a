"""What is done about whom the hub follows, many at a time."""

from server.network.service.exporting import exported

__all__ = ["exported"]
