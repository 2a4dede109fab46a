"""Letters from templates: each one as plain text and as HTML that loads nothing."""

from functools import cache

from jinja2 import DictLoader, Environment, StrictUndefined, select_autoescape

from server.house import House, Letter
from server.web import words
from server.web.rendering import TEMPLATES


def written(
    template: str, *, to: str, subject: str, house: House, way_out: str = "", key: str = "",
    **told: object,
) -> Letter:  # fmt: skip
    """Return the letter of `{template}.txt` and `{template}.html`, which know what is `told`.

    `way_out` (`server.mail.way_out`) is put into its headers, and to be told to who reads it; a
    letter that may be sent again has the same `key` then.
    """
    known = {"subject": subject, "host": house.host, "address": house.address, "way_out": way_out}
    text, html = (
        _environment().get_template(f"{template}.{kind}").render(known | told)
        for kind in ("txt", "html")
    )
    return Letter(to=to, subject=subject, text=text, html=html, way_out=way_out, key=key)


@cache
def _environment() -> Environment:
    """Return what knows the templates: those of pages lean on a request, and there is none."""
    made = Environment(
        loader=DictLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=select_autoescape(("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    made.filters["day"] = words.day
    return made
