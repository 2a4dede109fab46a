"""The pages of stories."""

from server.stories.pages import picturing, pinning, reading, telling

routes = (reading.routes, telling.routes, pinning.routes, picturing.routes)
