"""The pages of the network, in the order that their routes are tried."""

from server.network.pages import catalogues, exporting, subscribing

routes = (exporting.routes, subscribing.routes, catalogues.routes)
"""Of each page."""

__all__ = ["routes"]
