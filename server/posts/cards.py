"""A post as a list or a feed shows it."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import escape

from federation import html
from server.actors.tables import Actor
from server.posts.kinds import ENTRY
from server.posts.tables import Post
from server.web import feeds

EXCERPT = 280


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a card says."""

    post: Post
    href: str
    title: str
    author: Actor
    published_at: datetime
    language: str

    @property
    def excerpt(self) -> str:
        """How it begins, plain."""
        return html.excerpt(self.post.html, EXCERPT)


def card(post: Post) -> Card:
    """Return a post, whose author has been read with it, as a card."""
    return Card(
        post=post,
        href=path_of(post),
        title=title_of(post),
        author=post.author,
        published_at=post.published_at or post.created_at,
        language=post.language,
    )


def title_of(post: Post) -> str:
    """Return what to call a post: its title, what is to be known before it is read, or how it
    begins.
    """
    return post.title or post.content_warning or html.excerpt(post.html, 80)


def place_of(post: Post, head: Post) -> str:
    """Return where on the page of the head of its conversation a post is read."""
    mark = "u" if post.kind == ENTRY and post.author_id == head.author_id else "r"
    return f"{path_of(head)}#{mark}{post.id}"


def path_of(post: Post) -> str:
    """Return where on this node a post is read: its own page, or that of our copy."""
    if post.local and post.uri:
        return "/" + post.uri.split("/", 3)[3]
    return f"/elsewhere/{post.id}"


def entry(post: Post) -> feeds.Entry:
    """Return a post, whose author and tags have been read with it, as an entry of a feed."""
    published = post.published_at or post.created_at
    return feeds.Entry(
        uri=post.uri or "",
        url=post.url or "",
        title=title_of(post),
        html=_warned(post),
        published=published,
        updated=post.updated_at or published,
        author=post.author.shown_name,
        author_url=post.author.url,
        language=post.language,
        tags=[tag.shown for tag in post.tags],
    )


def _warned(post: Post) -> str:
    if not post.content_warning:
        return post.html
    return f"<p><strong>Before you read: {escape(post.content_warning)}</strong></p>{post.html}"
