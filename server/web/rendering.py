"""Pages from templates.

Everything is read and compiled once in a process, whatever the number of nodes in it.
"""

from collections.abc import Callable, Hashable, Mapping, MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache, lru_cache
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from server.web import csrf, flash, keys, theme, words
from server.web.static import static

FOLDER = Path(__file__).parents[2] / "templates"

# Stand for what is the visitor's own until the page is whole, so that the rest is the same for
# many. Nobody learns them, so nobody can have a token put where they can read it.
_TOKEN, _CORNER = token_hex(16), token_hex(16)
_TOKEN_FIELD = Markup(f'<input type="hidden" name="{csrf.FIELD}" value="{_TOKEN}">')  # noqa: S704 - ours


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and when a page is being made; what the functions and filters of templates lean on."""

    request: web.Request
    now: datetime
    zone: tzinfo


_SETTING: ContextVar[Setting] = ContextVar("fettle-page")


def read_templates(folder: Path = FOLDER) -> dict[str, str]:
    """Return all templates by their names, as `stories/one.html`."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in {".html", ".txt", ".svg"})
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


TEMPLATES = read_templates()
"""Read when the module is, so that no request waits for the disk."""


class _SharedNames(Environment):
    """Hands every template the same globals, since none has any of its own: a plain dictionary,
    through which Jinja looks at each import much faster than through its chain of two.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the environment's own globals."""
        return super().make_globals(d) if d else self.globals


@cache
def environment() -> Environment:
    """Return the one environment: autoescaping, strict about names that are not there, gettext-
    ready.
    """
    made = _SharedNames(
        loader=DictLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(
        _=_say,
        static=static,
        csrf=_csrf,
        url=_url,
        number=words.number,
        piece=_piece,
        corner=_CORNER,
    )
    made.filters.update(
        day=_day, moment=_moment, ago=_ago, iso=_iso, number=words.number, plural=words.plural
    )
    return made


def render(
    request: web.Request, template: str, *, status: int = 200, **context: object
) -> web.Response:
    """Answer with a page.

    Besides `context`, templates know what `_common` lists, and `csrf()`, `static()`, `url()`.
    """
    said = flash.read(request)
    text = render_text(request, template, {"said": said, **context})
    return page_of(request, text, status=status, said=said)


def page_of(
    request: web.Request, text: str, *, status: int = 200, said: str | None = None
) -> web.Response:
    """Answer with a page's text, which is for this visitor; `said` is what it says from before."""
    response = web.Response(
        body=text.encode("utf-8", "replace"),
        status=status,
        content_type="text/html",
        charset="utf-8",
        headers={"Vary": "Accept, Cookie"},
    )
    private = said is not None or keys.VISITOR in request or keys.VISIT in request
    response.headers["Cache-Control"] = "private, no-cache" if private else "no-cache"
    if said is not None:
        flash.drop(request, response)
    if keys.NEW_VISIT in request:
        request.app[keys.COOKIES].set(response, "visit", request[keys.VISIT])
    return response


def render_text(request: web.Request, template: str, context: Mapping[str, object]) -> str:
    """Return a page's text."""
    return finished(request, draft(request, template, context))


def draft(request: web.Request, template: str, context: Mapping[str, object]) -> str:
    """Return a page's text with what is the visitor's own left open: the forms' token, and their
    corner. Where all else that it was told of is the same for several, it is for all of them.
    """
    setting = _setting(request)
    reset = _SETTING.set(setting)
    try:
        return environment().get_template(template).render({**_common(setting), **context})
    finally:
        _SETTING.reset(reset)


def finished(request: web.Request, text: str) -> str:
    """Put the visitor's own into a draft."""
    if _CORNER in text:
        corner: Any = environment().get_template("macros/page.html").module
        text = text.replace(_CORNER, corner.me(request[keys.VISITOR]))
    return text.replace(_TOKEN, csrf.token(request)) if _TOKEN in text else text


def _setting(request: web.Request) -> Setting:
    app = request.app
    return Setting(request, app[keys.CLOCK].now(), _zone(app[keys.SETTINGS].time_zone))


def _common(setting: Setting) -> dict[str, object]:
    request = setting.request
    house, face = request.app[keys.HOUSE], request.app[keys.FACE]
    return {
        "face": face,
        "theme_url": theme.url(face),
        "mark_url": theme.mark_url(face),
        "visitor": request.get(keys.VISITOR),
        "here": request.path,
        "address": house.address,
        "host": house.host,
        "development": house.development,
        "now": setting.now,
        "request_id": request.get(keys.REQUEST_ID, ""),
        "said": None,
    }


def _say(message: str, **values: object) -> Markup:
    """Return a message of a template in the reader's language, `values` escaped and put into it.

    Does what the i18n extension's own `_` does, at a tenth of its cost where there are no values.
    """
    said = _translated(message)
    return said % values if values else said


@lru_cache(maxsize=4_096)
def _translated(message: str) -> Markup:
    return Markup(message)  # noqa: S704 - templates' own words, as in the extension


def _csrf() -> Markup:
    return _TOKEN_FIELD


def _piece(name: str, version: Hashable, caller: Callable[[], Markup]) -> Markup:
    """Return a piece of a page that is the same for many: as it is held, else as it is made now.

    Its version has to hold all that it shows but what time it is; None: it is nobody else's.
    """
    if version is None:
        return caller()
    pieces = _SETTING.get().request.app[keys.PIECES]
    held = pieces.find((name, version), None)
    if held is None:
        made = caller()
        held = pieces.keep((name, version), None, made, size=len(made))
    return held


def _url(name: str, query: Mapping[str, str] | None = None, **match: object) -> str:
    resource = _SETTING.get().request.app.router[name]
    path = str(resource.url_for(**{key: str(value) for key, value in match.items()}))
    return f"{path}?{urlencode(query)}" if query else path


def _day(moment: datetime, *, short: bool = False) -> str:
    setting = _SETTING.get()
    return words.day(moment, now=setting.now if short else None, at=setting.zone)


def _moment(moment: datetime) -> str:
    return words.day_and_hour(moment, at=_SETTING.get().zone)


def _ago(moment: datetime) -> str:
    setting = _SETTING.get()
    return words.ago(moment, now=setting.now, at=setting.zone)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


_zone = lru_cache(maxsize=16)(words.zone)
