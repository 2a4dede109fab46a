"""Pictures: kept for people here, and copied from elsewhere when somebody looks."""

from server.media.service.elsewhere import StillShown, asked_url, forget_remote, proxied, remote
from server.media.service.own import Showing, Viewer, by_key, delete, is_public, keep, may_see
from server.media.service.tidying import register_jobs

__all__ = [
    "Showing",
    "StillShown",
    "Viewer",
    "asked_url",
    "by_key",
    "delete",
    "forget_remote",
    "is_public",
    "keep",
    "may_see",
    "proxied",
    "register_jobs",
    "remote",
]
