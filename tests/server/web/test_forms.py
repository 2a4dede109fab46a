"""Forms: what was typed, what is wrong with it, and how it is shown."""

import re
from collections.abc import Sequence

import pytest
from aiohttp import FormData, web
from hypothesis import given
from hypothesis import strategies as st

from server.web import body_limit, keys, render, shown_again
from server.web.forms import (
    Area,
    Choice,
    Choices,
    Colour,
    Email,
    File,
    Form,
    Hidden,
    Link,
    Number,
    Secret,
    Text,
    Tick,
)
from server.web.forms.typed import many_lines, one_line
from server.web.rendering import TEMPLATES
from server.web.sent import Sent
from server.web.settings import KIB
from tests.server.web.conftest import Client, Serve

TEMPLATES["tests/form.html"] = """{% extends "layout.html" %}
{% import "macros/forms.html" as forms %}
{% block title %}Tell{% endblock %}
{% block main %}<h1>Tell</h1>{% call forms.post(form) %}
{% for name in form.fields %}{{ forms.field(form, name) }}{% endfor %}
{{ forms.button("Send") }}{% endcall %}{% endblock %}"""


class StoryForm(Form):
    """A field of every kind."""

    title = Text("Title", required="Give it a title", limit=20)
    words = Area("Words", limit=100)
    role = Choice("Role", (("patient", "the patient"), ("carer", "a carer")))
    feelings = Choices("Feelings", (("safe", "safe"), ("tired", "tired")))
    email = Email("E-mail")
    link = Link("Page")
    people = Number("How many", least=1, most=50)
    colour = Colour("Colour")
    password = Secret("Password")
    back = Hidden()
    picture = File("Picture", limit=2 * KIB)
    agreed = Tick("I agree", required="Tick this")

    def check(self) -> None:
        """Know a mistake that concerns two fields."""
        if self.title and self.title == self.words:
            self.wrong("words", "Say more than in the title")


table = web.RouteTableDef()
seen: list[StoryForm] = []


@table.get("/form")
async def show(request: web.Request) -> web.Response:
    """Show it empty."""
    return render(request, "tests/form.html", form=StoryForm())


@table.post("/form")
@body_limit(4 * KIB)
async def take(request: web.Request) -> web.Response:
    """Read it."""
    form = await StoryForm.read(request)
    seen.append(form)
    if form.errors:
        return shown_again(request, "tests/form.html", form)
    return web.Response(text="taken")


@pytest.fixture(autouse=True)
def nothing_seen() -> None:
    seen.clear()


async def send(
    client: Client, fields: dict[str, str | bytes], *, files: bool = True
) -> tuple[int, str]:
    """Fetch the form's token, send the form, return status and page."""
    async with client.get("/form") as page:
        found = re.search(r'name="csrf" value="([^"]+)"', await page.text())
    assert found
    data = FormData(default_to_multipart=files)
    data.add_field("csrf", found[1])
    for name, value in fields.items():
        filename = f"{name}.png" if isinstance(value, bytes) else None
        data.add_field(name, value, filename=filename)
    async with client.post("/form", data=data) as response:
        return response.status, await response.text()


def read(form: type[Form], **fields: str | Sequence[str]) -> Form:
    """Read fields without a browser."""
    made = form()
    sent = {name: [it] if isinstance(it, str) else list(it) for name, it in fields.items()}
    made.take(Sent(sent))
    return made


@pytest.mark.parametrize("files", [True, False])
async def test_what_was_typed_arrives_with_its_type(serve: Serve, files: bool) -> None:
    """By either way that browsers send forms; fields that nobody asked for are left out."""
    client = await serve(table)
    fields: dict[str, str | bytes] = {
        "title": "  The  bag ",
        "words": "One\r\n\r\ntwo\x00 ",
        "role": "carer",
        "feelings": "safe",
        "people": "12",
        "link": "example.org/a",
        "agreed": "yes",
        "is_steward": "yes",
    }
    assert (await send(client, fields, files=files))[0] == 200
    form = seen[0]
    assert (form.title, form.words, form.role) == ("The bag", "One\n\ntwo", "carer")
    assert (form.feelings, form.people, form.agreed) == (("safe",), 12, True)
    assert form.link == "https://example.org/a"
    assert not hasattr(form, "is_steward")


async def test_mistakes_come_back_with_what_was_typed(serve: Serve) -> None:
    """422, a summary that links to each field, every word kept, no secret shown."""
    client = await serve(table)
    fields: dict[str, str | bytes] = {
        "title": "",
        "words": 'We <rang> "them" & waited',
        "feelings": "tired",
        "people": "a few",
        "password": "sesame-open",
    }
    status, page = await send(client, fields)
    assert status == 422
    assert set(seen[0].errors) == {"title", "people", "agreed"}
    assert "<title>Mistake: Tell" in page
    assert 'role="alert"' in page
    assert "Three things to look at" in page
    for name in ("title", "people", "agreed"):
        assert f'href="#f-{name}"' in page
        assert f'id="f-{name}"' in page
        assert f'id="f-{name}-err"' in page
    assert "We &lt;rang&gt; &#34;them&#34; &amp; waited" in page
    assert 'value="a few"' in page
    assert re.search(r'value="tired" checked', page)
    assert "sesame-open" not in page
    assert "Please give again what a page can’t keep: “Password”. Nothing else is lost." in page


async def test_a_picture_arrives_and_one_too_large_costs_no_words(serve: Serve) -> None:
    """Up to the limit it is there; beyond it is dropped, and the words are kept."""
    client = await serve(table)
    good = {"title": "Bag", "agreed": "yes"}
    assert (await send(client, {**good, "picture": b"x" * KIB}))[0] == 200
    upload = seen[0].picture
    assert upload is not None
    assert (len(upload.data), upload.filename) == (KIB, "picture.png")
    for size in (3 * KIB, 9 * KIB):
        status, page = await send(
            client, {"title": "Kept words", "picture": b"x" * size, "agreed": "yes"}
        )
        assert status == 422
        assert seen[-1].errors == {"picture": "Choose a smaller file: it may have up to 2 KB"}
        assert "Kept words" in page
    assert (await send(client, {**good, "picture": b""}))[0] == 200
    assert seen[-1].picture is None


@pytest.mark.parametrize(
    ("named", "status"),
    [
        (b'filename="a\xffb.png"', 200), (b"filename*=utf-8''a%00%0Ab.png", 200),
        (b'filename="a\x1bb.png"', 400),
    ],
)  # fmt: skip
async def test_the_name_of_a_file_is_text(serve: Serve, named: bytes, status: int) -> None:
    """Whatever a program sends as one; what no header can hold is refused."""
    client = await serve(table)
    async with client.get("/form") as page:
        found = re.search(r'name="csrf" value="([^"]+)"', await page.text())
    assert found
    fields = {b'"csrf"': found[1].encode(), b'"title"': b"Bag", b'"agreed"': b"yes"}
    parts = {name + b"\r\n": value for name, value in fields.items()}
    parts[b'"picture"; ' + named + b"\r\n"] = b"x"
    body = b"".join(
        b"--b\r\nContent-Disposition: form-data; name=" + name + b"\r\n" + value + b"\r\n"
        for name, value in parts.items()
    )
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    async with client.post("/form", data=body + b"--b--\r\n", headers=kind) as response:
        assert response.status == status
    assert [one.picture.filename for one in seen if one.picture] == ["ab.png"][: status == 200]


async def test_a_body_beyond_all_bounds_is_cut_off(serve: Serve) -> None:
    """413, by either way of sending, without the handler being reached."""
    client = await serve(table)
    assert (await send(client, {"title": "x", "picture": b"x" * (40 * KIB)}))[0] == 413
    assert (await send(client, {"words": "x" * (5 * KIB)}, files=False))[0] == 413
    assert (await send(client, {"words": "x" * (5 * KIB)}))[0] == 413
    assert seen == []


async def test_a_compressed_bomb_is_cut_off(serve: Serve) -> None:
    """The limit counts what is unpacked."""
    client = await serve(table)
    async with client.post(
        "/form",
        data=b"words=" + b"x" * 1_000_000,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        compress="gzip",
    ) as response:
        assert response.status == 413


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=a", b"nonsense"),
        ("multipart/form-data; boundary=a", b"--a\r\n\r\nno name\r\n--a--\r\n"),
        ("multipart/form-data; boundary=a", b'--a\r\nContent-Disposition: form-data; name="x"'),
        ("application/x-www-form-urlencoded", b"&".join([b"a=1"] * 2_000)),
        ("application/x-www-form-urlencoded", b"\xff\xfe=%ff%00"),
        ("application/x-www-form-urlencoded; charset=klingon", b"a=b"),
        ("text/plain", b"a=b"),
        ("nonsense", b"a=b"),
    ],
)
async def test_odd_bodies_are_refused_and_break_nothing(
    serve: Serve, media: str, body: bytes
) -> None:
    """4xx each, never 500."""
    client = await serve(table)
    async with client.post("/form", data=body, headers={"Content-Type": media}) as response:
        assert 400 <= response.status < 500
    assert seen == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("title", "x" * 21),
        ("role", "chief executive"),
        ("feelings", "smug"),
        ("email", "ida@"),
        ("email", "ida at example.org"),
        ("email", "a@b.c\nBcc: d@e.f"),
        ("link", "javascript:alert(1)"),
        ("link", "ftp://example.org"),
        ("link", "http://a b.example"),
        ("people", "0"),
        ("people", "51"),
        ("people", "1e3"),
        ("people", "9" * 10_000),
        ("colour", "red"),
        ("agreed", ""),
    ],
)
def test_what_cannot_be_is_a_mistake(name: str, typed: str) -> None:
    """It is said what to do, and the value is the empty one."""
    form = read(StoryForm, **{"title": "Bag", "agreed": "yes", name: typed})
    assert list(form.errors) == [name]
    assert form.values[name] == StoryForm.fields[name].empty()


def test_a_mistake_may_concern_two_fields() -> None:
    """`check` runs after the fields, and the first word about a field stands."""
    assert read(StoryForm, title="Bag", words="Bag", agreed="yes").errors == {
        "words": "Say more than in the title"
    }


def test_a_secret_is_taken_exactly_as_typed() -> None:
    """Spaces are part of a password."""
    typed = {"title": "Bag", "agreed": "yes", "password": "  open  sesame "}
    form = read(StoryForm, **typed)
    assert isinstance(form, StoryForm)
    assert form.password == typed["password"]
    assert form.shown("password") == ""


def test_choices_may_be_known_only_when_asked() -> None:
    """A form is made with options, and they are what is allowed."""
    form = StoryForm(options={"role": [("hub", "the hub")]})
    form.take(Sent({"title": ["Bag"], "agreed": ["yes"], "role": ["hub"]}))
    assert (form.errors, form.role) == ({}, "hub")


def test_a_form_can_be_filled_to_be_changed() -> None:
    """Values are shown as they would be typed."""
    form = StoryForm.filled(title="Bag", feelings=("tired",), people=3, agreed=True)
    assert (form.title, form.shown("people"), form.shown("words")) == ("Bag", "3", "")
    assert form.picked("feelings", "tired")
    assert form.picked("agreed", "yes")
    with pytest.raises(KeyError):
        StoryForm.filled(nothing="x")


def test_a_child_form_has_its_parents_fields_first() -> None:
    """So that a form can be extended."""

    class Longer(StoryForm):
        """One more."""

        more = Text("More")

    assert next(iter(Longer.fields)) == "title"
    assert list(Longer.fields)[-1] == "more"
    assert "more" not in StoryForm.fields


@given(text=st.text(alphabet=st.characters(exclude_categories=()), max_size=200))
def test_no_text_breaks_the_cleaning(text: str) -> None:
    """Whatever is typed comes out as text that can be stored and sent, and stays as it is."""
    for clean in (one_line, many_lines):
        once = clean(text)
        assert once.encode().decode() == once
        assert "\x00" not in once
        assert clean(once) == once


async def test_the_form_carries_its_token_and_its_encoding(serve: Serve) -> None:
    """`forms.post` sees to both."""
    client = await serve(table)
    async with client.get("/form") as response:
        page = await response.text()
        assert 'enctype="multipart/form-data"' in page
        assert page.count('name="csrf"') == 1
        assert response.headers["Cache-Control"] == "private, no-cache"
        assert "ETag" not in response.headers
    assert keys.SENT is not None
