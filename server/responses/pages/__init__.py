"""The pages of responses and of thanks."""

from server.responses.pages import responding, thanking

routes = (responding.routes, thanking.routes)
