"""The pages that gather."""

from server.front.pages import arriving, aside, desk, discovery, gathering, queue, receipts

routes = (
    gathering.routes, arriving.routes, aside.routes, desk.routes, queue.routes, receipts.routes,
    discovery.routes,
)  # fmt: skip
