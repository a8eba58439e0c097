"""What an instructor has on the evening after a deadline: sixty submissions from Canvas, its gradebook, and a rubric.

Nobody in it exists. The submissions are the planted solutions and the samples, and some of what LMSs bring along.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from classroom.classes import zipped
from planted.assemble import FUNCTIONS, Variant, source, variants

ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "sample_submissions" / "assignment1"
RUBRIC = (ROOT / "rubrics" / "assignment1.yaml").read_text()

RIGHT, WRONG = 24, 18
#: One of each; what ends at a limit is there once, since it is graded twice.
KINDS = [
    *("right_notebook", "right_zip", "right_tar_gz", "right_windows", "missing_keepdims", "overflow", "nan"),
    *("infinite_loop", "exit_at_import", "syntax_error", "python_2", "missing_function", "unfilled_starter"),
]
#: A tolerance that only the reference's own order of operations meets.
FAULT = ("      - value: a batch of rows\n", "      - value: a batch of rows\n        tolerance: 1e-17\n")
MANUAL = """
manual:
  the derivation:
    points: 10
    promise: "The gradient of the cost, derived on paper."
    levels: {complete: 10, begun: 4, nothing: 0}
    attachment: "*.pdf"
"""
POINTS = 110


class Handed(NamedTuple):
    """A file in Canvas's download."""

    student: int
    name: str
    data: bytes
    late: bool = False

    @property
    def entry(self) -> str:
        """As Canvas names it."""
        late = "_LATE" if self.late else ""
        return f"student{self.student}{late}_{self.student}_{70000 + self.student}_{self.name}"


def evening(folder: Path) -> dict[int, str]:
    """Write the evening's files below `folder`; gives what sort of submission each student handed in."""
    handed, kinds = [], {}
    for student, (kind, name, data) in enumerate(_submissions(), 1001):
        handed.append(Handed(student, name, data, late=student % 20 == 0))
        kinds[student] = kind
    with_pdf = [Handed(each.student, "derivation.pdf", b"%PDF-1.7") for each in handed if each.student % 2]
    zipped(folder / "submissions.zip", {each.entry: each.data for each in (*handed, *with_pdf)})
    (folder / "gradebook.csv").write_bytes(gradebook(sorted({*kinds, *ABSENT} - UNLISTED)))
    (folder / "hw1.yaml").write_text(RUBRIC.replace(*FAULT, 1) + MANUAL)
    (folder / "hw1_mended.yaml").write_text(RUBRIC + MANUAL)
    return kinds


#: On the gradebook without a submission; excused; and with a submission that the gradebook doesn't know.
ABSENT, EXCUSED, UNLISTED = {1061, 1062}, 1062, {1060}


def _submissions() -> Iterator[tuple[str, str, bytes]]:
    """Sixty: the sort, the file's name, and its bytes."""
    for variant in islice(_rights(), RIGHT):
        yield "right", "hw1.py", source(variant).encode()
    for function in FUNCTIONS:
        mine = (variant for variant in variants("wrong") if variant.function == function)
        for variant in islice(mine, WRONG // len(FUNCTIONS)):
            yield function, "hw1.py", source(variant).encode()
    for kind in KINDS:
        (file,) = (path for path in (SAMPLES / kind).iterdir() if path.name != "expected.yaml")
        yield kind, file.name, file.read_bytes()
    base = source(next(variants("right"))).encode()
    yield from (("twin", "hw1.py", base + b"\n# the same\n"), ("twin", "hw1.py", base + b"\n# the same\n"))
    yield "junk", "hw1.py", bytes(range(256))
    yield "empty", "hw1.py", b""
    yield "right", "hw1.py", base + b"\n# in no gradebook\n"


def _rights() -> Iterator[Variant]:
    """Right solutions, first those in which softmax is written in many ways."""
    found = list(variants("right"))
    yield from (variant for variant in found if variant.function == "softmax")
    yield from (variant for variant in found if variant.function != "softmax")


def gradebook(students: list[int]) -> bytes:
    """As Canvas exports it on a machine in Germany: byte order mark, semicolons, CRLF, decimal commas."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Student", "ID", "SIS Login ID", "Section", "Quiz (11)", "Homework 1 (12)", "Final Score"])
    writer.writerow(["    Points Possible", "", "", "", "20", str(POINTS), "(read only)"])
    for number in students:
        mark = "EX" if number == EXCUSED else ""
        writer.writerow([f"Student, Number {number}", number, f"s{number}", 'Lecture "1"', "12,5", mark, "62,5"])
    writer.writerow(["Student, Test", 999, "", "Lecture", "", "", ""])
    return b"\xef\xbb\xbf" + text.getvalue().encode()
