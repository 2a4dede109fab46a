"""Days as people write them in a form."""

from datetime import date

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def read_date(text: str) -> date | None:
    """Read a date as people write it: `2027-02-28`, `28/2/2027` (day first), `28 February 2027`."""
    parts = text.replace("/", " ").replace(".", " ").replace("-", " ").replace(",", " ").split()
    if len(parts) != 3:
        return None
    if len(parts[0]) == 4:
        parts.reverse()
    day, month, year = parts
    names = [
        n for n, name in enumerate(MONTHS, 1) if len(month) > 2 and name.startswith(month.lower())
    ]
    try:
        return date(int(year), names[0] if names else int(month), int(day))
    except ValueError:
        return None
