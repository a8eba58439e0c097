"""One small module for each way in which a class's submissions come: each says everything about itself."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from grader.classroom.intake.model import ClassListing, SubmittedFile
from grader.classroom.intake.trees.model import Tree
from grader.classroom.tables.gradebook import Gradebook

#: What a report is called where the LMS leaves it to us.
FEEDBACK_NAME = "feedback.md"


class FeedbackFiles(msgspec.Struct, frozen=True, kw_only=True):
    """How an LMS takes files of feedback for a whole class."""

    names: re.Pattern[str]  #: what all entries of its download are called
    entry: Callable[[SubmittedFile], str]  #: a report's name in the zip, from what it is about; or none
    as_handed_in: bool = False  #: whether a report takes the form of the file whose name it gets
    said: str  #: under which names they are, and what to do with the zip


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """A way in which submissions come, and how grades and reports go back."""

    fits: Callable[[Tree], bool]  #: whether a class folder looks like this
    read: Callable[[Tree, str], ClassListing]  #: who handed in what for the assignment of that name
    is_plain: bool = False  #: whether the folder of one student's own may look like it too
    gradebook: Gradebook | None = None
    feedback: FeedbackFiles | None = None
