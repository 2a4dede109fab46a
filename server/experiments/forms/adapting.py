"""What people fill in about what they adapt: what is kept, what is changed and why, how it went."""

import re
from collections.abc import Iterable
from typing import Self

from server.experiments.rules.adaptation import (
    CHANGES,
    TEXT_LIMIT,
    Adaptation,
    Change,
    Result,
)
from server.experiments.rules.words import RESULTS
from server.web.forms import Area, Choice, Form, Hidden

WHY = re.compile(r"\s+[\N{EN DASH}\N{EM DASH}-]\s+")
"""Between what was changed and why, on a line."""
ONE_A_LINE = "One thing a line. Put why after a dash: we ring at four – the shift ends then."


class AdaptForm(Form):
    """What is different from the original. All of it can come later. `about` is the original."""

    about = Hidden()
    kept = Area("What do you keep?", hint="What made it work there.", rows=3, limit=TEXT_LIMIT)
    planned = Area("What do you change?", hint=ONE_A_LINE, rows=4, limit=TEXT_LIMIT)
    context_reason = Area("Why does it have to be different here?", rows=2, limit=TEXT_LIMIT)

    def adaptation(self) -> Adaptation:
        """Return what was filled in."""
        return Adaptation(
            kept=self.kept,
            changed=tuple(_changes(self.planned, planned=True)),
            context_reason=self.context_reason,
        )


class ResultForm(AdaptForm):
    """The same as it went, and how it turned out."""

    unplanned = Area("What changed as it went?", hint=ONE_A_LINE, rows=3, limit=TEXT_LIMIT)
    result = Choice(
        "How does it go, beside the original?",
        tuple((str(result), RESULTS[result]) for result in Result),
        hint="Worse is worth as much to others as better.",
    )
    advice = Area("What would you tell whoever tries it next?", rows=3, limit=TEXT_LIMIT)

    def check(self) -> None:
        """Count the changes."""
        if len(self.adaptation().changed) > CHANGES:
            self.wrong("planned", f"There is room for {CHANGES} changes. Put some together")

    def adaptation(self) -> Adaptation:
        """Return what was filled in."""
        return Adaptation(
            kept=self.kept,
            changed=(
                *_changes(self.planned, planned=True),
                *_changes(self.unplanned, planned=False),
            ),
            context_reason=self.context_reason,
            result=Result(self.result) if self.result else None,
            advice=self.advice,
        )

    @classmethod
    def of(cls, how: Adaptation) -> Self:
        """Return the form that shows an adaptation, to be changed."""
        return cls.filled(
            kept=how.kept, planned=_lines(how, planned=True),
            unplanned=_lines(how, planned=False), context_reason=how.context_reason,
            result=how.result or "", advice=how.advice,
        )  # fmt: skip


def _changes(text: str, *, planned: bool) -> Iterable[Change]:
    for line in text.splitlines():
        if line.strip():
            what, *why = WHY.split(line.strip(), maxsplit=1)
            yield Change(what=what, why=why[0] if why else "", planned=planned)


def _lines(how: Adaptation, *, planned: bool) -> str:
    return "\n".join(
        f"{one.what} – {one.why}" if one.why else one.what
        for one in how.changed
        if one.planned is planned
    )
