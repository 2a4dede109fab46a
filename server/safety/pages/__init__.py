"""The pages of safety."""

from server.safety.pages import apart, blocks

routes = (apart.routes, blocks.routes)
