"""The doors through which hostile things come in: each takes a case, and raises where the fault is ours.

What is documented (a problem that is named, `BadFrame`, `BadClaim`, a child that has ended, a class folder that is
refused) is no fault. All else is: another exception, a claim of our own reader that isn't believed, `not_graded`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple, get_args

import msgspec
import numpy as np
from attacks.fuzzing import archives, folders, frames, notebooks, sources
from attacks.fuzzing.sources import Parts

from grader.checks.question import Answer
from grader.classroom.intake.bundle import read_bundle
from grader.classroom.intake.tree import open_tree
from grader.classroom.layouts.recognise import class_folder, read_class
from grader.classroom.store.encoding import encode_grade
from grader.errors import HarnessError, UsageError
from grader.extraction.in_child import read_and_slice
from grader.extraction.model import FAILED, FAULT, Extraction, FunctionFacts, Required
from grader.grading.answers import Answers
from grader.grading.grades import Audience, Grade
from grader.grading.reading import BadClaim, decode_claim
from grader.grading.score import grade_functions, make_grade
from grader.limits import Limits
from grader.pipeline import grade_submission
from grader.plan.assignment import load_assignment
from grader.plan.plan import Plan, all_questions, make_plan
from grader.report.audience import for_audience
from grader.report.formats import FORMATS
from grader.sandbox.replies import decode_reply
from grader.sandbox.sandbox import Isolation, JailedChild, Program, Sandbox
from grader.sandbox.transport import Deadline, Exit
from grader.submission.collecting import FoundFile, Upload
from grader.verdict import Verdict
from grader.worker.shared.messages import frame, reply_sizes
from grader.worker.shared.numpy_names import missing_from
from grader.worker.shared.steps import Call, Raised
from grader.worker.shared.wire import FRAME_HEADER, BadFrame

WANTED = tuple(Required(name, None, (), ("for", "np.dot")) for name in sources.WANTED)
_LIMITS = Limits(output_bytes=1000, result_bytes=1 << 20)
_CAPS = reply_sizes(_LIMITS.output_bytes, _LIMITS.result_bytes).reply
_OLD_NAMES = missing_from(np)
_SELDOM = 8  #: of so many claims one is graded by
QUICK = Limits(call_seconds=0.1, submission_seconds=0.5, memory_bytes=256 << 20, result_bytes=8 << 20)


class Fault(AssertionError):  # noqa: N818 - read aloud, it is what was found
    """What we don't promise, and what shouldn't be."""


# --- reading ---


def read(parts: Parts) -> None:
    """Unpack, decode, parse and slice, as the child does, and believe what it tells, as the grader does."""
    required = [[each.name, each.file, list(each.also), list(each.forbids)] for each in WANTED]
    told = read_and_slice(["hw", [list(part) for part in parts], required, ["numpy"], _OLD_NAMES])
    if told.startswith((FAILED, FAULT)):
        raise Fault(told.decode(errors="replace"))
    decode_claim(told, WANTED)


# --- the wire ---


def decode_body(parts: Parts) -> None:
    """Take one reply apart."""
    told = dict(parts)
    with suppress(BadFrame):
        decode_reply(told["kind"][0], told["body"], _CAPS)


def believe(parts: Parts) -> None:
    """What a child that isn't ours any more tells of a submission; and a grade by what is believed of it."""
    with suppress(BadClaim):
        found = decode_claim(parts[0][1], frames.ASKED)
        if len(parts[0][1]) % _SELDOM == 0:
            _say(_graded_by(found))


def _graded_by(found: Extraction) -> Grade:
    """The grade of one whose every call raises somewhere."""
    plan = _plan()
    raised = Raised("ValueError", "a text", next(iter(found.modules), None), 3, "printed")
    questions = [each for each in all_questions(plan) if each.function.name in found.entries]
    given = {id(each): Answer((raised,) * len(each.steps), found.facts.get(each.function.name, FunctionFacts()))
             for each in questions}  # fmt: skip
    answers = Answers(given, {}, (), frozenset())
    functions = grade_functions(plan, found, answers)
    return make_grade(plan, Upload("hw", ()), found, answers, functions, Isolation("full", ()), 1.0)


class _Line:
    """A process that has written all that it will write."""

    def __init__(self, written: bytes) -> None:
        self._ready = frame(10, 0, bytes(8), b"")
        self._written = written
        self._nonce = b""

    def send(self, data: bytes, left: Deadline) -> None:
        if not self._ready:
            self._nonce = self._nonce or FRAME_HEADER.unpack_from(data)[3]

    def receive(self, left: Deadline, size: int) -> bytes:
        ready, self._ready = self._ready, b""
        if ready:
            return ready
        told = self._written.replace(frames.NONCE, self._nonce) if self._nonce else b""
        self._written = b""
        return told

    def has_data(self) -> bool:
        return False

    def cpu_seconds(self) -> float:
        return 0.0

    def end(self, hung_up: bool) -> Exit:
        return Exit(0 if hung_up else None, 0.0)


def converse(parts: Parts) -> None:
    """Load, ask, and read, with one who answers what it likes."""
    written = parts[0][1]
    with _child(written) as child:
        child.read(["hw", [], [], [], {}])
    with _child(written) as child:
        child.load(Program({"hw": "def f(): pass"}, {"f": ("hw", "f")}, ("numpy",)))
    with _child(written) as child:
        child.run([Call("f", (1.0,)), Call("f")])


def _child(written: bytes) -> JailedChild:
    return JailedChild(_Line(written), _LIMITS, ("numpy",))


# --- a class ---


def list_class(parts: Parts) -> None:
    """Write a class down, read who handed in what, and take it."""
    with TemporaryDirectory() as place:
        root = Path(place, "class")
        root.mkdir()
        for name, data in parts:
            _write(os.fsencode(root), name, data)
        is_zip = parts[0][0] == folders.ZIP
        with suppress(UsageError, *([HarnessError] if is_zip else [])):  # a list in a zip may be damaged
            _list(root / folders.ZIP if is_zip else root, Path(place, "results"))


def _write(root: bytes, name: str, data: bytes) -> None:
    """As far as this file system has such a name."""
    path = root + b"/" + name.encode("utf-8", "surrogateescape" if re.search("[\udc80-\udcff]", name) else "replace")
    with suppress(OSError, ValueError):
        if b".." in path.split(b"/"):
            return
        os.makedirs(path if name.endswith("/") else os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        if not name.endswith("/"):
            with open(path, "xb") as file:  # noqa: PTH123
                file.write(data)


def _list(root: Path, results: Path) -> None:
    tree = open_tree(class_folder(root, results), results)
    listing = read_class(tree, "assignment1")
    places = [part.place for each in listing.handed for part in each.parts]
    if len(set(places)) < len(places):
        raise Fault("one file is two students'")
    ids = [student.id for each in listing.handed for student in each.students]
    if len(set(ids)) < len(ids):
        raise Fault("one id is two students'")
    for each in listing.handed:
        with suppress(HarnessError):  # a list names what isn't there; a zip is damaged
            read_bundle(tree, each).content.encode()


# --- all of it, in the jail ---


@cache
def _plan() -> Plan:
    assignment = load_assignment("assignment1")
    rubric = msgspec.structs.replace(assignment.rubric, limits=QUICK)
    return make_plan(msgspec.structs.replace(assignment, rubric=rubric), 7)


@cache
def _box() -> Sandbox:
    return Sandbox()


def grade(parts: Parts) -> None:
    """Grade it in the jail, and say so in every format, to both audiences."""
    upload = Upload("hw", tuple(FoundFile(name, data) for name, data in parts))
    _say(grade_submission(upload, _plan(), _box()))


def _say(graded: Grade) -> None:
    """Say it in every way. Raises where it isn't graded."""
    if graded.verdict is Verdict.NOT_GRADED:
        notes = {check.details.note for each in graded.functions for check in each.checks if check.details is not None}
        raise Fault(f"not graded: {sorted(map(str, notes))[:3]}")
    encode_grade(graded)
    for form in FORMATS.values():
        _render(form.module, graded)


def _render(module: str, graded: Grade) -> None:
    render = import_module(f"grader.report.formats.{module}").render
    for audience in get_args(Audience):
        render(for_audience(graded, audience)).encode("utf-8")


def draw_graded(random: Random) -> Parts:
    """Any of the rest, about functions of the default assignment; or code that writes on the grader's line."""
    if random.random() < 0.15:
        return (("hw.py", _LIAR.format(line=frames.draw_line(random)[0][1], kind=random.choice(("0", "1"))).encode()),)
    drawn = random.choice((sources.draw, sources.draw, notebooks.draw, archives.draw))(random)
    chosen = random.sample((b"softmax", b"sigmoid", b"forward", b"sigmoid_grad"), 3)
    return sources.renamed(drawn, dict(zip((b"f", b"g", b"h"), chosen, strict=True)))


_LIAR = """import gc, os
def sigmoid(x):
    child = next(each for each in gc.get_objects() if type(each).__name__ == "Child" and hasattr(each, "_nonce"))
    os.write(3, {line!r}.replace({nonce!r}, child._nonce))
    if {kind}: os._exit(0)
    return x
""".replace("{nonce!r}", repr(frames.NONCE))


class Door(NamedTuple):
    """What is drawn for it, what goes through it, and how much of each it may take."""

    draw: Callable[[Random], Parts]
    enter: Callable[[Parts], None]
    share: float  #: of the time of a run
    seconds: float  #: of processor time that a case may take, in any event
    letter_seconds: float = 0.0  #: and for each byte of it
    mebibytes: int = 300  #: of memory that a case may take


DOORS: Mapping[str, Door] = {
    "sources": Door(sources.draw, read, 0.35, 0.5, 5e-5),
    "notebooks": Door(notebooks.draw, read, 0.12, 0.5, 5e-5),
    "archives": Door(archives.draw, read, 0.15, 4.0, mebibytes=500),
    "frames": Door(frames.draw, decode_body, 0.06, 0.3),
    "lines": Door(frames.draw_line, converse, 0.06, 0.3),
    "claims": Door(frames.draw_claim, believe, 0.06, 1.0),  # the first one makes a plan
    "folders": Door(folders.draw, list_class, 0.05, 1.0),
    "zips": Door(folders.draw_zip, list_class, 0.03, 1.0),
    "graded": Door(draw_graded, grade, 0.15, 5.0),
}
