"""When letters are due."""

from datetime import UTC, datetime, timedelta

import pytest

from server.views.rules.periods import Period, due_after, looked_for_since

MONDAY = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("period", "now", "due"),
    [
        (Period.DAILY, MONDAY, datetime(2027, 3, 2, 6, tzinfo=UTC)),
        (Period.DAILY, MONDAY.replace(hour=2), datetime(2027, 3, 2, 6, tzinfo=UTC)),
        (Period.WEEKLY, MONDAY, datetime(2027, 3, 8, 6, tzinfo=UTC)),
        (Period.WEEKLY, MONDAY.replace(hour=6, minute=0), datetime(2027, 3, 8, 6, tzinfo=UTC)),
        (Period.WEEKLY, MONDAY + timedelta(days=6), datetime(2027, 3, 8, 6, tzinfo=UTC)),
    ],
)
def test_the_next_letter_leaves_on_another_morning(
    period: Period, now: datetime, due: datetime
) -> None:
    """So that there is one in each day, or week, whenever the one before really left."""
    assert due_after(period, now) == due


def test_what_came_late_is_news_for_as_long_as_a_period() -> None:
    """What is older came with a back catalogue."""
    assert looked_for_since(Period.WEEKLY, MONDAY) == MONDAY - timedelta(days=7)
