"""The tables of the network."""

from server.network.tables.catalogue import Beat, Catalogue
from server.network.tables.finding import Dismissed, Sighting
from server.network.tables.sharing import HubList, ListedHub, TakenList
from server.network.tables.subscribing import Batch, Entry

__all__ = [
    "Batch", "Beat", "Catalogue", "Dismissed", "Entry", "HubList", "ListedHub", "Sighting",
    "TakenList",
]  # fmt: skip
