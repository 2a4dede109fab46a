"""An experiment from a Markdown file: its title, and its parts by their headings. Pure."""

from server.experiments.rules.experiment import Experiment
from server.posts.markdown import BEFORE, WHERE, cut, organisation, parts_of

PARTS = {
    "the problem": "problem",
    "what we are trying": "idea",
    "what we have learned": "learning",
    "how people shaped it": "lived_experience",
    "where": "setting",
    "what it costs": "cost",
    "whom it might leave out": "equity",
    "could you help": "help_wanted",
    "interests": "interests",
    BEFORE: "warning",
    WHERE: "organisation",
}


def experiment_from_markdown(text: str) -> Experiment:
    """Read `# Title`, then the problem; `## What we are trying` begins what is tried, and the
    headings of `PARTS` the other parts. Any other heading stays part of the text.
    """
    title, parts = parts_of(text, PARTS, first="problem")
    return Experiment(
        title=title,
        problem=parts["problem"],
        idea=parts["idea"],
        learning=parts["learning"],
        lived_experience=parts["lived_experience"],
        setting=parts["setting"],
        cost=parts["cost"],
        equity=parts["equity"],
        help_wanted=parts["help_wanted"],
        interests=parts["interests"],
        warning=cut(parts["warning"]),
        organisations=organisation(parts["organisation"]),
    )
