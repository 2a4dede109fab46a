"""What HTML may pass: nh3 decides (security case 23), once `tidy` made it easy to parse (24)."""

import nh3

from federation.html.tidy import ALLOWED, CLASSES, RELATIONS, tidy

_ATTRIBUTES = {"a": {"href"}, "ol": {"start", "reversed"}, "li": {"value"}}


def clean(html: str) -> str:
    """Return the HTML with nothing in it but what is allowed; headings become bold paragraphs.

    Links lead to http, https or mailto, never relative, with `rel="nofollow noopener ugc"`. Never
    raises, whatever the text; takes linear time; cleaning again changes nothing that shows.
    """
    text = html.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return nh3.clean(
        tidy(text),
        tags=set(ALLOWED),
        attributes=_ATTRIBUTES,
        tag_attribute_values={"a": {"rel": set(RELATIONS)}},
        allowed_classes={tag: set(names) for tag, names in CLASSES.items()},
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
    )
