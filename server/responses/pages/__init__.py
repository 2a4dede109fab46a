"""The pages of responses, of thanks, and of what people here learn from."""

from server.responses.pages import citing, responding, thanking

routes = (responding.routes, thanking.routes, citing.routes)
