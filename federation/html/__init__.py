"""HTML that came from elsewhere, and HTML that goes out: few tags, safe links, linear time."""

from federation.html.markdown import from_markdown
from federation.html.sanitising import clean
from federation.html.texts import cut, excerpt, text_of

__all__ = ["clean", "cut", "excerpt", "from_markdown", "text_of"]
