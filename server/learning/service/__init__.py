"""What can be learned from many stories and experiments, looked at together."""

from server.learning.service.came import NAMED, CameOf, Overdue, Promised
from server.learning.service.lessons import MOST, Lesson, Way, learn
from server.learning.service.tried import Idea, Measured

__all__ = [
    "MOST", "NAMED", "CameOf", "Idea", "Lesson", "Measured", "Overdue", "Promised", "Way", "learn",
]  # fmt: skip
