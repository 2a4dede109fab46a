"""The pages of the network, in the order that their routes are tried."""

from server.network.pages import exporting, subscribing

routes = (exporting.routes, subscribing.routes)
"""Of each page."""

__all__ = ["routes"]
