"""The pages that gather."""

from server.front.pages import arriving, desk, discovery, gathering

routes = (gathering.routes, arriving.routes, desk.routes, discovery.routes)
