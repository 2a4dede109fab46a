"""What people do with experiments: share, go on, ask others to look after them too, read."""

from server.experiments.service.composing import preview
from server.experiments.service.editors import (
    AlreadyAskedError,
    NobodyThereError,
    TooManyEditorsError,
    YourselfError,
    answer,
    ask,
    asked,
    dismiss,
    editors,
    is_editor,
    on_closed,
)
from server.experiments.service.erasing import on_erased
from server.experiments.service.reading import (
    KIND,
    LOG,
    Logged,
    Origin,
    latest,
    log,
    of_post,
    origin,
    origins,
)
from server.experiments.service.recording import keep_cycle, record, take_back
from server.experiments.service.sharing import (
    change_draft,
    draft,
    publish,
    revise,
    withdraw,
)

__all__ = [
    "KIND",
    "LOG",
    "AlreadyAskedError",
    "Logged",
    "NobodyThereError",
    "Origin",
    "TooManyEditorsError",
    "YourselfError",
    "answer",
    "ask",
    "asked",
    "change_draft",
    "dismiss",
    "draft",
    "editors",
    "is_editor",
    "keep_cycle",
    "latest",
    "log",
    "of_post",
    "on_closed",
    "on_erased",
    "origin",
    "origins",
    "preview",
    "publish",
    "record",
    "revise",
    "take_back",
    "withdraw",
]
