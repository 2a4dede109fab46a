"""The pages of stories."""

from server.stories.pages import reading, telling

routes = (reading.routes, telling.routes)
