"""The pages of stories."""

from server.stories.pages import pinning, reading, telling

routes = (reading.routes, telling.routes, pinning.routes)
