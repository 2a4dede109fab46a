"""The pages of what is known."""

from server.search.pages import alike, network, searching

routes = (network.routes, searching.routes, alike.routes)
