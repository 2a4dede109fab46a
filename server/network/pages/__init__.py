"""The pages of the network, in the order that their routes are tried."""

from server.network.pages import (
    catalogues,
    exporting,
    finding,
    hubs,
    own_lists,
    sharing,
    subscribing,
)

routes = (
    exporting.routes, subscribing.routes, catalogues.routes, hubs.routes, finding.routes,
    own_lists.routes, sharing.routes,
)  # fmt: skip
"""Of each page."""

__all__ = ["routes"]
