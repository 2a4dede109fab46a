"""The pages of views, in the order that their routes are tried."""

from server.views.pages import embedding, feeds, letters, saving, showing

routes = (saving.routes, feeds.routes, embedding.routes, letters.routes, showing.routes)
"""Of each page."""

__all__ = ["routes"]
