"""The pages that gather."""

from server.front.pages import arriving, aside, desk, discovery, gathering

routes = (gathering.routes, arriving.routes, aside.routes, desk.routes, discovery.routes)
