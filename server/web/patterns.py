"""The pattern page: every component as it looks, for those who build pages.

Served in development mode only.
"""

from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from server.web import keys
from server.web.forms import (
    Area,
    Choice,
    Choices,
    Colour,
    Email,
    File,
    Form,
    Link,
    Number,
    Secret,
    Text,
    Tick,
)
from server.web.paging import Page
from server.web.rendering import render
from server.web.sent import Sent

ROLES = (
    ("patient", "the patient"),
    ("carer", "a carer"),
    ("relative", "a relative or friend"),
    ("staff", "at work"),
    ("volunteer", "a volunteer"),
    ("other", "somebody else"),
)
FEELINGS = (
    ("worried", "worried"),
    ("ignored", "not listened to"),
    ("tired", "tired"),
    ("safe", "safe"),
    ("cared", "cared for"),
    ("hopeful", "hopeful"),
)

routes = web.RouteTableDef()


class PatternForm(Form):
    """One field of every kind."""

    title = Text(
        "What would you call it?",
        hint="A few words, like the name of a song.",
        required="Give your story a title",
        limit=150,
    )
    what_happened = Area(
        "What happened?",
        hint="If it is about somebody who was at work, use their job and not their name.",
        limit=400,
        rows=5,
    )
    role = Choice("In this story, I was…", ROLES, hint="Choose one, or none.")
    feelings = Choices("How did it feel?", FEELINGS)
    licence = Choice("How may others use it?", (("by", "CC BY 4.0"), ("0", "CC0")), as_list=True)
    picture = File("A picture", hint="Up to 10 MB. We take out where and when it was taken.")
    e_mail = Email("Your e-mail address", autocomplete="email")
    page = Link("A page about it")
    people = Number("How many people came?", most=500)
    colour = Colour("The deep colour", required="Choose a colour")
    password = Secret("Your password", required="Write your password")
    agreed = Tick(
        "I am happy for this to be read by anybody, and copied by other hubs that follow this one.",
        required="Tick this so that we may share it",
    )


@dataclass(frozen=True, slots=True)
class Sample:
    """Somebody invented."""

    display_name: str = "Ida Fennimore"
    name: str = "ida"
    id: int = 1
    actor_id: int = 1
    is_steward: bool = True


@routes.get("/patterns", name="patterns")
async def patterns(request: web.Request) -> web.Response:
    """Show every component; with `?wrong=1` a form full of mistakes, with `?in=1` the head of a
    page when signed in.
    """
    form = PatternForm.filled(
        title="The bag of tablets",
        what_happened="Mum came home on a Friday with a bag of tablets and a letter.",
        role="relative",
        feelings=("worried", "cared"),
        colour=request.app[keys.FACE].hub,
    )
    if "wrong" in request.query:
        form.take(
            Sent(
                {"what_happened": ["We rang the ward and it rang out. " * 20], "people": ["a few"]}
            )
        )
    if "in" in request.query:
        request[keys.VISITOR] = Sample()
    now = request.app[keys.CLOCK].now()
    return render(
        request,
        "macros/patterns.html",
        form=form,
        said="Thank you. Your story is out." if "said" in request.query else None,
        slice=Page((), older="01J", newer="01K"),
        moments=[now - timedelta(**ago) for ago in ({"minutes": 5}, {"days": 1}, {"days": 40})],
    )
