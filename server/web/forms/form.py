"""A form: fields, what was typed into them, and the mistakes."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from aiohttp import web

from server.web.forms.fields import Beside, Field, File, Mistake, Option
from server.web.reading import read_sent
from server.web.sent import Sent, Upload


class Form:
    """Subclass it with fields as class attributes; add `check` for what concerns more than one of
    them.

    `await ThatForm.read(request)` for what was sent, `ThatForm.filled(title="...")` or `ThatForm()`
    to show one.
    """

    fields: ClassVar[dict[str, Field[object]]] = {}

    def __init_subclass__(cls) -> None:
        """Gather the fields, those of the parents first."""
        super().__init_subclass__()
        own = {name: value for name, value in vars(cls).items() if isinstance(value, Field)}
        cls.fields = {**cls.fields, **own}

    def __init__(self, *, options: Mapping[str, Sequence[Option]] | None = None) -> None:
        """Make an empty form; `options` are what its choices offer, where known only now."""
        self.errors: dict[str, str] = {}
        self.typed: dict[str, list[str]] = {}
        self.uploads: dict[str, Upload] = {}
        self.values: dict[str, object] = {name: it.empty() for name, it in self.fields.items()}
        self._options = dict(options or {})

    @classmethod
    async def read(
        cls, request: web.Request, *, options: Mapping[str, Sequence[Option]] | None = None
    ) -> Self:
        """Return the form as it was sent, with `errors` where there are mistakes.

        Unknown fields are ignored.
        """
        form = cls(options=options)
        form.take(await read_sent(request))
        return form

    @classmethod
    def from_query(
        cls, request: web.Request, *, options: Mapping[str, Sequence[Option]] | None = None
    ) -> Self:
        """Return the form as the address's query fills it: for searching and filtering, which
        change nothing.
        """
        form, query = cls(options=options), request.query
        form.take(Sent({name: query.getall(name) for name in cls.fields if name in query}))
        return form

    @classmethod
    def filled(
        cls, *, options: Mapping[str, Sequence[Option]] | None = None, **values: object
    ) -> Self:
        """Return a form that shows `values`, to be changed.

        Raises KeyError for a field that is not there.
        """
        form = cls(options=options)
        for name, value in values.items():
            form.values[name] = value
            form.typed[name] = cls.fields[name].typed_from(value)
        return form

    def take(self, sent: Sent) -> None:
        """Read what was sent into the fields, then `check`."""
        for name, field in self.fields.items():
            self.typed[name] = sent.fields.get(name, [])
            if name in sent.files:
                self.uploads[name] = sent.files[name][-1]
            beside = Beside(self.options(name), self.uploads.get(name))
            match field.read(self.typed[name], beside):
                case Mistake(words):
                    self.errors[name] = words
                case value:
                    self.values[name] = value
        self.check()

    def check(self) -> None:
        """Find mistakes that concern more than one field, and call `wrong` for each."""

    def wrong(self, name: str, words: str) -> None:
        """Say what to do about a field. The first thing said about it stays."""
        self.errors.setdefault(name, words)

    def options(self, name: str) -> Sequence[Option]:
        """Return what a choice offers."""
        offered: Sequence[Option] = getattr(self.fields[name], "options", ())
        return self._options.get(name, offered)

    def shown(self, name: str) -> str:
        """Return what a field shows: what was typed, never a secret."""
        if self.fields[name].kind == "secret":
            return ""
        typed = self.typed.get(name)
        return typed[-1] if typed else ""

    def picked(self, name: str, value: str) -> bool:
        """Return whether an option, or a tick, was chosen."""
        return value in self.typed.get(name, ())

    def take_again(self) -> None:
        """Look for mistakes in what the form shows, as if it had been sent."""
        self.take(Sent(self.typed))

    @property
    def let_go(self) -> list[str]:
        """What was sent and can't be shown again, by its label: secrets and files."""
        return [
            it.label
            for name, it in self.fields.items()
            if name in self.uploads or (it.kind == "secret" and any(self.typed.get(name, ())))
        ]

    @property
    def has_files(self) -> bool:
        """Whether the page has to send it as multipart."""
        return any(isinstance(field, File) for field in self.fields.values())
