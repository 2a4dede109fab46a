"""Where an app and a request keep what belongs to them."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from markupsafe import Markup

from federation.ports import Clock
from server.house import House
from server.web.cookies import Cookies
from server.web.faces import Face
from server.web.limits import Limits
from server.web.metrics import Metrics
from server.web.sent import Sent
from server.web.settings import WebSettings
from server.web.shelf import MadePage, Shelf
from server.web.visitors import Visitor, Visitors

Check = Callable[[], Awaitable[str | None]]
"""Says whether something works: None where it does, else what is wrong in a few words."""

HOUSE = web.AppKey("HOUSE", House)
CLOCK = web.AppKey("CLOCK", Clock)
FACE = web.AppKey("FACE", Face)
VISITORS = web.AppKey("VISITORS", Visitors)
SETTINGS = web.AppKey("SETTINGS", WebSettings)
LIMITS = web.AppKey("LIMITS", Limits)
METRICS = web.AppKey("METRICS", Metrics)
CHECKS = web.AppKey("CHECKS", dict[str, Check])
"""What `/health/ready` asks; add to it before the app starts."""

COOKIES = web.AppKey("COOKIES", Cookies)
PAGES = web.AppKey("PAGES", Shelf[MadePage])
PIECES = web.AppKey("PIECES", Shelf[Markup])

REQUEST_ID = web.RequestKey("REQUEST_ID", str)
VISITOR = web.RequestKey("VISITOR", Visitor)
ASKER = web.RequestKey("ASKER", str)
"""The actor elsewhere who proved that they ask, in secure mode."""
SENT = web.RequestKey("SENT", Sent)
VISIT = web.RequestKey("VISIT", str)
"""The anonymous cookie's value, which a form's token is bound to."""
NEW_VISIT = web.RequestKey("NEW_VISIT", bool)
"""Whether that cookie was made for this request and has yet to be set."""
