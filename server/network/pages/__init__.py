"""The pages of the network, in the order that their routes are tried."""

from server.network.pages import exporting

routes = (exporting.routes,)
"""Of each page."""

__all__ = ["routes"]
