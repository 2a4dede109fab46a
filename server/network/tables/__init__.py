"""The tables of the network."""

from server.network.tables.subscribing import Batch, Entry

__all__ = ["Batch", "Entry"]
