"""What an instructor has on the evening after a deadline: 300 submissions from Canvas, its gradebook, and a rubric.

Nobody in it exists. Some handed in twice, some late, some in pairs; six can't be read, and five hang.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import count, cycle, islice
from pathlib import Path
from typing import NamedTuple

from classroom.classes import RIGHT, WRONG, zipped

COUNT = 300
RIGHTS = [
    RIGHT,
    RIGHT.replace("2 * x", "x + x").replace("-x", "0 - x"),
    RIGHT.replace("2 * x", "np.multiply(x, 2)").replace("-x", "np.negative(x)"),
]
HANGS = RIGHT.replace("return 2 * x", "\n    while True:\n        pass")
NOTHING = "print('my homework')\n"
UNREADABLE = [
    *(("hw1.py", bytes(range(256))), ("hw1.py", b""), ("hw1.zip", b"PK\x03\x04 no zip"), ("hw1.docx", b"PK\x03\x04")),
    *(("hw1.ipynb", b'{"cells": [{"cell_type": "code", "source": "def dou'), ("hw1.pdf", b"%PDF-1.7\n\x00\xff")),
]
RUBRIC = """
schema: 1
assignment: "Homework 1: two functions"
reference: {reference}
limits: {{call: 100 ms, submission: 2 s}}
sizes: {{some: {{N: 3}}}}
late: {{deadline: "2026-10-02 17:00", zone: Europe/Berlin, penalty: 2 points per day}}
functions:
  double:
    points: 6
    promise: "Twice x, entry by entry."
    arguments: {{x: "normal(N)"}}
    checks:
      - {{value: an array, points: 4}}
      - {{value: an array that you see, points: 2, visibility: public}}
  negate:
    points: 4
    promise: "The negative of x."
    arguments: {{x: "normal(N)"}}
    checks:
      - {{value: an array, points: 4}}
manual:
  the derivation:
    points: 10
    promise: "The derivative of twice x, on paper."
    levels: {{complete: 10, begun: 4, nothing: 0}}
    attachment: "*.pdf"
"""
REFERENCE = "def double(x):\n    return 2 * x\n\n\ndef negate(x):\n    return -x\n"
POINTS = 20
#: Handed in late, by one day; in pairs with somebody who handed in nothing; and what else there is.
LATE = range(1101, 1116)
PAIRS = {1120 + number: 1300 + number for number in range(1, 11)}
ABSENT, EXCUSED, UNLISTED = {1321, 1322}, 1322, {1299}


class Handed(NamedTuple):
    """A file in Canvas's download."""

    student: int
    name: str
    data: bytes

    @property
    def entry(self) -> str:
        """As Canvas names it."""
        late = "_LATE" if self.student in LATE else ""
        number = 70000 + 10 * self.student + self.name.count("-")
        return f"student{self.student}{late}_{self.student}_{number}_{self.name}"


def evening(folder: Path) -> dict[int, str]:
    """Write the evening's files below `folder`; gives what sort of submission each student handed in."""
    handed, kinds = [], {}
    for student, (kind, files) in enumerate(_submissions(), 1001):
        handed += [Handed(student, name, data) for name, data in files]
        kinds[student] = kind
    handed += [
        Handed(each, "derivation.pdf", b"%PDF-1.7") for each, kind in kinds.items() if each % 2 and kind != "odd"
    ]
    zipped(folder / "submissions.zip", {each.entry: each.data for each in handed})
    listed = {*kinds, *ABSENT, *PAIRS.values()} - UNLISTED
    (folder / "gradebook.csv").write_bytes(gradebook(sorted(listed)))
    pairs = "".join(f"{one},{one}\n{one},{other}\n" for one, other in PAIRS.items())
    (folder / "groups.csv").write_text(f"group,student\n{pairs}")
    times = "".join(f"{each},2026-10-0{3 if each in LATE else 2} 12:00\n" for each in kinds)
    (folder / "times.csv").write_text(f"student,time\n{times}")
    for name, reference in (("hw1", "first"), ("hw1_mended", "mended")):
        (folder / f"{name}.yaml").write_text(RUBRIC.format(reference=reference))
    for name, text in (("first", REFERENCE.replace("-x", "-x + 0.001")), ("mended", REFERENCE)):
        (folder / name).mkdir()
        (folder / name / "functions.py").write_text(text)
    return kinds


def _submissions() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """Three hundred: the sort, and the files with their bytes."""
    numbers = count()

    def source(text: str) -> bytes:
        return f"{text}# {next(numbers)}\n".encode()  # no two are the same

    yield from (("odd", [each]) for each in UNREADABLE)
    yield from (("hangs", [("hw1.py", source(HANGS))]) for _ in range(5))
    yield from (("right", [("hw1.py", source(WRONG)), ("hw1-1.py", source(RIGHT))]) for _ in range(20))
    yield from (("right", [("hw1.py", source(RIGHT)), ("hw1-1.py", source(NOTHING))]) for _ in range(3))
    yield from (("wrong", [("hw1.py", source(WRONG))]) for _ in range(60))
    yield from (("half", [("hw1.py", source(RIGHT.partition("def negate")[0]))]) for _ in range(20))
    rest = COUNT - 6 - 5 - 23 - 80
    yield from (("right", [("hw1.py", source(text))]) for text in islice(cycle(RIGHTS), rest))


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
