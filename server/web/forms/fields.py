"""The kinds of field.

Each knows its words, how to read what was typed, and how it is drawn (`kind`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeVar, cast, overload

from server.web.colours import is_colour
from server.web.forms.typed import many_lines, one_line
from server.web.sent import Upload
from server.web.settings import MIB
from server.web.words import size

T = TypeVar("T")

Option = tuple[str, str]
"""(value, words)"""

_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,190}\.[^@\s,;<>\".]{1,60}")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with what was typed, said as what to do."""

    words: str


class Filled(Protocol):
    """A form, as its fields see it."""

    values: dict[str, object]


@dataclass(frozen=True, slots=True)
class Beside:
    """What a field may need to know besides what was typed."""

    options: Sequence[Option] = ()
    upload: Upload | None = None


class Field(Generic[T]):
    """A question.

    Read from a form's instance it is the typed value; from the class, the field itself.
    """

    kind = "text"
    name: str

    def __init__(
        self, label: str, *, hint: str = "", required: str = "", autocomplete: str = ""
    ) -> None:
        """Ask `label`; `required` is what to say where nothing was typed; empty if that is fine."""
        self.label = label
        self.hint = hint
        self.required = required
        self.autocomplete = autocomplete

    def __set_name__(self, owner: type, name: str) -> None:
        """Learn the field's name, which is also its name in the page."""
        self.name = name

    @overload
    def __get__(self, form: None, owner: type) -> Self: ...

    @overload
    def __get__(self, form: Filled, owner: type) -> T: ...

    def __get__(self, form: Filled | None, owner: type) -> Self | T:
        """Return the value that was typed into `form`, `empty` where it is mistaken."""
        return self if form is None else cast("T", form.values[self.name])

    def empty(self) -> T:
        """Return what stands for nothing."""
        raise NotImplementedError

    def read(self, typed: Sequence[str], beside: Beside) -> T | Mistake:
        """Return the value of what was typed, or what is wrong with it."""
        raise NotImplementedError

    def typed_from(self, value: T) -> list[str]:
        """Return a value as it would be typed, to fill a form with."""
        return [] if value is None else [str(value)]


class Text(Field[str]):
    """One line of words."""

    type = "text"
    inputmode = ""
    people = False
    """Whether the words are somebody's own, and so set in the reading face."""

    def __init__(
        self,
        label: str,
        *,
        hint: str = "",
        required: str = "",
        limit: int = 200,
        autocomplete: str = "off",
    ) -> None:
        """Take at most `limit` characters."""
        super().__init__(label, hint=hint, required=required, autocomplete=autocomplete)
        self.limit = limit

    def empty(self) -> str:
        """Return no words."""
        return ""

    def read(self, typed: Sequence[str], beside: Beside) -> str | Mistake:
        """Return the cleaned words."""
        text = self.clean(typed[-1] if typed else "")
        if not text:
            return Mistake(self.required) if self.required else ""
        if len(text) > self.limit:
            over = len(text) - self.limit
            return Mistake(
                f"Make this shorter: there is room for {self.limit:,} characters, "
                f"and this is {over:,} too many"
            )
        return self.check(text)

    def clean(self, text: str) -> str:
        """Return the text as it is to be kept."""
        return one_line(text)

    def check(self, text: str) -> str | Mistake:
        """Return the text, or what is wrong with it; it is neither empty nor too long."""
        return text


class Area(Text):
    """Many lines of somebody's own words."""

    kind = "area"
    people = True

    def __init__(
        self, label: str, *, hint: str = "", required: str = "", limit: int = 20_000, rows: int = 4
    ) -> None:
        """Show `rows` lines to begin with."""
        super().__init__(label, hint=hint, required=required, limit=limit)
        self.rows = rows

    def clean(self, text: str) -> str:
        """Return the lines."""
        return many_lines(text)


class Hidden(Text):
    """What the page remembers and nobody types."""

    kind = "hidden"

    def __init__(self, *, limit: int = 2_000) -> None:
        """Take at most `limit` characters."""
        super().__init__("", limit=limit)


class Secret(Text):
    """A password or code: taken exactly as typed, never shown again."""

    kind = "secret"
    type = "password"

    def clean(self, text: str) -> str:
        """Return the text untouched: a password may begin with a space."""
        return text

    def typed_from(self, value: str) -> list[str]:
        """Return nothing."""
        return []


class Email(Text):
    """An e-mail address."""

    type = "email"
    inputmode = "email"

    def check(self, text: str) -> str | Mistake:
        """Look that it could be one; only a message that arrives proves it."""
        if _EMAIL.fullmatch(text) is None:
            return Mistake("Write an e-mail address like name@example.org")
        return text


class Link(Text):
    """The address of a page."""

    type = "url"
    inputmode = "url"

    def check(self, text: str) -> str | Mistake:
        """Allow http and https only; add https:// where it was left out."""
        address = text if "://" in text else f"https://{text}"
        if not re.fullmatch(r"https?://[^\s/?#@]+\.[^\s/?#@]+([/?#]\S*)?", address, re.IGNORECASE):
            return Mistake("Write the address of a page, like https://example.org")
        return address


class Colour(Text):
    """A colour, `#rrggbb`."""

    kind = "colour"
    type = "color"

    def check(self, text: str) -> str | Mistake:
        """Allow the one way of writing that browsers send."""
        return text.lower() if is_colour(text) else Mistake("Choose a colour, like #6a2450")


class Number(Field[int | None]):
    """A whole number."""

    kind = "number"

    def __init__(
        self, label: str, *, hint: str = "", required: str = "", least: int = 0, most: int = 10**9
    ) -> None:
        """Take `least` to `most`."""
        super().__init__(label, hint=hint, required=required, autocomplete="off")
        self.least = least
        self.most = most

    def empty(self) -> int | None:
        """Return None."""
        return None

    def read(self, typed: Sequence[str], beside: Beside) -> int | Mistake | None:
        """Return the number, None where nothing was typed."""
        text = one_line(typed[-1] if typed else "").replace(",", "")
        if not text:
            return Mistake(self.required) if self.required else None
        if re.fullmatch(r"[+-]?[0-9]{1,12}", text) is None:
            return Mistake("Write a whole number, like 12")
        if not self.least <= int(text) <= self.most:
            return Mistake(f"Write a number from {self.least:,} to {self.most:,}")
        return int(text)


class Choice(Field[str]):
    """One of a few: as slips to pick from, or as a list that opens (`as_list`), which says in words
    what it means to choose `nothing`.
    """

    kind = "choice"

    def __init__(
        self,
        label: str,
        options: Sequence[Option] = (),
        *,
        hint: str = "",
        required: str = "",
        as_list: bool = False,
        nothing: str = "Not said",
    ) -> None:
        """Offer `options`, unless the form is made with others."""
        super().__init__(label, hint=hint, required=required)
        self.options = tuple(options)
        self.as_list = as_list
        self.nothing = nothing

    def empty(self) -> str:
        """Return no choice."""
        return ""

    def read(self, typed: Sequence[str], beside: Beside) -> str | Mistake:
        """Return the value chosen, empty where none was."""
        value = typed[-1] if typed else ""
        if not value:
            return Mistake(self.required) if self.required else ""
        if value not in dict(beside.options):
            return Mistake("Choose one of these")
        return value


class Choices(Field[tuple[str, ...]]):
    """Any of a few."""

    kind = "choices"

    def __init__(
        self, label: str, options: Sequence[Option] = (), *, hint: str = "", required: str = ""
    ) -> None:
        """Offer `options`, unless the form is made with others."""
        super().__init__(label, hint=hint, required=required)
        self.options = tuple(options)

    def empty(self) -> tuple[str, ...]:
        """Return no choices."""
        return ()

    def read(self, typed: Sequence[str], beside: Beside) -> tuple[str, ...] | Mistake:
        """Return the values chosen, in the order they are offered."""
        offered = [value for value, _ in beside.options]
        if any(value not in offered for value in typed):
            return Mistake("Choose from these")
        if not typed and self.required:
            return Mistake(self.required)
        return tuple(value for value in offered if value in typed)

    def typed_from(self, value: tuple[str, ...]) -> list[str]:
        """Return the values."""
        return list(value)


class Tick(Field[bool]):
    """Yes or no."""

    kind = "tick"

    def empty(self) -> bool:
        """Return no."""
        return False

    def read(self, typed: Sequence[str], beside: Beside) -> bool | Mistake:
        """Return whether it was ticked."""
        ticked = bool(typed) and typed[-1] not in {"", "0", "no"}
        return Mistake(self.required) if self.required and not ticked else ticked

    def typed_from(self, value: bool) -> list[str]:
        """Return what a ticked box sends."""
        return ["yes"] if value else []


class File(Field[Upload | None]):
    """A file.

    Its form needs `enctype="multipart/form-data"` (the macro `form` sees to it), its route
    `body_limit`.
    """

    kind = "file"

    def __init__(
        self,
        label: str,
        *,
        hint: str = "",
        required: str = "",
        accept: Sequence[str] = ("image/jpeg", "image/png", "image/webp", "image/gif"),
        limit: int = 10 * MIB,
    ) -> None:
        """Suggest the media types of `accept` to the browser; what comes is looked at by whoever
        decodes it.
        """
        super().__init__(label, hint=hint, required=required)
        self.accept = tuple(accept)
        self.limit = limit

    def empty(self) -> Upload | None:
        """Return None."""
        return None

    def read(self, typed: Sequence[str], beside: Beside) -> Upload | Mistake | None:
        """Return the file, None where none was chosen."""
        upload = beside.upload
        if upload is None or not (upload.data or upload.too_large):
            return Mistake(self.required) if self.required else None
        if upload.too_large or len(upload.data) > self.limit:
            return Mistake(f"Choose a smaller file: it may have up to {size(self.limit)}")
        return upload

    def typed_from(self, value: Upload | None) -> list[str]:
        """Return nothing: a browser does not let a page choose a file."""
        return []
