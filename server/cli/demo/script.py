"""What the demonstration's script is made of: places, people, and what they do, when. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field

from server.experiments.rules.adaptation import Adaptation
from server.experiments.rules.cycles import Cycle
from server.experiments.rules.experiment import Experiment
from server.experiments.rules.measures import Measure
from server.experiments.rules.updates import Update
from server.responses.rules import Response
from server.stories.rules import Story
from server.views.rules.saving import Saying

MADE_UP = "This is a demonstration: the people, places and stories here are made up."
"""What every hub of it says of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """Somebody who has an account."""

    name: str
    display_name: str
    summary: str
    lines: tuple[tuple[str, str], ...] = ()
    follows: tuple[str, ...] = ()
    """Keys of places, or `place/name` for a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One hub: how it looks, who lives there. The first resident looks after it."""

    key: str
    """Its folder, and its handle."""
    name: str
    tagline: str
    words: str
    about: str
    colours: tuple[str, str]
    residents: tuple[Resident, ...]
    views: tuple[Saying, ...] = ()
    """What the first resident keeps an eye on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture, drawn when it is needed, and what can be seen on it."""

    draw: Callable[[], bytes]
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Somebody publishes a story."""

    ago: float
    """Days before the demonstration was prepared."""
    by: str
    """`place/name`."""
    key: str
    """What others in the script call it by."""
    story: Story
    picture: Picture | None = None

    @property
    def needs(self) -> str | None:
        """Return the key of what has to have arrived first."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """Whoever told a story changes it."""

    ago: float
    by: str
    needs: str
    story: Story
    """As it reads now."""
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """Whoever told a story takes it back."""

    ago: float
    by: str
    needs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Somebody responds."""

    ago: float
    by: str
    needs: str
    """What it answers."""
    response: Response
    key: str = ""
    due: int | None = None
    """In how many days a planned change is due; below 0 for how long ago one was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """Somebody tries something because of a story."""

    ago: float
    by: str
    key: str
    needs: str
    """The story that it goes back to."""
    experiment: Experiment


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Whoever tries something says what happened, or writes a round down."""

    ago: float
    by: str
    needs: str
    update: Update | None = None
    cycle: Cycle | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Whoever tries something adds what they count: a number a week, up to the week it is told."""

    ago: float
    by: str
    needs: str
    measure: Measure
    values: tuple[float, ...]
    text: str
    rebase: tuple[int, str] | None = None
    """At which number limits are drawn again, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapted:
    """Somebody tries where they are what others try."""

    ago: float
    by: str
    key: str
    needs: str
    """The experiment that it adapts."""
    how: Adaptation
    experiment: Experiment


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanked:
    """Somebody says thank you."""

    ago: float
    by: str
    needs: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Celebrated:
    """Somebody thanks a person or a team for what is no post."""

    ago: float
    by: str
    whom: str
    """`place/name`, or a team in words."""
    thanked_for: str
    text: str

    @property
    def needs(self) -> str | None:
        """Return the key of what has to have arrived first."""
        return None


Act = Told | Revised | Withdrawn | Said | Tried | Learned | Counted | Adapted | Thanked | Celebrated


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The whole of it."""

    places: tuple[Place, ...]
    acts: tuple[Act, ...] = field(repr=False)

    def of(self, place: Place) -> list[Act]:
        """Return what happens at a place, the oldest first."""
        here = [act for act in self.acts if act.by.partition("/")[0] == place.key]
        return sorted(here, key=lambda act: -act.ago)
