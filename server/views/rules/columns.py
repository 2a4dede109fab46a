"""What the files of a view hold of each thing, in order. Pure; docs/views.md says it in words."""

OF_ALL = (
    "id", "address", "kind", "title", "text", "before_you_read", "language", "published", "changed",
    "by", "by_address", "hub", "topics", "places", "replies", "thanks",
)  # fmt: skip
OF_STORIES = (
    "what_happened", "what_people_tried", "what_might_help", "what_was_good", "role", "feelings",
    "when", "organisations",
)  # fmt: skip
OF_EXPERIMENTS = (
    "stage", "measured", "problem", "idea", "aim", "aim_how_much", "aim_by", "aim_for_whom", "team",
    "lived_experience", "setting", "cost", "equity", "learning", "help_wanted", "inspired_by",
    "adapted_from",
)  # fmt: skip
COLUMNS = (*OF_ALL, "interests", *OF_STORIES, *OF_EXPERIMENTS)
NOTHING: dict[str, object] = dict.fromkeys(COLUMNS)
"""What is not said of a thing."""
