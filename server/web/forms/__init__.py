"""Forms, declared as classes: what is asked, in which words, and what is a mistake."""

from server.web.forms.days import read_date
from server.web.forms.fields import (
    Area,
    Choice,
    Choices,
    Colour,
    Email,
    Field,
    File,
    Hidden,
    Link,
    Mistake,
    Number,
    Secret,
    Text,
    Tick,
)
from server.web.forms.form import Form

__all__ = [
    "Area",
    "Choice",
    "Choices",
    "Colour",
    "Email",
    "Field",
    "File",
    "Form",
    "Hidden",
    "Link",
    "Mistake",
    "Number",
    "Secret",
    "Text",
    "Tick",
    "read_date",
]
