"""What people fill in about experiments, and about what they measure."""

from server.experiments.forms.adapting import AdaptForm, ResultForm
from server.experiments.forms.measuring import (
    AddForm,
    LimitsForm,
    MeasureForm,
    PointForm,
    TableForm,
    read_day,
)
from server.experiments.forms.writing import (
    CycleForm,
    EditorForm,
    EntryForm,
    ReviseForm,
    StageForm,
    StopForm,
    TryForm,
    UpdateForm,
    WordsForm,
    filled,
    of_draft,
    rounds,
)

__all__ = [
    "AdaptForm",
    "AddForm",
    "CycleForm",
    "EditorForm",
    "EntryForm",
    "LimitsForm",
    "MeasureForm",
    "PointForm",
    "ResultForm",
    "ReviseForm",
    "StageForm",
    "StopForm",
    "TableForm",
    "TryForm",
    "UpdateForm",
    "WordsForm",
    "filled",
    "of_draft",
    "read_day",
    "rounds",
]
